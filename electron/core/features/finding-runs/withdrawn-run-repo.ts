import type { EvidenceId } from '#shared/model/ids.ts';
import {
  deviceIdSchema,
  runIdSchema,
  type DeviceId,
  type ExaminationId,
  type RunId,
} from '#shared/model/surveillance-ids.ts';
import { DEVICE_KINDS } from '#shared/model/surveillance.ts';
import { z } from 'zod';
import { list, sql, type Reader, type Sql, type Tx } from '../../db/index.ts';

/** Condition for a query over `finding f`: not of a pass over results that were not of this device. */
export const STANDING_FINDING: Sql = sql`f.run_id NOT IN (SELECT w.id FROM main.run_withdrawn w)`;

const comparedRow = z
  .object({ id: deviceIdSchema, device: z.string(), kind: z.enum(DEVICE_KINDS) })
  .transform(({ id, device, kind }) => ({ deviceId: id, device, kind }));

/** Devices in whose examinations an item was read, by passes that still count; the name is empty where nobody wrote one. */
export const devicesComparedWith = (db: Reader, id: EvidenceId): z.output<typeof comparedRow>[] =>
  db.all(
    sql`SELECT DISTINCT d.id, trim(d.make || ' ' || d.model) AS device, d.kind
        FROM matching_run m JOIN examination x ON x.id = m.examination_id JOIN device d ON d.id = x.device_id
        WHERE m.evidence_id = ${id} AND (m.records > 0 OR m.findings > 0)
          AND m.id NOT IN (SELECT w.id FROM main.run_withdrawn w)
        ORDER BY d.created_at, d.id`,
    comparedRow,
  );

/**
 * Withdraws what examinations of these devices compared with the bytes of an item, whichever copy of them was read. The
 * caller declares `run_withdrawn` in its journal entry.
 *
 * @returns the passes, which count no more.
 */
export function withdrawRuns(
  tx: Tx,
  id: EvidenceId,
  devices: readonly DeviceId[],
  nowMs: number,
): readonly RunId[] {
  if (devices.length === 0) return [];
  const runs = tx
    .all(
      sql`SELECT m.id FROM main.matching_run m JOIN main.examination x ON x.id = m.examination_id
          JOIN main.evidence e ON e.id = m.evidence_id JOIN main.evidence gone ON gone.id = ${id}
          WHERE e.sha256 = gone.sha256 AND x.device_id IN ${list(devices)}
            AND m.id NOT IN (SELECT w.id FROM main.run_withdrawn w)
          ORDER BY m.id`,
      z.object({ id: runIdSchema }),
    )
    .map((row) => row.id);
  for (const run of runs)
    tx.run(
      sql`INSERT INTO main.run_withdrawn (id, evidence_id, withdrawn_at) VALUES (${run}, ${id}, ${nowMs})`,
    );
  return runs;
}

/**
 * Whether somebody said of the bytes of an item, whichever copy was read, that they are not of the device of this
 * examination, and nobody has brought them in anew since: that is a pass over this very item which counts.
 */
export const isWithdrawn = (db: Reader, examinationId: ExaminationId, evidenceId: EvidenceId): boolean =>
  db.get(
    sql`SELECT m.id FROM main.matching_run m JOIN main.run_withdrawn w ON w.id = m.id
          JOIN main.evidence e ON e.id = m.evidence_id JOIN main.evidence copy ON copy.sha256 = e.sha256
        WHERE m.examination_id = ${examinationId} AND copy.id = ${evidenceId}
          AND NOT EXISTS (SELECT 1 FROM main.matching_run n WHERE n.examination_id = ${examinationId}
            AND n.evidence_id = ${evidenceId} AND n.id NOT IN (SELECT w.id FROM main.run_withdrawn w)) LIMIT 1`,
    z.object({ id: z.string() }),
  ) !== null;
