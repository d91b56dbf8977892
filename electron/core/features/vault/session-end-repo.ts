import { countRow, sql, type Reader } from '../../db/index.ts';
import { lastEntry, lastSettlement, SESSION_ENDED } from '../../journal/index.ts';

/** Emergency accesses that had not ended by the last entry of the journal, whoever they were given to. */
export const permissionRuns = (reader: Reader): boolean => {
  const last = lastEntry(reader);
  if (last === null) return false;
  const settled = lastSettlement(reader, last.position)?.position ?? 0;
  return (
    reader.need(
      sql`SELECT count(*) AS n FROM main.access_notice n WHERE n.kind = 'emergencyAccess'
          AND n.until > ${last.hlc.readUIntBE(0, 6)}
          AND (SELECT min(r.position) FROM main.journal_row r
            WHERE r.row_table = 'access_notice' AND r.row_id = n.id) > ${settled}`,
      countRow,
    ).n > 0
  );
};

/**
 * Whether the session before this one was cut off while a permission with an end was running: then it may have gone on
 * for a while that no entry bears. Asked before the first entry of a session.
 */
export const wasCutOff = (reader: Reader): boolean =>
  lastEntry(reader)?.method !== SESSION_ENDED && permissionRuns(reader);
