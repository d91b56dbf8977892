import { z } from 'zod';
import { instantSchema, languageSchema, lineSchema } from '../model/common.ts';
import { backupReminderSchema } from './backup.ts';
import { evidenceIdSchema, taskIdSchema } from '../model/ids.ts';
import { command, query } from './define.ts';

export const draftSchema = z
  .object({
    id: z.string().min(1).max(60),
    form: lineSchema.min(1),
    title: lineSchema,
    payload: z.string().max(2_000_000),
    updatedAt: instantSchema,
  })
  .strict();

/** One long piece of work, as the task tray shows it. */
export const taskStateSchema = z
  .object({
    id: taskIdSchema,
    method: z.string(),
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    /** Stage code for the label, such as `hashing` or `checking`. */
    stage: z.string().max(60),
    done: z.number().min(0),
    total: z.number().min(0),
    unit: z.enum(['bytes', 'items']),
    /** File or export name that the person chose; shown as it is. */
    subject: z.string().max(300),
    errorCode: z.string().max(60).nullable(),
    startedAt: instantSchema,
  })
  .strict();
export type TaskState = z.infer<typeof taskStateSchema>;

export const preferencesSchema = z
  .object({
    language: languageSchema,
    colourScheme: z.enum(['light', 'dark', 'system']),
    density: z.enum(['comfortable', 'compact']),
    hideNames: z.boolean(),
    idleLockMinutes: z.number().int().min(1).max(120),
  })
  .strict();
export type Preferences = z.infer<typeof preferencesSchema>;

export const work = {
  /** Keeps what is being typed, encrypted; at most two seconds old when the lock falls. */
  'drafts.save': command({
    input: draftSchema.omit({ updatedAt: true }).strict(),
    output: z.object({ savedAt: instantSchema }).strict(),
  }),
  'drafts.list': query({
    input: z.object({}).strict(),
    output: z.object({ rows: z.array(draftSchema.omit({ payload: true })) }).strict(),
  }),
  'drafts.get': query({
    input: z.object({ id: z.string().max(60) }).strict(),
    output: draftSchema
      .extend({
        /** Taken in for the form, also after it was left: what was typed may not name them yet. */
        files: z.array(z.object({ id: evidenceIdSchema, title: z.string(), mime: z.string() }).strict()),
      })
      .strict(),
  }),
  'drafts.discard': command({
    input: z.object({ id: z.string().max(60) }).strict(),
    output: z.object({}).strict(),
  }),

  'tasks.list': query({
    session: 'none',
    input: z.object({}).strict(),
    output: z.object({ rows: z.array(taskStateSchema) }).strict(),
  }),
  'tasks.cancel': query({
    session: 'none',
    input: z.object({ id: taskIdSchema }).strict(),
    output: z.object({ found: z.boolean() }).strict(),
  }),

  /** Kept beside the program, without names; readable before unlocking. */
  'preferences.get': query({ session: 'none', input: z.object({}).strict(), output: preferencesSchema }),
  'preferences.set': command({
    session: 'none',
    input: preferencesSchema.partial().strict(),
    output: preferencesSchema,
  }),

  /** What the first screen shows. */
  'today.overview': query({
    input: z.object({}).strict(),
    output: z
      .object({
        activeCases: z.number().int(),
        counts: z
          .object({ incidents: z.number().int(), persons: z.number().int(), evidence: z.number().int() })
          .strict(),
        due: z.array(
          z
            .object({
              kind: z.enum(['ratifyConsent', 'consentExpires', 'completeEmergency', 'exportUnfinished']),
              id: z.string(),
              caseId: z.string().nullable(),
              caseCode: z.string().nullable(),
              title: z.string(),
              day: z.string().nullable(),
              /** What an emergency still lacks. */
              missing: z.array(z.enum(['case', 'act'])),
            })
            .strict(),
        ),
        drafts: z.array(draftSchema.omit({ payload: true })),
        recent: z.array(
          z
            .object({
              kind: z.enum(['case', 'incident', 'evidence', 'person', 'export']),
              id: z.string(),
              caseId: z.string().nullable(),
              caseCode: z.string().nullable(),
              title: z.string(),
              at: instantSchema,
            })
            .strict(),
        ),
        /** What keeps the vault from being safe against loss; stays until done. */
        unfinished: z.array(z.enum(['practiceVault', 'secondCoordinator', 'recovery', 'backup'])),
        /** The bar about backups; `due` other than `none` stays on the screen until done. */
        backup: backupReminderSchema,
        /** Incidents by month, the last twelve, oldest first. */
        months: z.array(
          z.object({ month: z.string(), incidents: z.number().int(), digital: z.number().int() }).strict(),
        ),
      })
      .strict(),
  }),
} as const;
