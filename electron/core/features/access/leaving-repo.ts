import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { caseIdSchema } from '#shared/model/ids.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { instantColumn, list, read, sql, write, type Reader } from '../../db/index.ts';
import { honestMs, settlements } from '../../journal/index.ts';
import { casesOf, handOver } from './access-repo.ts';
import { countsOf, needFamily } from './activity-repo.ts';
import { SlotFamilies, type SlotFamily } from './slot-families-repo.ts';
import { judgedTime } from './vault-time.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

const caseRow = z
  .object({ id: caseIdSchema, code: z.string() })
  .transform(({ id, code }) => ({ caseId: id, code }));
const draftRow = z
  .object({ id: z.string(), form: z.string(), title: z.string(), updated_at: instantColumn })
  .transform(({ updated_at, ...rest }) => ({ ...rest, updatedAt: updated_at }));
const exportRow = z
  .object({
    id: z.string(),
    at: instantColumn,
    recipient: z.string(),
    code: z.string(),
    prepared: z.number().int(),
  })
  .transform(({ id, code, prepared, ...rest }) => ({
    ...rest,
    ledgerId: id,
    caseCode: code,
    role: prepared === 1 ? ('prepared' as const) : ('approved' as const),
  }));
const closingRow = z.object({
  position: z.number().int(),
  hlc: z.instanceof(Uint8Array).transform((value) => Buffer.from(value)),
  actor: z.instanceof(Uint8Array),
});
const headRow = z.object({ position: z.number().int(), hash: z.instanceof(Uint8Array) });

/**
 * When the way in was closed and by whom: the entry that retired the last slot, which follows the last position that
 * it may sign. A restore retires whoever was taken out since in one entry of its own, at exactly that position.
 */
const closingOf = (
  reader: Reader,
  families: SlotFamilies,
  family: SlotFamily,
  nowMs: number,
): { closedAt: string | null; closedBy: string | null } => {
  if (family.retiredAt === null) return { closedAt: null, closedBy: null };
  const entry = reader.get(
    sql`SELECT j.position, j.hlc, j.actor FROM main.journal j JOIN main.journal_row r ON r.position = j.position
        WHERE r.row_table = 'roster' AND r.row_id = ${family.current}
          AND (j.position > ${family.retiredAt} OR (j.position = ${family.retiredAt} AND (j.entity_table = 'journal' OR j.method LIKE 'slot.%')))
        ORDER BY j.position LIMIT 1`,
    closingRow,
  );
  if (entry === null) return { closedAt: null, closedBy: null };
  return {
    closedAt: new Date(honestMs(entry, nowMs, settlements(reader, nowMs))).toISOString(),
    closedBy: families.ofSigner(entry.actor)?.name ?? '',
  };
};

/**
 * What a person who leaves leaves behind, and what they read and let out: the facts of the certificate that both
 * sign. "Read" means through this application.
 *
 * @throws AppError `record.notFound`.
 */
export function leavingOf(call: OpenCall, input: HandlerInput<'leaving.of'>): CallOutput<'leaving.of'> {
  const { clock } = call.core.ports;
  const fromDay = new Date(clock.now() - input.days * DAY_MS).toISOString().slice(0, 10);
  return read(call, (reader) => {
    const families = new SlotFamilies(reader);
    const family = needFamily(reader, input.slotId);
    const head = reader.need(sql`SELECT position, hash FROM journal ORDER BY position DESC LIMIT 1`, headRow);
    return {
      name: family.name,
      since: new Date(family.since).toISOString(),
      ...closingOf(reader, families, family, judgedTime(call, reader).nowMs),
      generation: call.session.generation,
      journalHead: Buffer.from(head.hash).toString('hex'),
      journalPosition: head.position,
      cases: reader.all(
        sql`SELECT id, code FROM main.case_file WHERE id IN ${list(casesOf(reader, family.ids))} ORDER BY code`,
        caseRow,
      ),
      drafts: reader.all(
        sql`SELECT id, form, title, updated_at FROM draft WHERE author IN ${list(family.ids)}
            ORDER BY updated_at DESC, id LIMIT 500`,
        draftRow,
      ),
      counts: countsOf(call, reader, family, { fromDay }),
      exports: reader.all(
        sql`SELECT l.id, l.released_at AS at, l.recipient, c.code, l.prepared_by = ${family.name} AS prepared
            FROM main.ledger l JOIN main.case_file c ON c.id = l.case_id
            WHERE l.prepared_by = ${family.name} OR l.approved_by = ${family.name}
            ORDER BY l.released_at DESC LIMIT 1000`,
        exportRow,
      ),
      held: heldBy(families, family),
    };
  });
}

/** Paper of which nobody can say that this person did not see it: words and shares live while they were in. */
const heldBy = (families: SlotFamilies, family: SlotFamily): string[] =>
  families.all
    .filter((paper) => paper.active && paper.kind !== 'passphrase' && paper.since >= family.since)
    .map((paper) => paper.name);

/**
 * Hands cases and drafts of one person to another. Who takes over is put on the lists of these cases.
 *
 * @throws AppError `record.notFound`, `rotation.noSuccessor`.
 */
export function reassign(
  call: OpenCall,
  input: HandlerInput<'leaving.reassign'>,
): CallOutput<'leaving.reassign'> {
  return write(call, (tx) => {
    const families = new SlotFamilies(tx);
    const from = needFamily(tx, input.from);
    if (!families.people.some((family) => family.current === input.to)) {
      throw new AppError('rotation.noSuccessor');
    }
    const cases = handOver(tx, call.core.ports, input);
    const drafts = input.drafts
      ? tx.run(sql`UPDATE draft SET author = ${input.to} WHERE author IN ${list(from.ids)}`).changes
      : 0;
    if (input.drafts)
      tx.run(sql`UPDATE main.draft_file SET author = ${input.to} WHERE author IN ${list(from.ids)}`);
    tx.journal({
      table: 'roster',
      id: from.current,
      payload: { reassignedTo: input.to, cases, drafts },
      children: ['case_access', 'case_access_person'],
    });
    tx.afterCommit(() => {
      call.core.emit({ name: 'cases.changed', payload: { caseId: null } });
      if (drafts > 0) call.core.emit({ name: 'drafts.changed', payload: {} });
    });
    return { cases, drafts };
  });
}
