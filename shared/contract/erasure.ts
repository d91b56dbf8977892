import { z } from 'zod';
import {
  daySchema,
  instantSchema,
  languageSchema,
  lineSchema,
  textSchema,
  versionSchema,
} from '../model/common.ts';
import { evidenceIdSchema, personIdSchema, targetIdSchema } from '../model/ids.ts';
import { deviceIdSchema } from '../model/surveillance-ids.ts';
import { DEVICE_KINDS } from '../model/surveillance.ts';
import { command, query, task } from './define.ts';

/** What a person may ask about her own data. Several may come in one request. */
export const DATA_REQUEST_KINDS = ['access', 'correct', 'restrict', 'withdraw', 'erase'] as const;
export type DataRequestKind = (typeof DATA_REQUEST_KINDS)[number];

/**
 * How far a person's data is held back. `restricted`: usable here, never exported. `blocked`: hidden from lists,
 * search and suggestions, never exported. `erased`: only an anonymous unit is left.
 */
export const HOLD_STATES = ['none', 'restricted', 'blocked', 'erased'] as const;
export type HoldState = (typeof HOLD_STATES)[number];

const requestIdSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);

/** One time limit of a request, computed from the rules that are kept as data. */
export const requestClockSchema = z
  .object({
    ruleId: z.string(),
    step: z.enum(['answer', 'carryOut', 'complain']),
    /** Counting every day: what we keep to. Null: has not begun. */
    strictDay: daySchema.nullable(),
    /** Counting working days: what the law is read to allow. */
    lenientDay: daySchema.nullable(),
    doneDay: daySchema.nullable(),
    /** Days past the strict day, today or when it was done; 0: in time. */
    lateDays: z.number().int().min(0),
    article: z.string(),
    /** False: the rule is still to be confirmed against the text in force. */
    verified: z.boolean(),
  })
  .strict();

export const dataRequestRowSchema = z
  .object({
    id: requestIdSchema,
    personId: personIdSchema,
    /** Name while it is there, afterwards the neutral code. */
    person: z.string(),
    kinds: z.array(z.enum(DATA_REQUEST_KINDS)),
    receivedOn: daySchema,
    state: z.enum(['open', 'answered', 'closed']),
    hold: z.enum(HOLD_STATES),
    clocks: z.array(requestClockSchema),
    version: versionSchema,
    updatedAt: instantSchema,
  })
  .strict();
export type DataRequestRow = z.infer<typeof dataRequestRowSchema>;

/**
 * A backup that still holds what is gone here. `beforeUpdate`: a copy of the database that lies beside the vault since
 * an update (`place` is empty); it goes with the deletion.
 */
export const backupHoldingSchema = z
  .object({
    kind: z.enum(['backup', 'beforeUpdate']),
    place: z.string(),
    at: instantSchema,
    reachable: z.boolean(),
  })
  .strict();

/** Where her data went. Stays for ever: nobody can erase that it was disclosed, or to whom. */
export const disclosureSchema = z
  .object({
    ledgerId: z.string(),
    recipient: z.string(),
    purpose: z.string(),
    releasedAt: instantSchema,
    /** How she appeared there. */
    treatment: z.enum(['name', 'pseudonym', 'withhold']),
    caseCode: z.string(),
    /** What we keep of the filing itself: `kept`, `blocked` (shown as "bloqueada"), `erased`. */
    copy: z.enum(['kept', 'blocked', 'erased']),
  })
  .strict();

/**
 * Her own sheet: what the organisation has about her, in sentences that can be read to her or printed. It
 * names no source and no other person, and says so.
 */
export const knowledgeSheetSchema = z
  .object({
    language: languageSchema,
    title: z.string(),
    sections: z.array(z.object({ heading: z.string(), lines: z.array(z.string()) }).strict()),
  })
  .strict();
export type KnowledgeSheet = z.infer<typeof knowledgeSheetSchema>;

/** A place in free text that names her; `certain` ones are always replaced, the others somebody decides. */
export const mentionFoundSchema = z
  .object({
    id: z.string().max(64),
    /** What kind of record the text belongs to, as a code: `incident`, `note`, `evidence` ... */
    record: z.string(),
    /** Id of the record, to open it. */
    recordId: z.string(),
    before: z.string(),
    found: z.string(),
    after: z.string(),
    certain: z.boolean(),
  })
  .strict();
export type MentionFound = z.infer<typeof mentionFoundSchema>;

export const evidenceChoiceSchema = z
  .object({ evidenceId: evidenceIdSchema, action: z.enum(['keep', 'delete']) })
  .strict();

