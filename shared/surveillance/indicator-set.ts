import { z } from 'zod';
import { INDICATOR_STATES, INDICATOR_TYPES, type Indicator } from './indicators.ts';

/** Bounds of one set; published sets are far below (the largest has six thousand indicators in 4 MB). */
export const SET_LIMITS = {
  bytes: 64 * 1024 * 1024,
  /** Files in a zip. */
  members: 1_000,
  indicators: 500_000,
  /** Objects and lists in one JSON text, and how deep they may lie in each other. */
  objects: 2_000_000,
  depth: 64,
  valueChars: 4_096,
  nameChars: 500,
  /** Skipped entries that are listed one by one; all of them are counted. */
  listed: 10_000,
} as const;

/** Why a whole file gives nothing. */
export const SET_REFUSALS = [
  'empty',
  'notText',
  'notJson',
  'notASet',
  'tooDeep',
  'tooLarge',
  'encrypted',
  'damaged',
  'nestedArchive',
  'otherKind',
] as const;
export type SetRefusal = (typeof SET_REFUSALS)[number];

/** Why one entry of a file gives nothing. */
export const SKIP_REASONS = [
  'noPattern',
  'otherPatternType',
  'unknownKey',
  'unsupportedOperator',
  'needsSeveralConditions',
  'emptyValue',
  'notAnObject',
  'unreadable',
  'valueTooLong',
  'unknownForm',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

const count = z.number().int().min(0);
const name = z.string().max(SET_LIMITS.nameChars);
const indicator = z
  .object({
    value: z.string().max(SET_LIMITS.valueChars),
    type: z.enum(INDICATOR_TYPES),
    collection: name,
    state: z.enum(INDICATOR_STATES).optional(),
  })
  .strict();
const indicators = z.array(indicator).max(SET_LIMITS.indicators);

/** What was read out of one file of a set. */
export const setMemberSchema = z
  .object({
    name: z.string().max(1_000),
    form: z.enum(['stix', 'list']),
    refused: z.enum(SET_REFUSALS).nullable(),
    /** In the file's order, without repetitions within a collection. */
    indicators,
    /** Those that the reference would load from this file; none where it does not read such files. */
    mvtIndicators: indicators,
    collections: z.array(name).max(SET_LIMITS.indicators),
    skipped: z
      .array(
        z
          .object({
            /** Identifier of the object, or `line 12` of a list. */
            id: name,
            /** Pattern or value, cut. */
            what: name,
            reason: z.enum(SKIP_REASONS),
          })
          .strict(),
      )
      .max(SET_LIMITS.listed),
    skippedCounts: z.partialRecord(z.enum(SKIP_REASONS), count),
    revoked: count,
    expired: count,
    /** What the reference does with the file: loads it, passes it over, or ends with this error. */
    reference: z.enum(['loads', 'passesOver', 'ValueError', 'KeyError', 'AttributeError']),
  })
  .strict();
export type SetMember = z.infer<typeof setMemberSchema>;

/** A set: one file, or the files of a zip. */
export const indicatorSetSchema = z
  .object({ members: z.array(setMemberSchema).max(SET_LIMITS.members) })
  .strict();
export type IndicatorSet = z.infer<typeof indicatorSetSchema>;

type SetIndicator = SetMember['indicators'][number];

/** Indicators of sets in load order, each with the file it came from; in the form that a matcher takes. */
export function indicatorsOf(sets: readonly IndicatorSet[]): {
  readonly indicators: readonly Indicator[];
  readonly mvtIndicators: readonly Indicator[];
} {
  const members = sets.flatMap((set) => set.members);
  const take = (which: (member: SetMember) => readonly SetIndicator[]): Indicator[] =>
    members.flatMap((member) =>
      which(member).map(({ value, type, collection, state }) => ({
        value,
        type,
        collection,
        set: member.name,
        ...(state === undefined ? {} : { state }),
      })),
    );
  return {
    indicators: take((member) => member.indicators),
    mvtIndicators: take((member) => member.mvtIndicators),
  };
}
