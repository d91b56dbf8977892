import { derivedStatusSchema } from '#shared/contract/evidence.ts';
import {
  caseIdSchema,
  evidenceIdSchema,
  incidentIdSchema,
  personIdSchema,
  type CaseId,
  type EvidenceId,
} from '#shared/model/ids.ts';
import { CUSTODY_ACTIONS, EVIDENCE_KINDS, INTAKE_METHODS } from '#shared/model/vocabularies.ts';
import { z } from 'zod';
import { flagColumn, instantColumn, jsonColumn, sql, type Reader, type Tx } from '../../db/index.ts';
import { isPreservedOnly, PRESERVED_ONLY } from './preservation-repo.ts';
import { KEPT_EVIDENCE } from '../holds/index.ts';

const bytesColumn = z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes));
const hexColumn = bytesColumn.transform((bytes) => bytes.toString('hex'));

/** What people fill in about an item, apart from the file itself. */
export const evidenceFieldsSchema = z.object({
  title: z.string(),
  kind: z.enum(EVIDENCE_KINDS),
  caseId: caseIdSchema.nullable(),
  fromPersonId: personIdSchema.nullable(),
  fromWords: z.string(),
  note: z.string(),
  restricted: z.boolean(),
  hardToView: z.boolean(),
});
export type EvidenceFields = z.output<typeof evidenceFieldsSchema>;

const evidenceRow = z
  .object({
    id: evidenceIdSchema,
    object_id: bytesColumn,
    case_id: caseIdSchema.nullable(),
    title: z.string(),
    original_name: z.string(),
    kind: z.enum(EVIDENCE_KINDS),
    mime: z.string(),
    size: z.number().int(),
    sha256: bytesColumn,
    from_person_id: personIdSchema.nullable(),
    from_words: z.string(),
    method: z.enum(INTAKE_METHODS),
    note: z.string(),
    restricted: flagColumn,
    hard_to_view: flagColumn,
    received_at: instantColumn,
    version: z.number().int(),
  })
  .transform((row) => ({
    id: row.id,
    objectId: row.object_id,
    caseId: row.case_id,
    title: row.title,
    originalName: row.original_name,
    kind: row.kind,
    mime: row.mime,
    sizeBytes: row.size,
    sha256: row.sha256,
    fromPersonId: row.from_person_id,
    fromWords: row.from_words,
    method: row.method,
    note: row.note,
    restricted: row.restricted,
    hardToView: row.hard_to_view,
    receivedAt: row.received_at,
    version: row.version,
  }));
export type StoredEvidence = z.output<typeof evidenceRow>;

/** @throws AppError `record.notFound` */
export const needEvidence = (db: Reader, id: EvidenceId): StoredEvidence =>
  db.need(
    sql`SELECT id, object_id, case_id, title, original_name, kind, mime, size, sha256, from_person_id, from_words,
          method, note, restricted, hard_to_view, received_at, version FROM evidence WHERE id = ${id}`,
    evidenceRow,
  );

/** The case of an item, or null; null too where the item is out of sight. */
export const caseOfEvidence = (db: Reader, id: EvidenceId): CaseId | null =>
  db.get(sql`SELECT case_id FROM evidence WHERE id = ${id}`, z.object({ case_id: caseIdSchema.nullable() }))
    ?.case_id ?? null;

/** The first item with the same content, or null. */
export const sameContent = (db: Reader, sha256: Buffer): EvidenceId | null =>
  db.get(
    sql`SELECT id FROM evidence WHERE sha256 = ${sha256} ORDER BY received_at, id LIMIT 1`,
    z.object({ id: evidenceIdSchema }),
  )?.id ?? null;

export interface NewEvidence extends EvidenceFields {
  readonly id: EvidenceId;
  readonly objectId: Buffer;
  readonly originalName: string;
  readonly mime: string;
  readonly sizeBytes: number;
  readonly sha256: Buffer;
  readonly method: (typeof INTAKE_METHODS)[number];
  readonly sourceModifiedMs: number | null;
}

