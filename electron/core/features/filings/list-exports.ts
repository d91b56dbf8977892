import { z } from 'zod';
import { exportStateSchema, profileIdSchema } from '#shared/contract/exports.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { caseIdSchema, exportIdSchema } from '#shared/model/ids.ts';
import type { OpenCall } from '../../context.ts';
import { empty, flagColumn, instantColumn, jsonColumn, read, sql } from '../../db/index.ts';
import { publicKeyLine } from './package/index.ts';

const listRow = z
  .object({
    id: exportIdSchema,
    case_id: caseIdSchema,
    case_code: z.string(),
    profile: profileIdSchema,
    recipient: z.string(),
    state: exportStateSchema,
    updated_at: instantColumn,
  })
  .transform(({ case_id, case_code, updated_at, ...rest }) => ({
    ...rest,
    caseId: case_id,
    caseCode: case_code,
    updatedAt: updated_at,
  }));

/** Exports, begun and released, newest first. */
export function listExports(call: OpenCall, input: HandlerInput<'exports.list'>): CallOutput<'exports.list'> {
  const where = input.caseId === undefined ? empty : sql`WHERE e.case_id = ${input.caseId}`;
  return {
    rows: read(call, (db) =>
      db.all(
        sql`SELECT e.id, e.case_id, c.code AS case_code, e.profile, e.recipient, e.state, e.updated_at
            FROM export e JOIN case_file c ON c.id = e.case_id ${where} ORDER BY e.updated_at DESC, e.id DESC`,
        listRow,
      ),
    ),
  };
}

const bytesColumn = z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes));

const ledgerRow = z.object({
  id: z.string(),
  export_id: exportIdSchema,
  case_id: caseIdSchema,
  case_code: z.string(),
  recipient: z.string(),
  purpose: z.string(),
  profile: profileIdSchema,
  form: z.enum(['filing', 'package']),
  prepared_by: z.string(),
  approved_by: z.string().nullable(),
  copy: z.enum(['kept', 'blocked', 'erased']),
  emergency_reason: z.string().nullable(),
  manifest_sha256: bytesColumn,
  public_key: bytesColumn.nullable(),
  encrypted: flagColumn,
  persons: jsonColumn(z.array(z.unknown())),
  evidence: jsonColumn(z.array(z.unknown())),
  left_out: z.number().int(),
  released_at: instantColumn,
});

/** Everything that ever left, newest first. */
export function listLedger(
  call: OpenCall,
  input: HandlerInput<'exports.ledger'>,
): CallOutput<'exports.ledger'> {
  const where = input.caseId === undefined ? empty : sql`WHERE l.case_id = ${input.caseId}`;
  const rows = read(call, (db) =>
    db.all(
      sql`SELECT l.id, l.export_id, l.case_id, c.code AS case_code, l.recipient, l.purpose, l.profile, l.form,
            l.prepared_by, l.approved_by, coalesce(h.state, 'kept') AS copy, l.emergency_reason, l.manifest_sha256, l.public_key, l.encrypted, l.persons, l.evidence,
            coalesce(json_array_length(l.private_table, '$.leftOut'), 0) AS left_out, l.released_at
          FROM ledger l JOIN case_file c ON c.id = l.case_id
          LEFT JOIN copy_hold h ON h.id = l.id ${where} ORDER BY l.released_at DESC, l.id DESC`,
      ledgerRow,
    ),
  );
  return {
    rows: rows.map((row) => ({
      id: row.id,
      exportId: row.export_id,
      caseId: row.case_id,
      caseCode: row.case_code,
      recipient: row.recipient,
      purpose: row.purpose,
      profile: row.profile,
      form: row.form,
      preparedBy: row.prepared_by,
      approvedBy: row.approved_by,
      copy: row.copy,
      emergency: row.emergency_reason !== null,
      manifestSha256: row.manifest_sha256.toString('hex'),
      publicKey: row.public_key === null ? null : publicKeyLine(call.core.ports.crypto, row.public_key),
      encrypted: row.encrypted,
      persons: row.persons.length,
      annexes: row.evidence.length,
      leftOut: row.left_out,
      releasedAt: row.released_at,
    })),
  };
}
