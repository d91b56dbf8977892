import { hitSchema } from '#shared/contract/examinations.ts';
import type { EvidenceId } from '#shared/model/ids.ts';
import type { ExaminationId } from '#shared/model/surveillance-ids.ts';
import { z } from 'zod';
import { jsonColumn, sql, type Reader } from '../../../db/index.ts';
import { STANDING_FINDING } from '../../finding-runs/index.ts';
import { findingKeys } from './merge-found.ts';

const knownRow = z.object({
  place: z.number().int(),
  kind: z.string(),
  module: z.string(),
  record: z.number().int(),
  field: z.string(),
  message: z.string(),
  hits: jsonColumn(z.array(hitSchema)),
  excerpt: jsonColumn(z.array(z.object({ name: z.string(), value: z.string() }))),
});
const PIECE = 2_000;

/** Keys of every finding that earlier passes over the same bytes stored for an examination, whichever copy they read. */
export function knownFindings(db: Reader, examinationId: ExaminationId, evidenceId: EvidenceId): Set<string> {
  const known = new Set<string>();
  for (let after = 0; ;) {
    const rows = db.all(
      sql`SELECT f.rowid AS place, f.kind, f.module, f.record, f.field, f.message, f.hits, f.excerpt
          FROM finding f JOIN matching_run m ON m.id = f.run_id
          WHERE f.examination_id = ${examinationId} AND f.rowid > ${after} AND ${STANDING_FINDING} AND m.evidence_id IN (
            SELECT twin.id FROM evidence kept JOIN evidence twin ON twin.sha256 = kept.sha256
            WHERE kept.id = ${evidenceId})
          ORDER BY f.rowid LIMIT ${PIECE}`,
      knownRow,
    );
    for (const row of rows) for (const key of findingKeys(row)) known.add(key);
    if (rows.length < PIECE) return known;
    after = rows.at(-1)?.place ?? after;
  }
}