export function insertEvidence(tx: Tx, item: NewEvidence, nowMs: number): void {
  tx.run(sql`
    INSERT INTO evidence (id, object_id, case_id, title, original_name, kind, mime, size, sha256, from_person_id,
      from_words, method, note, restricted, hard_to_view, source_modified_at, received_at, version, created_at,
      updated_at)
    VALUES (${item.id}, ${item.objectId}, ${item.caseId}, ${item.title}, ${item.originalName}, ${item.kind},
      ${item.mime}, ${item.sizeBytes}, ${item.sha256}, ${item.fromPersonId}, ${item.fromWords}, ${item.method},
      ${item.note}, ${item.restricted}, ${item.hardToView}, ${item.sourceModifiedMs}, ${nowMs}, 1, ${nowMs},
      ${nowMs})`);
}

/** Gives false where somebody else was faster. */
export const updateEvidence = (
  tx: Tx,
  id: EvidenceId,
  fields: EvidenceFields,
  version: number,
  nowMs: number,
): boolean =>
  tx.run(sql`
    UPDATE evidence SET title = ${fields.title}, kind = ${fields.kind}, case_id = ${fields.caseId},
      from_person_id = ${fields.fromPersonId}, from_words = ${fields.fromWords}, note = ${fields.note},
      restricted = ${fields.restricted}, hard_to_view = ${fields.hardToView}, version = version + 1,
      updated_at = ${nowMs}
    WHERE id = ${id} AND version = ${version}`).changes === 1;

const keyRow = z
  .object({ generation: z.number().int(), nonce: bytesColumn, wrapped: bytesColumn })
  .transform(({ generation, nonce, wrapped }) => ({ generation, nonce, sealed: wrapped }));

/** The sealed key of an object, or null where the row is gone. */
export const objectKeyOf = (db: Reader, objectId: Buffer): z.output<typeof keyRow> | null =>
  db.get(sql`SELECT generation, nonce, wrapped FROM object_key WHERE object_id = ${objectId}`, keyRow);

/** Key material: this table is never journalled. */
export function insertObjectKey(
  tx: Tx,
  objectId: Buffer,
  key: { readonly generation: number; readonly nonce: Buffer; readonly sealed: Buffer },
): void {
  tx.run(sql`INSERT INTO object_key (object_id, generation, nonce, wrapped)
    VALUES (${objectId}, ${key.generation}, ${key.nonce}, ${key.sealed})`);
}

/** The custody entries of an item, oldest first. */
export const custodyOf = (db: Reader, id: EvidenceId) =>
  db.all(
    sql`SELECT action, at, actor, detail FROM custody WHERE evidence_id = ${id} ORDER BY position`,
    z.object({ action: z.enum(CUSTODY_ACTIONS), at: instantColumn, actor: z.string(), detail: z.string() }),
  );

export interface CustodyEntry {
  readonly action: (typeof CUSTODY_ACTIONS)[number];
  readonly actor: string;
  readonly detail: string;
}

/** Appends to the custody record; a trigger keeps it from ever being changed. */
export function insertCustody(
  tx: Tx,
  rowId: string,
  evidenceId: EvidenceId,
  entry: CustodyEntry,
  nowMs: number,
): void {
  tx.run(sql`
    INSERT INTO custody (id, evidence_id, position, action, at, actor, detail)
    VALUES (${rowId}, ${evidenceId},
      (SELECT coalesce(max(position), 0) + 1 FROM custody WHERE evidence_id = ${evidenceId}),
      ${entry.action}, ${nowMs}, ${entry.actor}, ${entry.detail})`);
}

const factsColumn = jsonColumn(z.array(z.object({ name: z.string(), value: z.string() }).strict()));

