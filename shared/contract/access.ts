import { z } from 'zod';
import { daySchema, instantSchema, lineSchema, pageInputSchema } from '../model/common.ts';
import { caseIdSchema } from '../model/ids.ts';
import { command, query } from './define.ts';
import { slotIdSchema } from './slots.ts';

/**
 * - `open`: everybody who may read;
 * - `restricted`: the people of its list; others through emergency access;
 * - `sealed`: the people of its list and nobody else.
 */
export const CASE_VISIBILITIES = ['open', 'restricted', 'sealed'] as const;
export type CaseVisibility = (typeof CASE_VISIBILITIES)[number];

const memberSchema = z
  .object({
    slotId: slotIdSchema,
    name: z.string(),
    since: instantSchema,
    /** False for a person who has left. */
    active: z.boolean(),
  })
  .strict();

export const caseAccessSchema = z
  .object({
    caseId: caseIdSchema,
    visibility: z.enum(CASE_VISIBILITIES),
    responsible: memberSchema.nullable(),
    people: z.array(memberSchema),
    /** Uses of emergency access of this case, newest first. */
    emergencies: z.array(
      z
        .object({
          id: z.string(),
          name: z.string(),
          reason: z.string(),
          at: instantSchema,
          until: instantSchema,
          reviewedBy: z.string().nullable(),
        })
        .strict(),
    ),
    /** Whether this person may change the list. */
    mayChange: z.boolean(),
    /** Set where this person sees the case through emergency access only. */
    visibleUntil: instantSchema.nullable(),
  })
  .strict();
export type CaseAccess = z.infer<typeof caseAccessSchema>;

export const NOTICE_KINDS = ['emergencyAccess', 'nameInHiddenCase', 'bulkReading'] as const;
export const noticeSchema = z
  .object({
    id: z.string(),
    kind: z.enum(NOTICE_KINDS),
    /** Whom it is about. */
    who: z.string(),
    slotId: slotIdSchema,
    at: instantSchema,
    caseId: caseIdSchema.nullable(),
    caseCode: z.string().nullable(),
    /** The typed reason of an emergency access. */
    reason: z.string(),
    until: instantSchema.nullable(),
    /** Cases opened within the hour, for bulk reading. */
    cases: z.number().int().nullable(),
  })
  .strict();
export type AccessNotice = z.infer<typeof noticeSchema>;

export const activityRowSchema = z
  .object({
    position: z.number().int(),
    at: instantSchema,
    /** `opened`: a read; `exported`: left the vault; `changed`: anything else. */
    what: z.enum(['opened', 'exported', 'changed']),
    method: z.string(),
    table: z.string(),
    id: z.string(),
    /** What it was, in the words of the record; empty where the reader may not see it. */
    title: z.string(),
    caseCode: z.string().nullable(),
    /** How often within the minute. */
    count: z.number().int(),
  })
  .strict();
export type ActivityRow = z.infer<typeof activityRowSchema>;

const countsSchema = z
  .object({
    cases: z.number().int(),
    persons: z.number().int(),
    incidents: z.number().int(),
    evidence: z.number().int(),
    exports: z.number().int(),
    changes: z.number().int(),
  })
  .strict();

