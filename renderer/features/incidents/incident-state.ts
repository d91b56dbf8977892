import type { ActInput, IncidentFields } from '#shared/contract/incidents.ts';
import { draftFields } from '../../lib/use-draft.ts';
import { readable } from '../../ui/mention-model.ts';
import type { TakenFile } from '../evidence/use-intake.ts';

/** What the form holds, and what its draft keeps. */
export interface IncidentState extends IncidentFields {
  against: string[];
  readonly evidence: readonly TakenFile[];
}

export const blankPlace = (): IncidentFields['place'] => ({
  stateCode: '',
  municipality: '',
  locality: '',
  words: '',
  latitude: null,
  longitude: null,
  precisionMeters: null,
});

export const blankIncident = (caseId: IncidentFields['caseId']): IncidentState => ({
  caseId,
  title: '',
  happened: { kind: 'unknown' },
  place: blankPlace(),
  online: false,
  narrative: '',
  restrictedNarrative: '',
  linkToWork: '',
  verification: 'pending',
  sources: [],
  emergency: null,
  verySensitive: false,
  acts: [],
  against: [],
  evidence: [],
});

export const blankAct = (): ActInput => ({
  type: 'threat',
  subtype: '',
  personId: null,
  personWords: '',
  targetKind: 'person',
  harms: [],
  note: '',
  involvements: [],
});

/** A draft written by an older form lacks fields: they take their blank. Null when it is not a draft at all. */
export function stateFromDraft(payload: string, caseId: IncidentFields['caseId']): IncidentState | null {
  const kept = draftFields(payload) as Partial<IncidentState> | null;
  return kept === null ? null : { ...blankIncident(caseId), ...kept };
}

/** The first words, for lists and the draft's title. */
export const firstWords = (state: Pick<IncidentState, 'title' | 'narrative'>): string =>
  (state.title.trim() !== ''
    ? state.title.trim()
    : readable(state.narrative).trim().replace(/\s+/g, ' ')
  ).slice(0, 90);

/** The record alone, without what only the form needs. */
export function fieldsOf(state: IncidentState): IncidentFields {
  const { against: _against, evidence: _evidence, ...fields } = state;
  return fields;
}