/** What erasing would do, before anybody does it. */
export const erasurePreviewSchema = z
  .object({
    personId: personIdSchema,
    person: z.string(),
    hold: z.enum(HOLD_STATES),
    /** Rows that are hers, by kind. */
    records: z.array(z.object({ record: z.string(), count: z.number().int() }).strict()),
    mentions: z.array(mentionFoundSchema).max(5_000),
    /** Evidence that came from her: each is kept or deleted by decision. */
    evidence: z.array(
      z
        .object({
          id: evidenceIdSchema,
          title: z.string(),
          kind: z.string(),
          caseCode: z.string().nullable(),
          sizeBytes: z.number(),
          /** Delivered to somebody: deleting it here recalls nothing. */
          exported: z.boolean(),
          /** Other incidents or consents rest on it. */
          inUse: z.boolean(),
        })
        .strict(),
    ),
    journalEntries: z.number().int(),
    drafts: z.number().int(),
    disclosures: z.array(disclosureSchema),
    /** Exports begun and not released in which she appears: their check no longer counts. */
    openExports: z.number().int(),
    /** Cases that are still open and rest on her. */
    openCases: z.array(z.string()),
    backups: z.array(backupHoldingSchema),
  })
  .strict();
export type ErasurePreview = z.infer<typeof erasurePreviewSchema>;

/** What has to be typed to erase or delete, in the language of the person. */
export const ERASURE_CONFIRMATIONS = {
  erase: { es: 'suprimir', en: 'erase' },
  deleteEvidence: { es: 'borrar', en: 'delete' },
} as const;

const basis = {
  /** Why, in words that may stay: they are kept for ever, so they name nobody. */
  reason: lineSchema.min(1),
  /** The rule that it rests on, or the person's own wish. */
  legalBasis: lineSchema.min(1),
} as const;

const deletedSchema = z
  .object({
    /** Backups that still hold the object and its key. */
    backups: z.array(backupHoldingSchema),
    /** The file is gone from the disk. False: it is out of reach now and goes at the next start. */
    removed: z.boolean(),
  })
  .strict();

