import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { Examination, ExaminationFields } from '#shared/contract/examinations.ts';
import { AppError } from '#shared/errors.ts';
import { examinationIdSchema } from '#shared/model/surveillance-ids.ts';
import { localMinute } from '#shared/rules/partial-date.ts';
import { defangText } from '#shared/surveillance/defang.ts';
import type { OpenCall } from '../../../context.ts';
import { read, write, type Tx } from '../../../db/index.ts';
import { withoutUndefined } from '../../../without-undefined.ts';
import { indexEvidence } from '../../evidence/index.ts';
import { needPerson } from '../../people/index.ts';
import { indexDocument } from '../../search/index.ts';
import { needDevice } from '../devices/device-repo.ts';
import { setTies, type Tie } from '../evidence-tie-repo.ts';
import {
  emptyExamination,
  insertExamination,
  needExamination,
  pageOfExaminations,
  setSets,
  updateExamination,
} from './examination-repo.ts';
import { observedIn } from './finding-repo.ts';

/**
 * A basis that is not the owner's own word has to say what it rests on: in words, by a document, or by who gave it.
 * `pending` rests on nothing, which is why it opens nothing.
 */
function requireBasis(fields: ExaminationFields, ties: readonly Tie[]): void {
  if (fields.basis === 'owner' || fields.basis === 'pending') return;
  const documented = ties.some(({ role }) => role === 'basisDocument' || role === 'consentRecording');
  if (fields.basisWords === '' && !documented)
    throw new AppError('examination.basisNeedsDocument', { field: 'basisWords' });
}

/** Most different values of findings that the index holds for one examination. */
const MAX_INDEXED = 400;

/** Puts an examination into the search index with the indicators that it coincided with, defanged. */
export function indexExamination(call: OpenCall, tx: Tx, found: Examination): void {
  const { clock } = call.core.ports;
  const hits = found.basis === 'pending' ? [] : observedIn(tx, found.id, MAX_INDEXED);
  indexDocument(tx, {
    kind: 'examination',
    ref: found.id,
    caseId: found.caseId,
    title: [found.device, found.tool].filter((part) => part !== '').join(' · '),
    body: [
      found.toolVersion,
      found.examiner,
      found.organisation,
      found.basisWords,
      found.limits,
      found.note,
      ...found.statedHashes.map(({ name }) => name),
      ...hits.map(defangText),
    ]
      .filter((part) => part !== '')
      .join('\n'),
    whenKey: localMinute(Date.parse(found.startedAt ?? found.createdAt), clock.zone()),
  });
}

const afterChange = (call: OpenCall, tx: Tx, id: Examination['id']): void => {
  const found = needExamination(tx, id);
  indexExamination(call, tx, found);
  // The words inside a copy enter or leave the index with the ground for reading it.
  for (const { evidenceId } of found.evidence) indexEvidence(call.core, tx, evidenceId);
  tx.afterCommit(() => {
    call.core.emit({ name: 'surveillance.changed', payload: { caseId: found.caseId } });
  });
};

/** @throws AppError `record.notFound`, `examination.basisNeedsDocument` */
export function recordExamination(
  call: OpenCall,
  input: HandlerInput<'examinations.record'>,
): CallOutput<'examinations.record'> {
  const { evidence, sets, deviceId, basis, ...given } = input;
  const fields: ExaminationFields = { ...emptyExamination(), ...withoutUndefined(given), deviceId, basis };
  requireBasis(fields, evidence);
  const id = examinationIdSchema.parse(call.core.newId());
  write(call, (tx) => {
    const { caseId } = needDevice(tx, deviceId);
    if (fields.basisPersonId !== null) needPerson(tx, fields.basisPersonId);
    insertExamination(tx, id, fields, call.core.ports.clock.now());
    setSets(tx, id, sets, () => call.core.newId());
    setTies(call, tx, 'examination', id, caseId, evidence);
    tx.journal({
      table: 'examination',
      id,
      payload: { ...fields, sets, evidence },
      children: ['examination_set', 'forensic_evidence'],
    });
    afterChange(call, tx, id);
  });
  return { id, version: 1 };
}

/** @throws AppError `record.notFound`, `record.changedMeanwhile`, `examination.basisNeedsDocument` */
export function amendExamination(
  call: OpenCall,
  input: HandlerInput<'examinations.amend'>,
): CallOutput<'examinations.amend'> {
  const changes = withoutUndefined(input.changes);
  write(call, (tx) => {
    const before = needExamination(tx, input.id);
    const { evidence: tied, ...rest } = before;
    const next: ExaminationFields = { ...fieldsOf(rest), ...changes };
    const ties = input.evidence ?? tied.map(({ role, evidenceId }) => ({ role, evidenceId }));
    requireBasis(next, ties);
    if (next.basisPersonId !== null) needPerson(tx, next.basisPersonId);
    if (!updateExamination(tx, input.id, next, input.version, call.core.ports.clock.now()))
      throw new AppError('record.changedMeanwhile');
    if (input.sets !== undefined) setSets(tx, input.id, input.sets, () => call.core.newId());
    if (input.evidence !== undefined)
      setTies(call, tx, 'examination', input.id, before.caseId, input.evidence);
    tx.journal({
      table: 'examination',
      id: input.id,
      payload: withoutUndefined({ ...changes, sets: input.sets, evidence: input.evidence }),
      children: ['examination_set', 'forensic_evidence'],
    });
    afterChange(call, tx, input.id);
  });
  return { version: input.version + 1 };
}

const fieldsOf = (found: Omit<Examination, 'evidence'>): ExaminationFields => ({
  deviceId: found.deviceId,
  basis: found.basis,
  basisPersonId: found.basisPersonId,
  basisWords: found.basisWords,
  basisDay: found.basisDay,
  method: found.method,
  tool: found.tool,
  toolVersion: found.toolVersion,
  startedAt: found.startedAt,
  endedAt: found.endedAt,
  examiner: found.examiner,
  organisation: found.organisation,
  statedHashes: found.statedHashes,
  limits: found.limits,
  note: found.note,
});

export function listExaminations(
  call: OpenCall,
  input: HandlerInput<'examinations.list'>,
): CallOutput<'examinations.list'> {
  return read(call, (db) => {
    const { total, rows } = pageOfExaminations(db, input, input);
    return {
      total,
      rows: rows.map((found) => ({
        id: found.id,
        deviceId: found.deviceId,
        device: found.device,
        caseId: found.caseId,
        basis: found.basis,
        method: found.method,
        tool: found.tool,
        toolVersion: found.toolVersion,
        startedAt: found.startedAt,
        outcome: found.outcome,
        counts: found.counts,
        updatedAt: found.updatedAt,
      })),
    };
  });
}

/** @throws AppError `record.notFound` */
export function getExamination(
  call: OpenCall,
  input: HandlerInput<'examinations.get'>,
): CallOutput<'examinations.get'> {
  const found = read(call, (db) => needExamination(db, input.id));
  call.session.reads.note(call.method, 'examination', input.id);
  return found;
}
