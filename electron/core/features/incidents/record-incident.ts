import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { ActInput, IncidentFields } from '#shared/contract/incidents.ts';
import { incidentIdSchema, type CaseId, type IncidentId, type PersonId } from '#shared/model/ids.ts';
import { plainNarrative } from '#shared/rules/mentions.ts';
import { partialDateSortKey } from '#shared/rules/partial-date.ts';
import { foldKey } from '#shared/rules/text-folding.ts';
import type { OpenCall } from '../../context.ts';
import { write, type Tx } from '../../db/index.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { needCase } from '../cases/index.ts';
import { dropDraft } from '../drafts/index.ts';
import { formBecomes, linkEvidence } from '../evidence/index.ts';
import { addPerson, personsOfCase } from '../people/index.ts';
import { indexDocument } from '../search/index.ts';
import { emptyIncident, insertIncident, replaceActs } from './incident-repo.ts';

/** Words of the narrative that stand in for a title. */
const TITLE_WORDS = 12;

/** What lists show of an incident without a title: the first words of what was told. */
export function shownTitle(fields: Pick<IncidentFields, 'title' | 'narrative'>): string {
  if (fields.title !== '') return fields.title;
  const words = plainNarrative(fields.narrative).trim().split(/\s+/u);
  return words.length > TITLE_WORDS ? `${words.slice(0, TITLE_WORDS).join(' ')}…` : words.join(' ');
}

/** Puts an incident into the search index. The restricted narrative stays out of it: its words must not show in hits. */
export function indexIncident(tx: Tx, id: IncidentId, fields: IncidentFields): void {
  indexDocument(tx, {
    kind: 'incident',
    ref: id,
    caseId: fields.caseId,
    title: shownTitle(fields),
    body: [
      plainNarrative(fields.narrative),
      plainNarrative(fields.linkToWork),
      fields.place.words,
      fields.place.locality,
      fields.place.municipality,
      fields.emergency?.caller ?? '',
      ...fields.sources.map((source) => source.words),
      ...fields.acts.flatMap((act) => [
        act.subtype,
        act.personWords,
        act.note,
        ...act.involvements.map((who) => who.words),
      ]),
    ]
      .filter((part) => part !== '')
      .join('\n'),
    whenKey: partialDateSortKey(fields.happened),
  });
}

/** The person of the case whom a typed name means, or a new one. In a hurry nobody is asked about duplicates. */
function personCalled(call: OpenCall, tx: Tx, name: string, caseId: CaseId | null): PersonId {
  const wanted = foldKey(name);
  const known =
    caseId === null
      ? undefined
      : personsOfCase(tx, caseId).find((person) =>
          [person.name, ...person.aliases].some((other) => foldKey(other) === wanted),
        );
  if (known !== undefined) return known.id;
  return addPerson(call, tx, { name }, caseId === null ? null : { caseId, roles: ['beneficiary'] });
}

const actAgainst = (personId: PersonId): ActInput => ({
  type: 'other',
  subtype: '',
  personId,
  personWords: '',
  targetKind: 'person',
  harms: [],
  note: '',
  involvements: [],
});

/**
 * Saves an incident with as much as is known now. Nothing is required: an emergency is recorded with an alias
 * and a few words.
 *
 * @throws AppError `record.notFound` where the case or an evidence item does not exist.
 */
export function recordIncident(
  call: OpenCall,
  input: HandlerInput<'incidents.record'>,
): CallOutput<'incidents.record'> {
  const { against = [], evidence = [], draftId, ...given } = input;
  const id = incidentIdSchema.parse(call.core.newId());
  write(call, (tx) => {
    const fields: IncidentFields = { ...emptyIncident(), ...withoutUndefined(given) };
    if (fields.caseId !== null) needCase(tx, fields.caseId);
    const named = against.map((name) => actAgainst(personCalled(call, tx, name, fields.caseId)));
    const complete = { ...fields, acts: [...fields.acts, ...named] };
    insertIncident(tx, id, complete, call.core.ports.clock.now());
    replaceActs(tx, id, complete.acts, () => call.core.newId());
    tx.journal({ table: 'incident', id, payload: complete, children: ['act', 'involvement'] });
    // The window may not know yet of the last file that was sealed for this form.
    const sealed =
      draftId === undefined ? [] : formBecomes(call, tx, draftId, { incidentId: id, caseId: fields.caseId });
    for (const evidenceId of new Set([...evidence, ...sealed]))
      linkEvidence(call, tx, { evidenceId, incidentId: id });
    if (draftId !== undefined) dropDraft(call, tx, draftId);
    indexIncident(tx, id, complete);
    tx.afterCommit(() => {
      call.core.emit({ name: 'incidents.changed', payload: { caseId: complete.caseId } });
      if (draftId !== undefined) call.core.emit({ name: 'drafts.changed', payload: {} });
    });
  });
  return { id, version: 1 };
}