const derivedRow = z
  .object({
    status: derivedStatusSchema,
    reason: z.string(),
    text: z.string(),
    facts: factsColumn,
    page_count: z.number().int().nullable(),
  })
  .transform(({ page_count, ...rest }) => ({ ...rest, pageCount: page_count }));

const NOTHING_DERIVED: z.output<typeof derivedRow> = {
  status: 'none',
  reason: '',
  text: '',
  facts: [],
  pageCount: null,
};

/** What the parser found, or that it has not looked yet. Of an item that is only preserved nothing is told. */
export const derivedOf = (db: Reader, id: EvidenceId): z.output<typeof derivedRow> => {
  if (isPreservedOnly(db, id)) return NOTHING_DERIVED;
  return (
    db.get(
      sql`SELECT status, reason, text, facts, page_count FROM evidence_derived WHERE evidence_id = ${id}`,
      derivedRow,
    ) ?? NOTHING_DERIVED
  );
};

export const thumbnailOf = (db: Reader, id: EvidenceId): Buffer<ArrayBuffer> | null =>
  db.need(
    sql`SELECT CASE WHEN ${PRESERVED_ONLY} THEN NULL ELSE d.thumbnail END AS thumbnail
        FROM evidence e LEFT JOIN evidence_derived d ON d.evidence_id = e.id WHERE e.id = ${id}`,
    z.object({ thumbnail: bytesColumn.nullable() }),
  ).thumbnail;

/** Result of looking into a file. */
export interface Derived {
  readonly status: z.output<typeof derivedStatusSchema>;
  /** Code of the refusal, or empty. */
  readonly reason: string;
  readonly thumbnail: Buffer | null;
  readonly text: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly pageCount: number | null;
  readonly width: number | null;
  readonly height: number | null;
}

export function putDerived(tx: Tx, id: EvidenceId, derived: Derived, nowMs: number): void {
  tx.run(sql`
    INSERT INTO evidence_derived (evidence_id, status, reason, thumbnail, text, facts, page_count, width, height,
      updated_at)
    VALUES (${id}, ${derived.status}, ${derived.reason}, ${derived.thumbnail}, ${derived.text},
      ${JSON.stringify(derived.facts)}, ${derived.pageCount}, ${derived.width}, ${derived.height}, ${nowMs})
    ON CONFLICT (evidence_id) DO UPDATE SET status = excluded.status, reason = excluded.reason,
      thumbnail = excluded.thumbnail, text = excluded.text, facts = excluded.facts,
      page_count = excluded.page_count, width = excluded.width, height = excluded.height,
      updated_at = excluded.updated_at`);
}

/** Items whose contents nobody has looked into yet: intake was interrupted after they were kept. */
export const waitingEvidence = (db: Reader): EvidenceId[] =>
  db
    .all(
      sql`SELECT evidence_id AS id FROM evidence_derived WHERE status = 'waiting' ORDER BY evidence_id`,
      z.object({ id: evidenceIdSchema }),
    )
    .map((row) => row.id);

/** Hex ids of the objects that the vault knows; one of a deleted item that turns up again is a stranger. */
export const knownObjects = (db: Reader): Set<string> =>
  new Set(
    db
      .all(
        sql`SELECT e.object_id FROM main.evidence e WHERE ${KEPT_EVIDENCE}`,
        z.object({ object_id: hexColumn }),
      )
      .map((r) => r.object_id),
  );

export const isKnownObject = (db: Reader, objectId: Buffer): boolean =>
  db.get(sql`SELECT id FROM main.evidence WHERE object_id = ${objectId}`, z.object({ id: z.string() })) !==
  null;

export const incidentsOf = (db: Reader, id: EvidenceId) =>
  db
    .all(
      sql`SELECT incident_id AS id FROM evidence_link WHERE evidence_id = ${id} ORDER BY id`,
      z.object({ id: incidentIdSchema }),
    )
    .map((row) => row.id);
