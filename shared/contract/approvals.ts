import { z } from 'zod';
import { instantSchema } from '../model/common.ts';
import { exportIdSchema } from '../model/ids.ts';
import { command, query } from './define.ts';

/** Acts that wait for a second person: a package that leaves, the whole vault in open formats. */
export const APPROVAL_KINDS = ['export', 'dump'] as const;
export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

/** What the approval is about. `id` of a dump is its plan, which lives until the lock. */
export const approvalSubjectSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('export'), id: exportIdSchema, form: z.enum(['filing', 'package']) }).strict(),
  z.object({ kind: z.literal('dump'), id: z.string().regex(/^[0-9a-f]{32}$/) }).strict(),
]);
export type ApprovalSubject = z.infer<typeof approvalSubjectSchema>;

/**
 * Where the approval of one subject stands. `why` tells what keeps the person at the screen from signing:
 * `made`: prepared or checked it; `power`: lacks the power; `none`: nothing, may sign in this session.
 */
export const approvalStateSchema = z
  .object({
    /** The rules ask for a second person here. */
    required: z.boolean(),
    /** Other people of this vault who could give it. 0: only an emergency release is left, where there is one. */
    candidates: z.array(z.object({ name: z.string() }).strict()),
    /** Named parts of what is signed, in order, as they may be shown; null: nothing finished to sign yet. */
    statement: z.array(z.object({ name: z.string(), value: z.string() }).strict()).nullable(),
    /** The approval that holds for exactly this statement, or null. One for an earlier state does not count. */
    approval: z
      .object({ by: z.string(), at: instantSchema, how: z.enum(['window', 'session']) })
      .strict()
      .nullable(),
    why: z.enum(['none', 'made', 'power']),
  })
  .strict();
export type ApprovalState = z.infer<typeof approvalStateSchema>;

export const approvals = {
  /** Errors: `record.notFound`. */
  'approvals.state': query({
    power: 'prepare',
    input: z.object({ subject: approvalSubjectSchema }).strict(),
    output: approvalStateSchema,
  }),
  /**
   * Begins an approval at this computer: gives a ticket with which the host opens the unlock window, where the
   * second person types her passphrase. Her session does not replace the one that runs.
   * Errors: `approval.nothingToSign`, `record.notFound`.
   */
  'approvals.ask': command({
    power: 'prepare',
    input: z.object({ subject: approvalSubjectSchema }).strict(),
    output: z.object({ ticket: z.string().max(64), expiresAt: instantSchema }).strict(),
  }),
  /**
   * Approves in one's own session, with the key of the slot that is open.
   * Errors: `approval.sameAsMaker`, `approval.nothingToSign`, `call.notAllowed`.
   */
  'approvals.approve': command({
    power: 'prepare',
    input: z.object({ subject: approvalSubjectSchema }).strict(),
    output: z.object({ by: z.string() }).strict(),
  }),
} as const;