export const access = {
  /** People who may be put on a list: those who are in. */
  'access.people': query({
    input: z.object({}).strict(),
    output: z
      .object({
        rows: z.array(z.object({ slotId: slotIdSchema, name: z.string(), own: z.boolean() }).strict()),
      })
      .strict(),
  }),
  'access.ofCase': query({ input: z.object({ caseId: caseIdSchema }).strict(), output: caseAccessSchema }),
  /** Who may open a case and who answers for it. For its people, and for coordinators. */
  'access.setCase': command({
    input: z
      .object({
        caseId: caseIdSchema,
        visibility: z.enum(CASE_VISIBILITIES),
        people: z.array(slotIdSchema).max(50),
        responsible: slotIdSchema,
      })
      .strict(),
    output: z.object({}).strict(),
  }),
  /** Restricted and sealed cases by code, for coordinators: who is on each list, no content. */
  'access.list': query({
    power: 'keys',
    input: pageInputSchema.strict(),
    output: z
      .object({
        total: z.number().int(),
        rows: z.array(
          z
            .object({
              caseId: caseIdSchema,
              code: z.string(),
              visibility: z.enum(CASE_VISIBILITIES),
              responsible: z.string(),
              people: z.array(z.string()),
              visible: z.boolean(),
            })
            .strict(),
        ),
      })
      .strict(),
  }),
  /**
   * Opens restricted cases for 24 hours: the one with this code, or those in which a person of this name occurs.
   * Journalled; its people and the coordinators are told. A sealed case stays shut and is not confirmed to exist.
   */
  'access.emergency': command({
    input: z
      .object({
        code: lineSchema.optional(),
        personName: lineSchema.optional(),
        reason: lineSchema.min(10),
      })
      .strict(),
    output: z.object({ caseIds: z.array(caseIdSchema), until: instantSchema }).strict(),
  }),
  /**
   * Whether a name that is being typed may occur in a case that this person does not see. Says yes or no and
   * nothing else; `tell` leaves word for the responsible person.
   */
  'access.nameKnown': command({
    input: z.object({ name: lineSchema.min(2), tell: z.boolean().default(false) }).strict(),
    output: z.object({ known: z.boolean() }).strict(),
  }),
  /** What waits for somebody's eyes: coordinators see all, others what concerns their own cases. */
  'access.notices': query({
    input: z.object({}).strict(),
    output: z.object({ rows: z.array(noticeSchema).max(200) }).strict(),
  }),
  'access.reviewNotice': command({
    input: z.object({ id: z.string().max(120), note: lineSchema.default('') }).strict(),
    output: z.object({}).strict(),
  }),

  /** What one person opened, exported and changed through the application, newest first. */
  'activity.ofPerson': query({
    power: 'keys',
    input: pageInputSchema
      .extend({
        slotId: slotIdSchema,
        fromDay: daySchema.optional(),
        toDay: daySchema.optional(),
        what: z.enum(['all', 'opened', 'exported', 'changed']).default('all'),
      })
      .strict(),
    output: z.object({ total: z.number().int(), rows: z.array(activityRowSchema) }).strict(),
  }),
  /** The same in numbers: distinct records by person, and by day. */
  'activity.summary': query({
    power: 'keys',
    input: z
      .object({
        slotId: slotIdSchema.optional(),
        fromDay: daySchema.optional(),
        toDay: daySchema.optional(),
      })
      .strict(),
    output: z
      .object({
        people: z.array(
          z
            .object({
              slotId: slotIdSchema,
              name: z.string(),
              active: z.boolean(),
              counts: countsSchema,
              days: z.array(z.object({ day: daySchema, opened: z.number().int() }).strict()),
            })
            .strict(),
        ),
      })
      .strict(),
  }),

  /** What a person who leaves leaves behind. */
  'leaving.of': query({
    power: 'keys',
    input: z.object({ slotId: slotIdSchema, days: z.number().int().min(1).max(3_660).default(90) }).strict(),
    output: z
      .object({
        name: z.string(),
        since: instantSchema,
        /** Null while the way in is open. */
        closedAt: instantSchema.nullable(),
        closedBy: z.string().nullable(),
        generation: z.number().int(),
        /** Hash of the last journal entry, to be written on paper. */
        journalHead: z.string(),
        journalPosition: z.number().int(),
        cases: z.array(z.object({ caseId: caseIdSchema, code: z.string() }).strict()),
        drafts: z.array(
          z
            .object({ id: z.string(), form: z.string(), title: z.string(), updatedAt: instantSchema })
            .strict(),
        ),
        counts: countsSchema,
        /** Everything that this person let out, ever. */
        exports: z.array(
          z
            .object({
              ledgerId: z.string(),
              at: instantSchema,
              recipient: z.string(),
              caseCode: z.string(),
              role: z.enum(['prepared', 'approved']),
            })
            .strict(),
        ),
        /** Recovery shares or words that this person held. */
        held: z.array(z.string()),
      })
      .strict(),
  }),
  /** Hands cases over. Without `caseIds`: all of them. */
  'leaving.reassign': command({
    power: 'keys',
    input: z
      .object({
        from: slotIdSchema,
        to: slotIdSchema,
        caseIds: z.array(caseIdSchema).max(5_000).optional(),
        drafts: z.boolean().default(true),
      })
      .strict(),
    output: z.object({ cases: z.number().int(), drafts: z.number().int() }).strict(),
  }),
} as const;
