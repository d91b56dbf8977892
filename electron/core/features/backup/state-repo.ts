import { z } from 'zod';
import { rowListHash } from '../../crypto/journal-format.ts';
import { countRow, sql, type Reader } from '../../db/index.ts';
import type { Crypto } from '../../ports/index.ts';

const GONE = Buffer.alloc(32);

/** Whether the snapshot holds evidence that was deleted after it was taken. */
export const holdsDeleted = (db: Reader, position: number): boolean =>
  db.need(
    sql`SELECT EXISTS (SELECT 1 FROM main.journal_row gone
          WHERE (gone.row_table = 'evidence_tombstone' OR (gone.row_table = 'evidence' AND gone.after = ${GONE}))
          AND gone.position > ${position} AND EXISTS (SELECT 1 FROM main.journal_row came
            WHERE came.row_table = 'evidence' AND came.row_id = gone.row_id AND came.position <= ${position})) AS n`,
    countRow,
  ).n === 1;

/** Journal entries after `position` that changed a record: an entry about a read, or a run, changed none. */
export const changesAfter = (crypto: Crypto, db: Reader, position: number): number =>
  db.need(
    sql`SELECT count(*) AS n FROM journal WHERE position > ${position} AND after <> ${rowListHash(crypto, [])}`,
    countRow,
  ).n;

const positionRow = z.object({ position: z.number().int().nullable() });

/** Journal position of the newest backup anywhere; null: there is none. */
export const newestPosition = (db: Reader): number | null =>
  db.need(sql`SELECT max(success_position) AS position FROM backup_target`, positionRow).position;
