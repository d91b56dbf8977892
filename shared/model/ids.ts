import { z } from 'zod';

/** Record ids are UUIDv7 in lower-case text. They never leave the vault in an export. */
const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);

/** Any record of the vault; for schemas of ids that live elsewhere. */
export const recordIdSchema = uuid;

export const caseIdSchema = uuid.brand<'CaseId'>();
export const personIdSchema = uuid.brand<'PersonId'>();
export const incidentIdSchema = uuid.brand<'IncidentId'>();
export const actIdSchema = uuid.brand<'ActId'>();
export const involvementIdSchema = uuid.brand<'InvolvementId'>();
export const consentIdSchema = uuid.brand<'ConsentId'>();
export const noteIdSchema = uuid.brand<'NoteId'>();
export const evidenceIdSchema = uuid.brand<'EvidenceId'>();
export const exportIdSchema = uuid.brand<'ExportId'>();
export const draftIdSchema = uuid.brand<'DraftId'>();
export const taskIdSchema = uuid.brand<'TaskId'>();

export type CaseId = z.infer<typeof caseIdSchema>;
export type PersonId = z.infer<typeof personIdSchema>;
export type IncidentId = z.infer<typeof incidentIdSchema>;
export type ActId = z.infer<typeof actIdSchema>;
export type InvolvementId = z.infer<typeof involvementIdSchema>;
export type ConsentId = z.infer<typeof consentIdSchema>;
export type NoteId = z.infer<typeof noteIdSchema>;
export type EvidenceId = z.infer<typeof evidenceIdSchema>;
export type ExportId = z.infer<typeof exportIdSchema>;
export type DraftId = z.infer<typeof draftIdSchema>;
export type TaskId = z.infer<typeof taskIdSchema>;

/**
 * An opaque name for a file, folder or vault that a person chose in a dialogue, dropped on the window or
 * gave on the command line. The host keeps the path; the window and the contract never see it.
 */
export const targetIdSchema = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .brand<'TargetId'>();
export type TargetId = z.infer<typeof targetIdSchema>;
