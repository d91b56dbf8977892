import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { caseIdSchema, type CaseId } from '#shared/model/ids.ts';
import { foldKey } from '#shared/rules/text-folding.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { jsonColumn, list, sql, write, type Reader } from '../../db/index.ts';
import { SHOWN_LINK } from '../holds/index.ts';
import { insertNotice } from './access-repo.ts';
import { SlotFamilies } from './slot-families-repo.ts';
import { judgedTime, opensNow } from './vault-time.ts';

/** How long an emergency access lasts. */
export const EMERGENCY_MS = 24 * 60 * 60 * 1000;

const caseRow = z.object({ id: caseIdSchema });

/** Cases that this person does not see and that are not sealed: the only ones there is anything to say about. */
const hiddenRestricted = (call: OpenCall, reader: Reader): CaseId[] => {
  const mine = new SlotFamilies(reader).of(call.session.actor.slotId)?.ids ?? [];
  return reader
    .all(
      sql`SELECT a.id FROM case_access a WHERE a.visibility = 'restricted'
          AND NOT EXISTS (SELECT 1 FROM case_access_person m
            WHERE m.case_id = a.id AND m.slot_id IN ${list(mine)})
          AND NOT EXISTS (SELECT 1 FROM access_notice n WHERE n.case_id = a.id
            AND n.slot_id IN ${list(mine)} AND ${opensNow(reader, judgedTime(call, reader))})`,
      caseRow,
    )
    .map((row) => row.id);
};

const personRow = z.object({
  case_id: caseIdSchema,
  name: z.string(),
  aliases: jsonColumn(z.array(z.string())),
});

/**
 * Those of `cases` in which somebody has exactly this name or alias; accents and case do not matter. Whoever is held
 * back is not found by name here either.
 */
const casesOfName = (reader: Reader, cases: readonly CaseId[], name: string): CaseId[] => {
  const wanted = foldKey(name);
  if (wanted === '' || cases.length === 0) return [];
  const rows = reader.all(
    sql`SELECT l.case_id, p.name, p.aliases FROM main.case_person l JOIN main.person p ON p.id = l.person_id
        WHERE l.case_id IN ${list(cases)} AND ${SHOWN_LINK}`,
    personRow,
  );
  const found = rows.filter((row) => [row.name, ...row.aliases].some((one) => foldKey(one) === wanted));
  return [...new Set(found.map((row) => row.case_id))];
};

/**
 * Opens restricted cases for a day: by their code, or by the name of somebody who occurs in them. What is sealed
 * stays shut and gives the same answer as what does not exist.
 *
 * @throws AppError `record.notFound`, `call.invalidInput` unless exactly one of code and name is given;
 *   `access.clockWrong` where nobody could say when a day is over.
 */
export function useEmergency(
  call: OpenCall,
  input: HandlerInput<'access.emergency'>,
): CallOutput<'access.emergency'> {
  const { code, personName, reason } = input;
  if ((code === undefined) === (personName === undefined)) {
    throw new AppError('call.invalidInput', { field: 'code' });
  }
  const { caseIds, until } = write(call, (tx) => {
    const { nowMs: now, wrong } = judgedTime(call, tx);
    if (wrong) throw new AppError('access.clockWrong');
    const until = now + EMERGENCY_MS;
    const closed = hiddenRestricted(call, tx);
    const opened =
      code === undefined
        ? casesOfName(tx, closed, personName ?? '')
        : tx
            .all(sql`SELECT id FROM main.case_file WHERE code = ${code} AND id IN ${list(closed)}`, caseRow)
            .map((row) => row.id);
    if (opened.length === 0) throw new AppError('record.notFound');
    for (const caseId of opened) {
      const id = call.core.newId();
      insertNotice(tx, {
        id,
        kind: 'emergencyAccess',
        slotId: call.session.actor.slotId,
        caseId,
        reason,
        cases: null,
        at: now,
        until,
      });
      tx.journal({ table: 'access_notice', id, payload: { kind: 'emergencyAccess', caseId, reason, until } });
      tx.afterCommit(() => {
        call.core.emit({ name: 'cases.changed', payload: { caseId } });
      });
    }
    return { caseIds: opened, until };
  });
  return { caseIds, until: new Date(until).toISOString() };
}

/**
 * Says whether a name that is being typed occurs in a case out of sight, and on wish leaves word for who answers for
 * that case. The one who types learns nothing else. Each question is journalled: asking for names one by one would
 * otherwise be a way to learn who is in there.
 */
export function isNameKnown(
  call: OpenCall,
  input: HandlerInput<'access.nameKnown'>,
): CallOutput<'access.nameKnown'> {
  const now = call.core.ports.clock.now();
  return write(call, (tx) => {
    const found = casesOfName(tx, hiddenRestricted(call, tx), input.name);
    const slotId = call.session.actor.slotId;
    if (found.length > 0) {
      tx.journal({ table: 'roster', id: slotId, payload: { nameKnown: true, told: input.tell } });
    }
    for (const caseId of input.tell ? found : []) {
      const id = call.core.newId();
      insertNotice(tx, {
        id,
        kind: 'nameInHiddenCase',
        slotId,
        caseId,
        reason: '',
        cases: null,
        at: now,
        until: null,
      });
      tx.journal({ table: 'access_notice', id, payload: { kind: 'nameInHiddenCase', caseId } });
    }
    return { known: found.length > 0 };
  });
}
