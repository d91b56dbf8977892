import { describe, expect, it } from 'vitest';
import { contract } from '#shared/contract/index.ts';
import { blankPerson } from '../people/person-state.ts';
import { blankAct, blankIncident, fieldsOf, firstWords, stateFromDraft } from './incident-state.ts';

describe('what the forms send', () => {
  it('an incident with only words is accepted by the contract', () => {
    const state = { ...blankIncident(null), narrative: 'Dos hombres esperaron afuera', acts: [blankAct()] };
    const input = { ...fieldsOf(state), draftId: crypto.randomUUID(), against: ['la vecina'] };
    expect(() => contract['incidents.record'].input.parse(input)).not.toThrow();
  });

  it('a person with only a name is accepted by the contract', () => {
    expect(() =>
      contract['persons.record'].input.parse({ ...blankPerson(), name: 'la vecina' }),
    ).not.toThrow();
  });
});

describe('drafts', () => {
  it('come back as they were, also when written before a field existed', () => {
    const state = { ...blankIncident(null), narrative: 'palabras', against: ['María'] };
    expect(stateFromDraft(JSON.stringify(state), null)).toEqual(state);
    expect(stateFromDraft(JSON.stringify({ narrative: 'palabras' }), null)).toEqual({
      ...blankIncident(null),
      narrative: 'palabras',
    });
    expect(stateFromDraft('no es un borrador', null)).toBeNull();
  });

  it('are titled by their first words, without ids', () => {
    const narrative = 'Preguntaron por @[Mari](person:0199a1b2-c3d4-7e5f-8a6b-0123456789ab)\nen la radio';
    expect(firstWords({ title: '', narrative })).toBe('Preguntaron por Mari en la radio');
  });
});
