import { z } from 'zod';
import { sql, type Reader } from '../../db/index.ts';

const idRow = z.object({ id: z.string() });

/**
 * Every id of every table: none may leave, because an id tells the minute of its making and joins whatever
 * holds it. Journal and search tables hold the same ids again. `main`: those of cases that this session does not
 * see may leave no more than others.
 */
export const allIds = (db: Reader): string[] =>
  db
    .all(
      sql`SELECT id FROM main.roster UNION SELECT id FROM main.slot_detail UNION SELECT id FROM main.roster_past
          UNION SELECT id FROM main.case_file UNION SELECT id FROM main.case_access
          UNION SELECT id FROM main.case_access_person UNION SELECT id FROM main.access_notice
          UNION SELECT id FROM main.person UNION SELECT id FROM main.case_person
          UNION SELECT id FROM main.incident UNION SELECT id FROM main.act UNION SELECT id FROM main.involvement
          UNION SELECT id FROM main.consent UNION SELECT id FROM main.note UNION SELECT id FROM main.evidence
          UNION SELECT id FROM main.evidence_link UNION SELECT id FROM main.evidence_tombstone
          UNION SELECT id FROM main.custody UNION SELECT id FROM main.draft UNION SELECT id FROM main.series
          UNION SELECT id FROM main.pseudonym UNION SELECT id FROM main.export
          UNION SELECT id FROM main.export_decision UNION SELECT id FROM main.ledger
          UNION SELECT id FROM main.outbox UNION SELECT id FROM main.backup_target
          UNION SELECT id FROM main.person_hold UNION SELECT id FROM main.data_request
          UNION SELECT id FROM main.erasure UNION SELECT id FROM main.erasure_open
          UNION SELECT id FROM main.copy_hold UNION SELECT id FROM main.approval
          UNION SELECT id FROM main.device UNION SELECT id FROM main.reception
          UNION SELECT id FROM main.device_custody UNION SELECT id FROM main.indicator_set
          UNION SELECT id FROM main.examination UNION SELECT id FROM main.examination_set
          UNION SELECT id FROM main.matching_run UNION SELECT id FROM main.run_unread
          UNION SELECT id FROM main.run_withdrawn UNION SELECT id FROM main.finding
          UNION SELECT id FROM main.finding_review UNION SELECT id FROM main.suspicious_message
          UNION SELECT id FROM main.message_link UNION SELECT id FROM main.message_triage
          UNION SELECT id FROM main.provider_notification UNION SELECT id FROM main.digital_attack
          UNION SELECT id FROM main.milestone UNION SELECT id FROM main.forensic_evidence
          UNION SELECT id FROM main.surveillance_output
          UNION SELECT lower(hex(object_id)) AS id FROM main.evidence`,
      idRow,
    )
    .map((row) => row.id);
