import { NOTICE_KINDS, type AccessNotice } from '#shared/contract/access.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { caseIdSchema } from '#shared/model/ids.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { instantColumn, list, read, sql, write, type Reader } from '../../db/index.ts';
import { insertNotice } from './access-repo.ts';
import { bulkReadings } from './bulk-reading-repo.ts';
import { SlotFamilies } from './slot-families-repo.ts';

const MAX_NOTICES = 200;

const storedRow = z.object({
  id: z.string(),
  kind: z.enum(NOTICE_KINDS),
  slot_id: z.string(),
  case_id: caseIdSchema.nullable(),
  case_code: z.string().nullable(),
  reason: z.string(),
  cases: z.number().int().nullable(),
  at: instantColumn,
  until: z.number().int().nullable(),
});

/** Notices that wait: all for coordinators, for others those about cases that they answer for. */
const waiting = (call: OpenCall, reader: Reader, families: SlotFamilies): AccessNotice[] => {
  const mine = families.of(call.session.actor.slotId)?.ids ?? [];
  const coordinates = call.session.actor.powers.includes('keys');
  const rows = reader.all(
    sql`SELECT n.id, n.kind, n.slot_id, n.case_id, c.code AS case_code, n.reason, n.cases, n.at, n.until
        FROM access_notice n LEFT JOIN main.case_file c ON c.id = n.case_id
        LEFT JOIN case_access a ON a.id = n.case_id
        WHERE n.reviewed_at IS NULL AND n.slot_id NOT IN ${list(mine)}
          AND (${coordinates} OR a.responsible IN ${list(mine)})
        ORDER BY n.at DESC, n.id LIMIT ${MAX_NOTICES}`,
    storedRow,
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    who: families.of(row.slot_id)?.name ?? '',
    slotId: row.slot_id,
    at: row.at,
    caseId: row.case_id,
    caseCode: row.case_code,
    reason: row.reason,
    until: row.until === null ? null : new Date(row.until).toISOString(),
    cases: row.cases,
  }));
};

const reviewedRow = z.object({ id: z.string() });

/** Bulk reading that nobody looked at yet. One's own is somebody else's to look at. */
const unseenBulk = (call: OpenCall, reader: Reader, families: SlotFamilies): AccessNotice[] => {
  const own = families.of(call.session.actor.slotId);
  const found = bulkReadings(reader, families, call.core.ports.clock.now()).filter(
    (burst) => burst.family !== own,
  );
  const seen = new Set(
    reader
      .all(sql`SELECT id FROM access_notice WHERE id IN ${list(found.map((burst) => burst.id))}`, reviewedRow)
      .map((row) => row.id),
  );
  return found
    .filter((burst) => !seen.has(burst.id))
    .map((burst) => ({
      id: burst.id,
      kind: 'bulkReading',
      who: burst.family.name,
      slotId: burst.family.current,
      at: new Date(burst.atMs).toISOString(),
      caseId: null,
      caseCode: null,
      reason: '',
      until: null,
      cases: burst.cases,
    }));
};

const noticesFor = (call: OpenCall, reader: Reader): AccessNotice[] => {
  const families = new SlotFamilies(reader);
  const stored = waiting(call, reader, families);
  const bulk = call.session.actor.powers.includes('keys') ? unseenBulk(call, reader, families) : [];
  return [...stored, ...bulk].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, MAX_NOTICES);
};

/** What waits for somebody's eyes. */
export function listNotices(call: OpenCall): CallOutput<'access.notices'> {
  return { rows: read(call, (reader) => noticesFor(call, reader)) };
}

/**
 * Notes that somebody looked at a notice. Nobody reviews what they did themselves.
 *
 * @throws AppError `record.notFound`.
 */
export function reviewNotice(
  call: OpenCall,
  input: HandlerInput<'access.reviewNotice'>,
): CallOutput<'access.reviewNotice'> {
  const now = call.core.ports.clock.now();
  write(call, (tx) => {
    const notice = noticesFor(call, tx).find((one) => one.id === input.id);
    if (notice === undefined) throw new AppError('record.notFound');
    if (notice.kind === 'bulkReading') {
      insertNotice(tx, {
        id: notice.id,
        kind: notice.kind,
        slotId: notice.slotId,
        caseId: null,
        reason: '',
        cases: notice.cases,
        at: Date.parse(notice.at),
        until: null,
      });
    }
    tx.run(sql`UPDATE access_notice SET reviewed_by = ${call.session.actor.slotId}, reviewed_at = ${now},
      review_note = ${input.note} WHERE id = ${notice.id}`);
    tx.journal({
      table: 'access_notice',
      id: notice.id,
      payload: { reviewed: true, kind: notice.kind, note: input.note },
    });
    tx.afterCommit(() => {
      call.core.emit({ name: 'cases.changed', payload: { caseId: notice.caseId } });
    });
  });
  return {};
}
