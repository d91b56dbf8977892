import { z } from 'zod';
import { sql, type Reader } from '../../db/index.ts';
import { readSnapshots, readTargets } from './backup-repo.ts';
import { containsSnapshot } from './known-target.ts';

/** One snapshot somewhere that still holds what was asked for. */
export interface HoldingBackup {
  /** Id and last known name of the target. */
  readonly target: string;
  readonly name: string;
  /** Hex id of the snapshot. */
  readonly snapshot: string;
  /** Milliseconds since epoch. */
  readonly takenMs: number;
  /** The vault did not find it where it was; a copy may exist all the same. */
  readonly lost: boolean;
}

const spanRow = z.object({ came: z.number().int().nullable(), gone: z.number().int().nullable() });
const GONE = Buffer.alloc(32);

/**
 * When an evidence came into the journal and when its key went, as positions; `gone` null: it is still there. What
 * was deleted keeps its record and gets a tombstone of the same id.
 */
const spanOf = (db: Reader, evidenceId: string): z.output<typeof spanRow> =>
  db.need(
    sql`SELECT min(CASE WHEN row_table = 'evidence' AND after <> ${GONE} THEN position END) AS came,
          min(CASE WHEN row_table = 'evidence_tombstone' OR after = ${GONE} THEN position END) AS gone
        FROM main.journal_row WHERE row_table IN ('evidence', 'evidence_tombstone') AND row_id = ${evidenceId}`,
    spanRow,
  );

/**
 * Which backups still hold one evidence with its key, or anything from before a journal position. It answers from
 * what the vault remembers: sticks need not be there, and copies that somebody made of a stick are not known.
 * Where both are given, both must hold. A snapshot of another future (of a vault that was lost, or that went on
 * elsewhere) counts its own positions: nobody here can say what it holds, so it is always among them. Newest first.
 */
export const backupsHolding = (
  db: Reader,
  what: { readonly evidenceId?: string | undefined; readonly beforePosition?: number | undefined },
): HoldingBackup[] => {
  const span = what.evidenceId === undefined ? null : spanOf(db, what.evidenceId);
  const holds = (position: number): boolean => {
    if (what.beforePosition !== undefined && position >= what.beforePosition) return false;
    if (span === null) return true;
    return span.came !== null && position >= span.came && (span.gone === null || position < span.gone);
  };
  return readTargets(db)
    .flatMap((target) =>
      readSnapshots(db, target.id)
        .filter(({ entry }) => holds(entry.position) || !containsSnapshot(db, entry))
        .map(({ entry, lost }) => ({
          target: target.id,
          name: target.name,
          snapshot: entry.snapshotId.toString('hex'),
          takenMs: entry.takenMs,
          lost,
        })),
    )
    .sort((a, b) => b.takenMs - a.takenMs);
};
