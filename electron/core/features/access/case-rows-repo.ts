import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { CaseAccess } from '#shared/contract/access.ts';
import { AppError } from '#shared/errors.ts';
import type { CaseId } from '#shared/model/ids.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { instantColumn, read, sql, write, type Reader, type Tx } from '../../db/index.ts';
import { requireUntampered } from '../../journal/index.ts';
import { accessOf, addMember, membersOf, putAccess, removeMember } from './access-repo.ts';
import { SlotFamilies, type SlotFamily } from './slot-families-repo.ts';
import { judgedTime, opensNow } from './vault-time.ts';

const caseRow = z.object({ id: z.string() });

/** Throws `record.notFound` for a case that is not there or not to be seen. */
const needCase = (reader: Reader, caseId: string): void => {
  reader.need(sql`SELECT id FROM case_file WHERE id = ${caseId}`, caseRow);
};

/**
 * Decides who sees a new case, in the transaction that makes it: the one who opens it and the coordinators, who can
 * still be taken off the list. Everybody else asks, or uses emergency access.
 */
export const startAccess = (call: OpenCall, tx: Tx, caseId: CaseId): void => {
  const { ports } = call.core;
  const { slotId } = call.session.actor;
  putAccess(tx, { id: caseId, visibility: 'restricted', responsible: slotId, since: ports.clock.now() });
  const families = new SlotFamilies(tx);
  const coordinators = families.people.filter((family) => family.powers.includes('keys'));
  const people = new Set([slotId, ...coordinators.map((family) => family.current)]);
  for (const person of people) addMember(tx, ports, caseId, person);
  tx.journal({
    table: 'case_access',
    id: caseId,
    payload: { visibility: 'restricted', responsible: slotId, people: [...people] },
    children: ['case_access_person'],
  });
};

const notedRow = z.object({ n: z.number().int() });

/**
 * Compares what decides about a case with the journal, at the moment when the case is opened: old pages put back
 * would open what was closed since.
 *
 * @throws AppError `vault.rowTampered`.
 */
export const requireDecided = (call: OpenCall, reader: Reader, caseId: CaseId): void => {
  const noted = reader.need(
    sql`SELECT count(*) AS n FROM journal_row WHERE row_table = 'case_access' AND row_id = ${caseId}`,
    notedRow,
  );
  if (noted.n === 0) return;
  const guard = { crypto: call.core.ports.crypto, vaultId: call.session.vaultId, db: call.db };
  requireUntampered(guard, reader, 'case_access', [caseId]);
  const mine = new SlotFamilies(reader).of(call.session.actor.slotId)?.ids ?? [];
  const own = membersOf(reader, caseId).filter((member) => mine.includes(member.slot_id));
  requireUntampered(
    guard,
    reader,
    'case_access_person',
    own.map((member) => member.id),
  );
};

type Member = CaseAccess['people'][number];

const memberOf = (family: SlotFamily | undefined, slotId: string, since: number): Member => ({
  slotId: family?.current ?? slotId,
  name: family?.name ?? '',
  since: new Date(since).toISOString(),
  active: family?.active ?? false,
});

const emergencyRow = z.object({
  id: z.string(),
  slot_id: z.string(),
  reason: z.string(),
  at: instantColumn,
  until: z.number().int(),
  opens: z.number().int().nullable(),
  reviewed_by: z.string().nullable(),
});

