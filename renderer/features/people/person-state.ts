import type { PersonFields } from '#shared/contract/persons.ts';
import type { CaseId } from '#shared/model/ids.ts';
import type { CASE_ROLES } from '#shared/model/vocabularies.ts';
import { draftFields } from '../../lib/use-draft.ts';

/** What the form holds, and what its draft keeps. */
export interface PersonState {
  readonly fields: PersonFields;
  /** What a new person is in the case she is recorded for; without a case nothing. */
  readonly roles: (typeof CASE_ROLES)[number][];
  readonly caseId: CaseId | null;
}

export const OWN_WORDS = ['gender', 'pronoun', 'age', 'people', 'language', 'disability', 'family'] as const;

export const blankPerson = (): PersonFields => ({
  kind: 'individual',
  name: '',
  legalName: '',
  aliases: [],
  contacts: [],
  identifiers: [],
  inOwnWords: {
    gender: { kind: 'notAsked' },
    pronoun: { kind: 'notAsked' },
    age: { kind: 'notAsked' },
    people: { kind: 'notAsked' },
    language: { kind: 'notAsked' },
    disability: { kind: 'notAsked' },
    family: { kind: 'notAsked' },
  },
  work: '',
  minor: false,
  groupSize: null,
  level: '',
  note: '',
});

export const countsPeople = (kind: PersonFields['kind']): boolean =>
  kind === 'family' || kind === 'collective' || kind === 'community' || kind === 'organisation';

/** A draft written by an older form lacks fields: they take their blank. Null when it is not a draft at all. */
export function personFromDraft(payload: string): PersonState | null {
  const kept = draftFields(payload) as Partial<PersonState> | null;
  if (kept === null) return null;
  return {
    fields: { ...blankPerson(), ...kept.fields },
    roles: kept.roles ?? [],
    caseId: kept.caseId ?? null,
  };
}
