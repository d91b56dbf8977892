import type { PersonId } from '#shared/model/ids.ts';
import { partialDateSchema } from '#shared/model/partial-date.ts';
import { z } from 'zod';
import { instantColumn, jsonColumn, sql, type Reader } from '../../db/index.ts';

/** Cases that she is in, by code, with her roles; titles may name others. */
export const casesOf = (db: Reader, id: PersonId) =>
  db.all(
    sql`SELECT c.code, l.roles FROM main.case_person l JOIN main.case_file c ON c.id = l.case_id
        WHERE l.person_id = ${id} ORDER BY c.code`,
    z.object({ code: z.string(), roles: jsonColumn(z.array(z.string())) }),
  );

/** What was done to her: when, and what kind of act. Neither the account nor who gave it. */
export const actsAgainst = (db: Reader, id: PersonId) =>
  db.all(
    sql`SELECT i.happened, a.type FROM main.act a JOIN main.incident i ON i.id = a.incident_id
        WHERE a.person_id = ${id} ORDER BY i.sort_key, a.position`,
    z.object({ happened: jsonColumn(partialDateSchema), type: z.string() }),
  );

/** What came from her: kind and day. */
export const handedOver = (db: Reader, id: PersonId) =>
  db.all(
    sql`SELECT kind, received_at FROM main.evidence WHERE from_person_id = ${id} ORDER BY received_at, id`,
    z.object({ kind: z.string(), received_at: instantColumn }),
  );

const seriesRow = z.object({ role_code: z.string(), letter: z.string() });

/** How she was called in a delivery that used a pseudonym, or null. */
export const pseudonymIn = (db: Reader, ledgerId: string, id: PersonId): string | null => {
  const found = db.get(
    sql`SELECT s.role_code, s.letter FROM main.ledger l JOIN main.export e ON e.id = l.export_id
        JOIN main.pseudonym s ON s.series_id = e.series_id WHERE l.id = ${ledgerId} AND s.person_id = ${id}`,
    seriesRow,
  );
  return found === null ? null : `${found.role_code} ${found.letter}`;
};

/** Hash by which a recipient recognises a delivery. */
export const manifestOf = (db: Reader, ledgerId: string): string =>
  Buffer.from(
    db.need(
      sql`SELECT manifest_sha256 FROM main.ledger WHERE id = ${ledgerId}`,
      z.object({ manifest_sha256: z.instanceof(Uint8Array) }),
    ).manifest_sha256,
  ).toString('hex');
