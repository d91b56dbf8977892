import type { CaseId } from '../model/ids.ts';
import type { TaskState } from './work.ts';

/** What the core tells after a commit. A listener refetches; it never patches its own copy. */
export interface CoreEvents {
  'session.changed': { readonly state: 'closed' | 'open' };
  'cases.changed': { readonly caseId: CaseId | null };
  'persons.changed': { readonly caseId: CaseId | null };
  'incidents.changed': { readonly caseId: CaseId | null };
  'consents.changed': { readonly caseId: CaseId | null };
  'notes.changed': { readonly caseId: CaseId | null };
  'evidence.changed': { readonly caseId: CaseId | null };
  'exports.changed': { readonly caseId: CaseId | null };
  'surveillance.changed': { readonly caseId: CaseId | null };
  'backup.changed': Record<string, never>;
  'drafts.changed': Record<string, never>;
  'preferences.changed': Record<string, never>;
  'slots.changed': Record<string, never>;
  /** `proven`: the passphrase was right and the ticket may be used; `done`: what it was for is done. */
  'tickets.changed': { readonly ticket: string; readonly state: 'proven' | 'done' };
  'tasks.changed': TaskState;
}
export type CoreEventName = keyof CoreEvents;
export type CoreEvent = {
  [N in CoreEventName]: { readonly name: N; readonly payload: CoreEvents[N] };
}[CoreEventName];
