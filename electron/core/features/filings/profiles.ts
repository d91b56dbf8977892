import { z } from 'zod';
import { personTreatmentSchema, profileIdSchema, profileSchema } from '#shared/contract/exports.ts';
import type { Profile, ProfileId } from '#shared/contract/exports.ts';
import { CASE_ROLES } from '#shared/model/vocabularies.ts';
import { AppError } from '#shared/errors.ts';
import iachr from '#resources/profiles/iachr-precautionary.json' with { type: 'json' };
import publicReport from '#resources/profiles/public.json' with { type: 'json' };
import forensicSummary from '#resources/profiles/forensic-summary.json' with { type: 'json' };
import words from '#resources/profiles/words.json' with { type: 'json' };

import { FORENSIC_SOURCES } from './forensic-sources.ts';

const both = <S extends z.ZodType>(schema: S) => z.object({ es: schema, en: schema }).strict();

/** Where the content of a section comes from. */
const sectionSchema = z
  .object({
    id: z.string(),
    source: z.enum([
      'beneficiaries',
      'facts',
      'text',
      'alleged',
      'allegedKinds',
      'acts',
      'forensicCounts',
      ...FORENSIC_SOURCES,
    ]),
    article: z.string(),
    required: z.boolean(),
    heading: both(z.string()),
  })
  .strict();

/** What one kind of recipient needs, may have and passes on. Data, versioned; the rules are in the code. */
const recipientProfileSchema = profileSchema
  .extend({
    id: profileIdSchema,
    /** File kinds that the recipient's portal takes; null: any. */
    annexExtensions: z.array(z.string()).nullable(),
    /** Whether office files, mail and archives may go as they came, when a person says so. */
    wholeDocuments: z.boolean(),
    /** Words of the token in the place of withheld text: one for all kinds, so that it tells no kind. */
    token: both(z.string()),
    /** Toward the State and the public a role in a pseudonym would tell that a witness exists. */
    plainRoles: z.boolean(),
    placePrecision: z.enum(['locality', 'municipality', 'state']),
    datePrecision: z.enum(['day', 'month']),
    custody: z.boolean(),
    reserveFolders: z.boolean(),
    /** Of devices and examinations: how much is told, whether the indicators go along in a package, and their times. */
    digital: z
      .object({
        detail: z.enum(['full', 'judged', 'counts']),
        indicators: z.enum(['included', 'offered', 'never']),
        times: z.enum(['none', 'day']),
      })
      .strict(),
    /** Counts below this are printed as "fewer than". */
    smallCells: z.number().int(),
    title: both(z.string()),
    basis: both(z.string()).nullable(),
    addressee: both(z.array(z.string())),
    /** How a person of a role appears unless somebody decides otherwise. */
    roles: z.record(z.enum(CASE_ROLES), personTreatmentSchema),
    needsConsent: z.array(z.enum(CASE_ROLES)),
    sections: z.array(sectionSchema),
    completeness: z.array(z.object({ id: z.string(), article: z.string(), rule: z.string() }).strict()),
  })
  .strict();
export type RecipientProfile = z.output<typeof recipientProfileSchema>;

const PROFILES: readonly RecipientProfile[] = [iachr, publicReport, forensicSummary].map((data) =>
  recipientProfileSchema.parse(data),
);

export const PROFILE_WORDS = words;

/** @throws AppError `export.profileUnknown` */
export const needProfile = (id: ProfileId): RecipientProfile => {
  const found = PROFILES.find((profile) => profile.id === id);
  if (found === undefined) throw new AppError('export.profileUnknown');
  return found;
};

/** What the screens need to know of each profile. */
export const listProfiles = (): Profile[] =>
  PROFILES.map(
    ({
      id,
      version,
      recipientClass,
      languages,
      audiences,
      signedByDefault,
      secondPerson,
      forms,
      annexMaxBytes,
    }) => ({
      id,
      version,
      recipientClass,
      languages,
      audiences,
      signedByDefault,
      secondPerson,
      forms,
      annexMaxBytes,
    }),
  );
