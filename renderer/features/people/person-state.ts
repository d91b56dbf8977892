import type { PersonFields } from '#shared/contract/persons.ts';

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
