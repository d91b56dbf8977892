import { z } from 'zod';
import { SET_LIMITS } from '../surveillance/indicator-set.ts';
import { CHECKS, INDICATOR_STATES, INDICATOR_TYPES } from '../surveillance/indicators.ts';

/**
 * What travels between the engine and the parser while the results of a phone's examination are read: bytes in,
 * piece by piece, and small answers out. The engine keeps nothing of the content but what is told here.
 */

/** What was handed in. `results`: a folder or archive of a tool, or one file of it; the others one file each. */
export const PHONE_KINDS = ['results', 'sms', 'whatsapp', 'links'] as const;
export type PhoneKind = (typeof PHONE_KINDS)[number];

/** Name of the list of hashes that lies last in the tar in which a folder is kept. */
export const KEPT_MANIFEST = 'SHA256SUMS.resguardo';

/** What a file inside is. */
export const PHONE_FILE_KINDS = [
  'records',
  'detected',
  'alerts',
  'alertsTimeline',
  'timeline',
  'info',
  'log',
  'hashes',
  'acquisition',
  'properties',
  'settings',
  'smsBackup',
  'chat',
  'links',
  'manifest',
  'other',
] as const;
export type PhoneFileKind = (typeof PHONE_FILE_KINDS)[number];

/** Why a file was read in part or not at all. Words for people stand in the catalogues. */
export const PHONE_FILE_REASONS = [
  'brokenJson',
  'brokenXml',
  'endsEarly',
  'tooDeep',
  'recordTooLarge',
  'notRecords',
  'notText',
  'unknownFile',
  'empty',
  'entitiesRefused',
  'packedTooTightly',
  'encrypted',
  'unknownMethod',
  'damagedEntry',
  'unsafeName',
  'nestedArchive',
  'directoryDiffers',
  'tooManyResults',
  'tooManyRecords',
] as const;
export type PhoneFileReason = (typeof PHONE_FILE_REASONS)[number];

/** Whose clock wrote the times of a record. */
export const PHONE_CLOCKS = ['utc', 'deviceLocal', 'analystLocal', 'unknown'] as const;
export type PhoneClock = (typeof PHONE_CLOCKS)[number];

export const PHONE_LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;

export const PHONE_LIMITS = {
  /** Bytes of one piece. */
  pieceBytes: 8 * 1024 * 1024,
  tailBytes: 128 * 1024,
  /** Findings and files of one answer; the rest comes with the next. */
  foundInAnswer: 1_000,
  filesInAnswer: 2_000,
  /** Findings of one import; a file that makes more is hostile, and the rest is left out by name. */
  found: 50_000,
  /** Members of one container. */
  members: 200_000,
  /** Bytes of one record. */
  recordBytes: 16 * 1024 * 1024,
  excerptPairs: 80,
  excerptChars: 2_000,
} as const;

const bytes = z.instanceof(Uint8Array);
const count = z.number().int().min(0);
const name = z.string().max(1_000);
const line = z.string().max(4_096);
const text = z.string().max(20_000);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const indicatorIn = z
  .object({
    value: z.string().max(SET_LIMITS.valueChars),
    type: z.enum(INDICATOR_TYPES),
    collection: z.string().max(SET_LIMITS.nameChars),
    set: z.string().max(1_000),
    state: z.enum(INDICATOR_STATES).optional(),
  })
  .strict();
const indicatorsIn = z.array(indicatorIn).max(SET_LIMITS.indicators);

export const phoneOpenSchema = z
  .object({
    kind: z.enum(PHONE_KINDS),
    /** Name of the file or folder that was chosen; types are told by content and by the names inside. */
    name,
    /** `YYYY-MM-DD`, for rules about age. */
    today: z.string().max(10),
    /** First and last bytes of what will be fed, and its length: whether it is an archive, and where its directory is. */
    sizeBytes: z.number().int().min(0),
    head: bytes.refine((part) => part.length <= 512),
    tail: bytes.refine((part) => part.length <= PHONE_LIMITS.tailBytes),
    /** Indicators in load order; findings name them by their place in these lists. Both empty: nothing is compared. */
    indicators: indicatorsIn,
    mvtIndicators: indicatorsIn,
  })
  .strict();

/** `wants`: the part of an archive that holds its directory; `phone.directory` takes it before anything is fed. */
export const phoneOpenedSchema = z
  .object({
    container: z.enum(['file', 'tar', 'zip']),
    wants: z.object({ start: count, end: count }).strict().nullable(),
  })
  .strict();