export const erasure = {
  'dataRequests.open': command({
    input: z
      .object({
        personId: personIdSchema,
        kinds: z.array(z.enum(DATA_REQUEST_KINDS)).min(1).max(DATA_REQUEST_KINDS.length),
        receivedOn: daySchema,
        /** How it came, and over which of her safe channels. */
        channel: lineSchema,
        /** How she was recognised: by the same channel as in the file, never by asking for more data. */
        identifiedBy: lineSchema.min(1),
        note: textSchema.default(''),
      })
      .strict(),
    output: z.object({ id: requestIdSchema, version: versionSchema }).strict(),
  }),
  'dataRequests.list': query({
    power: 'document',
    input: z.object({ state: z.enum(['open', 'answered', 'closed']).optional() }).strict(),
    output: z.object({ rows: z.array(dataRequestRowSchema) }).strict(),
  }),
  'dataRequests.get': query({
    power: 'document',
    input: z.object({ id: requestIdSchema }).strict(),
    output: dataRequestRowSchema
      .extend({
        channel: z.string(),
        identifiedBy: z.string(),
        note: z.string(),
        outcome: z.string(),
        answeredOn: daySchema.nullable(),
        carriedOutOn: daySchema.nullable(),
        extended: z.boolean(),
      })
      .strict(),
  }),
  /** Notes the answer, that it was carried out, or an extension. Errors: `record.changedMeanwhile`. */
  'dataRequests.note': command({
    input: z
      .object({
        id: requestIdSchema,
        version: versionSchema,
        answeredOn: daySchema.optional(),
        carriedOutOn: daySchema.optional(),
        /** Once, with a reason in `outcome`. */
        extended: z.boolean().optional(),
        outcome: textSchema.optional(),
        close: z.boolean().optional(),
      })
      .strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),

  /** What we know of her, in words for her. */
  'erasure.know': query({
    // It gathers from every case, those out of sight too.
    power: 'keys',
    input: z.object({ personId: personIdSchema, language: languageSchema }).strict(),
    output: knowledgeSheetSchema,
  }),
  /** The consequences, for the person who decides. */
  'erasure.preview': query({
    power: 'keys',
    input: z.object({ personId: personIdSchema }).strict(),
    output: erasurePreviewSchema,
  }),
  /** People whose data is held back, since blocked ones are in no list. */
  'erasure.held': query({
    power: 'keys',
    input: z.object({}).strict(),
    output: z
      .object({
        rows: z.array(
          z
            .object({
              personId: personIdSchema,
              person: z.string(),
              hold: z.enum(HOLD_STATES),
              since: instantSchema,
              requestId: requestIdSchema.nullable(),
            })
            .strict(),
        ),
      })
      .strict(),
  }),
  /** Usable here, in no export any more. */
  'erasure.restrict': command({
    power: 'keys',
    input: z.object({ personId: personIdSchema, requestId: requestIdSchema.nullable(), ...basis }).strict(),
    output: z.object({}).strict(),
  }),
  /** Withdraws every consent of hers, in every case, from that day on. */
  'erasure.withdraw': command({
    input: z.object({ personId: personIdSchema, day: daySchema, reason: lineSchema.min(1) }).strict(),
    output: z.object({ withdrawn: z.number().int() }).strict(),
  }),
  /** First stage (*bloqueo*): hidden and not exportable; nothing is lost yet. */
  'erasure.block': command({
    power: 'keys',
    input: z.object({ personId: personIdSchema, requestId: requestIdSchema.nullable(), ...basis }).strict(),
    output: z.object({}).strict(),
  }),
  /** Takes a restriction or a block back. Errors: `erasure.alreadyErased`. */
  'erasure.release': command({
    power: 'keys',
    input: z.object({ personId: personIdSchema, reason: lineSchema.min(1) }).strict(),
    output: z.object({}).strict(),
  }),
  /**
   * Second stage (*supresión*). Errors: `erasure.blockFirst`, `erasure.notConfirmed`, `erasure.undecided`
   * (evidence or mentions without a decision), `erasure.reasonNames` (reason or legal basis names her),
   * `erasure.stillFound`, `erasure.alreadyErased`.
   */
  'erasure.erase': task({
    power: 'keys',
    input: z
      .object({
        personId: personIdSchema,
        requestId: requestIdSchema.nullable(),
        ...basis,
        /** One choice for each item of the preview. */
        evidence: z.array(evidenceChoiceSchema).max(5_000),
        /** Uncertain mentions that are somebody else or a thing: they stay. */
        keepMentions: z.array(z.string().max(64)).max(5_000),
        /** Uncertain mentions that are her. Certain ones need no mention here. */
        replaceMentions: z.array(z.string().max(64)).max(5_000),
        /** Copies of filings that were sent: kept shut away for as long as the law asks, or erased too. */
        copies: z.enum(['block', 'erase']),
        language: languageSchema,
        typed: lineSchema,
      })
      .strict(),
    output: z
      .object({
        /** What she is called from now on. */
        code: z.string(),
        replaced: z.number().int(),
        payloads: z.number().int(),
        evidenceDeleted: z.number().int(),
        backups: z.array(backupHoldingSchema),
        /** Files and copies beside the vault are gone. False: something is out of reach and goes at the next start. */
        removed: z.boolean(),
      })
      .strict(),
  }),
  /**
   * Writes letters to a chosen folder: the answer to her, and one to each recipient that cannot be recalled.
   * To be made before the second stage: afterwards her name is not there any more. They say what is known of her in
   * every case, and the name of somebody who is held back: whoever writes them may see the sheet (`erasure.know`) and,
   * as files leave, may also release. To release exports alone is not enough.
   */
  'erasure.letters': task({
    power: 'keys',
    input: z
      .object({
        personId: personIdSchema,
        requestId: requestIdSchema.nullable(),
        target: targetIdSchema,
        language: languageSchema,
        format: z.enum(['pdf', 'docx']),
        letters: z
          .array(z.enum(['answer', 'recipients']))
          .min(1)
          .max(2),
      })
      .strict(),
    output: z
      .object({
        files: z.array(z.object({ name: z.string(), sizeBytes: z.number(), sha256: z.string() }).strict()),
      })
      .strict(),
  }),

  /** What deleting one item means, before it is done. */
  'evidence.deletePreview': query({
    power: 'keys',
    input: z.object({ evidenceId: evidenceIdSchema }).strict(),
    output: z
      .object({
        title: z.string(),
        sizeBytes: z.number(),
        incidents: z.number().int(),
        /** A consent rests on it: that has to be changed first. */
        consents: z.number().int(),
        disclosures: z.array(disclosureSchema),
        backups: z.array(backupHoldingSchema),
        /** Devices in whose examinations it was compared; `device`: make and model, or empty. */
        compared: z.array(
          z.object({ deviceId: deviceIdSchema, device: z.string(), kind: z.enum(DEVICE_KINDS) }).strict(),
        ),
      })
      .strict(),
  }),
  /**
   * Deletes one item for good: its key, then the file. What it was, when it came and that it was deleted stays, and so
   * does what an examination may say of the device, except for devices in `notOf`.
   * Errors: `erasure.notConfirmed`, `evidence.inUse`, `evidence.sayWhose`, `record.notFound`.
   */
  'evidence.delete': task({
    power: 'keys',
    input: z
      .object({
        evidenceId: evidenceIdSchema,
        ...basis,
        typed: lineSchema,
        /**
         * Of the devices in `compared`, those of which it was not, or not only: what their examinations compared with
         * these bytes is withdrawn. Has to be said, even as nobody, where it was compared.
         */
        notOf: z.array(deviceIdSchema).max(500).optional(),
      })
      .strict(),
    output: deletedSchema,
  }),
} as const;
