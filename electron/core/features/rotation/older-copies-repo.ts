import type { CallOutput } from '#shared/contract/index.ts';
import { z } from 'zod';
import { instantColumn, sql, type Reader } from '../../db/index.ts';

const copyRow = z
  .object({ name: z.string(), last_at: instantColumn, copies: z.number().int() })
  .transform(({ last_at, ...rest }) => ({ ...rest, lastAt: last_at }));

/**
 * Backups with snapshots under another generation than the vault's own: whoever was in at that time still opens
 * them with what they had then, whatever is rotated here.
 *
 * @param generation the vault's own; copies of it count as older too where `including` is set, as they do before a
 *   rotation.
 */
export const olderCopies = (
  reader: Reader,
  generation: number,
  including = false,
): CallOutput<'rotation.review'>['olderCopies'] =>
  reader.all(
    sql`SELECT t.name, max(s.taken_at) AS last_at, count(*) AS copies
        FROM backup_snapshot s JOIN backup_target t ON t.id = s.target_id
        WHERE s.lost = 0 AND s.generation < ${including ? generation + 1 : generation}
        GROUP BY t.id ORDER BY last_at DESC`,
    copyRow,
  );
