import { z } from 'zod';
import {
  instantSchema,
  languageSchema,
  lineSchema,
  pageInputSchema,
  textSchema,
  versionSchema,
} from '../model/common.ts';
import {
  caseIdSchema,
  evidenceIdSchema,
  incidentIdSchema,
  personIdSchema,
  targetIdSchema,
} from '../model/ids.ts';
import { CUSTODY_ACTIONS, EVIDENCE_KINDS, INTAKE_METHODS } from '../model/vocabularies.ts';
import { command, query, task } from './define.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What the parser could do with the file; the original is kept whole whatever it says. */
export const derivedStatusSchema = z.enum(['none', 'waiting', 'done', 'unsupported', 'refused']);

export const evidenceRowSchema = z
  .object({
    id: evidenceIdSchema,
    caseId: caseIdSchema.nullable(),
    caseCode: z.string().nullable(),
    title: z.string(),
    originalName: z.string(),
    kind: z.enum(EVIDENCE_KINDS),
    mime: z.string(),
    sizeBytes: z.number().int(),
    sha256,
    derived: derivedStatusSchema,
    hasThumbnail: z.boolean(),
    hardToView: z.boolean(),
    restricted: z.boolean(),
    incidents: z.number().int(),
    receivedAt: instantSchema,
  })
  .strict();
export type EvidenceRow = z.infer<typeof evidenceRowSchema>;

export const intakeSchema = z
  .object({
    caseId: caseIdSchema.nullable().default(null),
    incidentId: incidentIdSchema.nullable().default(null),
    /** Draft of the form that it is taken in for: saved as an incident, before or after, the item is tied to that. */
    draftId: z.string().max(60).optional(),
    kind: z.enum(EVIDENCE_KINDS).optional(),
    fromPersonId: personIdSchema.nullable().default(null),
    fromWords: lineSchema.default(''),
    method: z.enum(INTAKE_METHODS).default('unknown'),
    note: textSchema.default(''),
    restricted: z.boolean().default(false),
    hardToView: z.boolean().default(false),
  })
  .strict();

export const takenSchema = z
  .object({
    id: evidenceIdSchema,
    sha256,
    sizeBytes: z.number().int(),
    mime: z.string(),
    derived: derivedStatusSchema,
    /** An item with the same content that the vault already had, or null. */
    sameAs: evidenceIdSchema.nullable(),
  })
  .strict();

export const custodyEntrySchema = z
  .object({ action: z.enum(CUSTODY_ACTIONS), at: instantSchema, actor: z.string(), detail: z.string() })
  .strict();

export const evidence = {
  /** Takes one chosen or dropped file in: hashed, encrypted, verified, recorded. The original is not touched. */
  'evidence.take': task({
    input: intakeSchema.extend({ source: targetIdSchema }).strict(),
    output: takenSchema,
  }),
  /** Takes in bytes from the clipboard, at most 32 MiB. */
  'evidence.takePasted': task({
    input: intakeSchema
      .extend({
        name: lineSchema.min(1),
        bytes: z.instanceof(Uint8Array).refine((b) => b.length <= 32 * 1024 * 1024),
      })
      .strict(),
    output: takenSchema,
  }),
  'evidence.list': query({
    input: pageInputSchema
      .extend({
        caseId: caseIdSchema.optional(),
        incidentId: incidentIdSchema.optional(),
        kinds: z.array(z.enum(EVIDENCE_KINDS)).max(EVIDENCE_KINDS.length).optional(),
      })
      .strict(),
    output: z.object({ total: z.number().int(), rows: z.array(evidenceRowSchema) }).strict(),
  }),
  'evidence.get': query({
    input: z.object({ id: evidenceIdSchema }).strict(),
    output: evidenceRowSchema
      .extend({
        version: versionSchema,
        fromPersonId: personIdSchema.nullable(),
        fromWords: z.string(),
        method: z.enum(INTAKE_METHODS),
        note: z.string(),
        derivedReason: z.string(),
        facts: z.array(z.object({ name: z.string(), value: z.string() }).strict()),
        text: z.string(),
        pageCount: z.number().int().nullable(),
        custody: z.array(custodyEntrySchema),
        incidentIds: z.array(incidentIdSchema),
      })
      .strict(),
  }),
  /** PNG of the thumbnail, or null. */
  'evidence.thumbnail': query({
    input: z.object({ id: evidenceIdSchema }).strict(),
    output: z.object({ png: z.instanceof(Uint8Array).nullable() }).strict(),
  }),
  /** A picture of the item for the viewer: an image shrunk to fit, or one page of a PDF. PNG made by us. */
  'evidence.picture': task({
    power: 'read',
    input: z
      .object({
        id: evidenceIdSchema,
        page: z.number().int().min(0).default(0),
        maxSide: z.number().int().min(64).max(4_096).default(1_600),
      })
      .strict(),
    output: z
      .object({
        png: z.instanceof(Uint8Array),
        width: z.number().int(),
        height: z.number().int(),
        /** Size of the whole picture in pixels, or of the page in PDF points: what boxes are measured in. */
        sourceWidth: z.number().positive().optional(),
        sourceHeight: z.number().positive().optional(),
      })
      .strict(),
  }),
  'evidence.amend': command({
    input: z
      .object({
        id: evidenceIdSchema,
        version: versionSchema,
        changes: z
          .object({
            title: lineSchema,
            kind: z.enum(EVIDENCE_KINDS),
            caseId: caseIdSchema.nullable(),
            fromPersonId: personIdSchema.nullable(),
            fromWords: lineSchema,
            note: textSchema,
            restricted: z.boolean(),
            hardToView: z.boolean(),
          })
          .partial()
          .strict(),
      })
      .strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  'evidence.link': command({
    input: z.object({ evidenceId: evidenceIdSchema, incidentId: incidentIdSchema }).strict(),
    output: z.object({}).strict(),
  }),
  /** Reads the whole object back and compares with the recorded hash; leaves a custody entry. */
  'evidence.verify': task({
    input: z.object({ id: evidenceIdSchema }).strict(),
    output: z.object({ ok: z.boolean(), code: z.string().nullable() }).strict(),
  }),
  /**
   * Decrypts one item to a chosen place; recorded in custody. A program (an executable, a script, an app package)
   * leaves inside an age file under a passphrase made for it, with `.age` behind its name: an antivirus may send a
   * program to its maker, and a double click starts it. In clear only with `plain`.
   */
  'evidence.save': task({
    power: 'release',
    input: z
      .object({
        id: evidenceIdSchema,
        target: targetIdSchema,
        /** Programs too as they are. */
        plain: z.boolean().default(false),
        /** Language of the words of a passphrase that is made. */
        language: languageSchema.default('es'),
      })
      .strict(),
    output: z
      .object({
        /** Of the item itself. */
        sizeBytes: z.number().int(),
        sha256,
        form: z.enum(['plain', 'age']),
        /** The item can be run. */
        program: z.boolean(),
        /** Name of the file that was written. */
        name: z.string(),
        /** What opens the age file; shown once, kept nowhere. Null where it left in clear. */
        passphrase: z.string().nullable(),
      })
      .strict(),
  }),
} as const;