export const timelineSummarySchema = z
  .object({
    first: line,
    last: line,
    /** Header rows beyond the first, which older versions wrote at every run. */
    repeatedHeaders: count,
    duplicateRows: count,
  })
  .strict();

/** What `info.json` says, and whether its hashes agree with what lies beside it. */
export const phoneInfoSchema = z
  .object({
    toolVersion: line,
    date: line,
    targetPath: line,
    indicatorFiles: z.array(line).max(1_000),
    hashes: z
      .object({
        total: count,
        verified: count,
        /** Files that lie here with other content. */
        different: z.array(name).max(100),
        differentCount: count,
        /** Files of the phone that are not in this folder: nothing can be said of them here. */
        notHere: count,
      })
      .strict(),
  })
  .strict();

/** What `command.log` says. */
export const phoneLogSchema = z
  .object({
    platform: z.enum(['ios', 'android', 'unknown']),
    /** SHA-256 of `info.json` that the tool wrote last, or null. */
    infoHash: sha256.nullable(),
    /** How often the tool was run into this folder. */
    runs: count,
    firstLine: line,
  })
  .strict();

export const phoneFileSchema = z
  .object({
    path: name,
    sizeBytes: count,
    sha256: sha256.nullable(),
    kind: z.enum(PHONE_FILE_KINDS),
    /** Module as it is called today; empty for what is no module. */
    module: z.string().max(200),
    status: z.enum(['read', 'partly', 'notRead']),
    reason: z.enum(PHONE_FILE_REASONS).nullable(),
    records: count,
    /** Entries that are not what the file should hold: left out and counted. */
    strange: count,
    /** Byte at which the reading stopped, or null. */
    faultAt: count.nullable(),
    /** Numbers that only Python writes (NaN, Infinity), whole numbers beyond 2^53, halves of characters. */
    oddities: z.object({ notFinite: count, large: count, loneHalves: count }).strict(),
    clock: z.enum(PHONE_CLOCKS),
    /** The reference would have given up on this module, with this error. */
    gaveUp: z.string().max(300).nullable(),
    timeline: timelineSummarySchema.nullable(),
    info: phoneInfoSchema.nullable(),
    /** Bears a name that files of many programs bear, and holds no record of the module that is called so. */
    foreign: z.literal(true).optional(),
    log: phoneLogSchema.nullable(),
  })
  .strict();
export type PhoneFile = z.infer<typeof phoneFileSchema>;

/** Something that the tool had found or that the comparing found. */
export const phoneFoundSchema = z
  .object({
    /** `tool`: stands in the tool's own results. */
    source: z.enum(['tool', 'own']),
    path: name,
    module: z.string().max(200),
    record: count,
    /** Content of the record as a short hash: the same record in two files is one. Empty where not known. */
    sameAs: z.string().max(32),
    field: z.string().max(500),
    check: z.enum(CHECKS).nullable(),
    observed: text,
    time: z.string().max(100),
    clock: z.enum(PHONE_CLOCKS),
    level: z.enum(PHONE_LEVELS),
    message: text,
    mvt: z
      .object({ at: count, how: z.string().max(40) })
      .strict()
      .nullable(),
    strict: z.array(z.object({ at: count, how: z.string().max(40) }).strict()).max(200),
    /** What the tool wrote of its indicator. */
    toolIndicator: z
      .object({ value: line, type: z.enum(INDICATOR_TYPES).nullable(), collection: line, set: line })
      .strict()
      .nullable(),
    shortener: z.string().max(300).nullable(),
    excerpt: z
      .array(z.object({ name: z.string().max(300), value: z.string().max(2_000) }).strict())
      .max(PHONE_LIMITS.excerptPairs),
  })
  .strict();
export type PhoneFound = z.infer<typeof phoneFoundSchema>;

export const phoneAnswerSchema = z
  .object({
    files: z.array(phoneFileSchema).max(PHONE_LIMITS.filesInAnswer),
    found: z.array(phoneFoundSchema).max(PHONE_LIMITS.foundInAnswer),
    /** More answers wait: ask again with no bytes before the next piece. */
    more: z.boolean(),
    records: count,
  })
  .strict();
export type PhoneAnswer = z.infer<typeof phoneAnswerSchema>;

export const phoneEndSchema = phoneAnswerSchema.extend({
  /** Bytes of the container that have to be read once more, for rules that look at a whole file. */
  again: z.boolean(),
});