/** Who may open a case, who answers for it, and who used emergency access. Throws `record.notFound`. */
export function accessOfCase(
  call: OpenCall,
  input: HandlerInput<'access.ofCase'>,
): CallOutput<'access.ofCase'> {
  return read(call, (reader) => {
    needCase(reader, input.caseId);
    const families = new SlotFamilies(reader);
    const mine = families.of(call.session.actor.slotId)?.ids ?? [];
    const access = accessOf(reader, input.caseId);
    const members = membersOf(reader, input.caseId);
    const emergencies = reader.all(
      sql`SELECT n.id, n.slot_id, n.reason, n.at, n.until, n.reviewed_by,
            ${opensNow(reader, judgedTime(call, reader))} AS opens FROM access_notice n
          WHERE n.case_id = ${input.caseId} AND n.kind = 'emergencyAccess' ORDER BY n.at DESC LIMIT 100`,
      emergencyRow,
    );
    const listed = members.some((member) => mine.includes(member.slot_id));
    const until = Math.max(
      0,
      ...emergencies.filter((one) => one.opens === 1 && mine.includes(one.slot_id)).map((one) => one.until),
    );
    return {
      caseId: input.caseId,
      visibility: access?.visibility ?? 'open',
      responsible:
        access === null ? null : memberOf(families.of(access.responsible), access.responsible, access.since),
      people: members.map((member) => memberOf(families.of(member.slot_id), member.slot_id, member.since)),
      emergencies: emergencies.map((one) => ({
        id: one.id,
        name: families.of(one.slot_id)?.name ?? '',
        reason: one.reason,
        at: one.at,
        until: new Date(one.until).toISOString(),
        reviewedBy: one.reviewed_by === null ? null : (families.of(one.reviewed_by)?.name ?? ''),
      })),
      mayChange: mayChange(call, access === null || access.visibility === 'open' || listed),
      visibleUntil:
        access?.visibility === 'restricted' && !listed && until > 0 ? new Date(until).toISOString() : null,
    };
  });
}

const mayChange = (call: OpenCall, belongs: boolean): boolean =>
  call.session.actor.powers.includes('keys') || (belongs && call.session.actor.powers.includes('document'));

/**
 * Changes who may open a case and who answers for it. A coordinator may for every case, also for one that they do not
 * see: otherwise a case whose people are all gone would be lost.
 *
 * @throws AppError `record.notFound`, `call.notAllowed`, `access.responsibleOutside`.
 */
export function setCaseAccess(
  call: OpenCall,
  input: HandlerInput<'access.setCase'>,
): CallOutput<'access.setCase'> {
  const { ports } = call.core;
  write(call, (tx) => {
    const coordinates = call.session.actor.powers.includes('keys');
    tx.need(
      coordinates
        ? sql`SELECT id FROM main.case_file WHERE id = ${input.caseId}`
        : sql`SELECT id FROM case_file WHERE id = ${input.caseId}`,
      caseRow,
    );
    const families = new SlotFamilies(tx);
    const mine = families.of(call.session.actor.slotId)?.ids ?? [];
    const before = accessOf(tx, input.caseId);
    const members = membersOf(tx, input.caseId);
    const belongs =
      before === null ||
      before.visibility === 'open' ||
      members.some((member) => mine.includes(member.slot_id));
    if (!mayChange(call, belongs)) throw new AppError('call.notAllowed');
    const active = new Set(families.people.map((family) => family.current));
    const people = new Set<string>(input.people);
    if ([...people, input.responsible].some((id) => !active.has(id))) throw new AppError('record.notFound');
    if (!people.has(input.responsible)) throw new AppError('access.responsibleOutside');
    putAccess(tx, {
      id: input.caseId,
      visibility: input.visibility,
      responsible: input.responsible,
      since: before?.since ?? ports.clock.now(),
    });
    for (const member of members) {
      const current = families.of(member.slot_id)?.current ?? member.slot_id;
      if (current !== member.slot_id || !people.has(current)) removeMember(tx, member.id);
    }
    for (const person of people) addMember(tx, ports, input.caseId, person);
    tx.journal({
      table: 'case_access',
      id: input.caseId,
      payload: {
        visibility: input.visibility,
        responsible: input.responsible,
        people: [...people],
        before: { visibility: before?.visibility ?? 'open', responsible: before?.responsible ?? '' },
      },
      children: ['case_access_person'],
    });
    tx.afterCommit(() => {
      call.core.emit({ name: 'cases.changed', payload: { caseId: input.caseId } });
    });
  });
  return {};
}
