import type { PersonId } from '#shared/model/ids.ts';
import { caseIdSchema, evidenceIdSchema, personIdSchema, type EvidenceId } from '#shared/model/ids.ts';
import { foldKey } from '#shared/rules/text-folding.ts';
import { z } from 'zod';
import type { Connection } from '../../db/connection.ts';
import { countRow, jsonColumn, sql, type Reader, type Tx } from '../../db/index.ts';
import { needPerson, type StoredPerson } from '../people/index.ts';
import { ownDigitalRows } from './digital-rows-repo.ts';
import type { ErasedWords } from './erased-words-repo.ts';
import type { HerRecords } from './her-payloads.ts';

const idRow = z.object({ id: z.string() });
const personIdRow = z.object({ id: personIdSchema });

/** Everybody else whose record still says something. */
export const otherPeople = (connection: Connection, id: PersonId): StoredPerson[] =>
  connection
    .all(
      sql`SELECT p.id FROM main.person p WHERE p.id <> ${id} AND NOT EXISTS (
            SELECT 1 FROM main.person_hold h WHERE h.id = p.id AND h.state = 'erased')`,
      personIdRow,
    )
    .map((row) => needPerson(connection, row.id));

const NOT_ASKED = JSON.stringify(
  Object.fromEntries(
    ['gender', 'pronoun', 'age', 'people', 'language', 'disability', 'family'].map((name) => [
      name,
      { kind: 'notAsked' },
    ]),
  ),
);

/** What is left of her: a unit with a kind, a number of people and whether of age, so that figures stay true. */
export function emptyPersonRow(tx: Tx, id: PersonId, code: string, nowMs: number): void {
  tx.run(sql`UPDATE main.person SET name = ${code}, legal_name = '', aliases = '[]', contacts = '[]', identifiers = '[]',
      in_own_words = ${NOT_ASKED}, work = '', level = '', note = '', fold = ${foldKey(code)}, version = version + 1,
      updated_at = ${nowMs} WHERE id = ${id}`);
}

const wordsRow = z.object({ ref: z.string(), words: z.string() });

/**
 * Words of hers, and about her alone, in the rows that tie her to cases, acts, consents and evidence. `words` learns
 * what was taken out of records that a search finds.
 */
export function emptyTies(tx: Tx, id: PersonId, word: string, words: ErasedWords): void {
  for (const row of tx.all(
    sql`SELECT incident_id AS ref, person_words AS words FROM main.act WHERE person_id = ${id} AND person_words <> ''
        UNION ALL SELECT a.incident_id, v.person_words FROM main.involvement v JOIN main.act a ON a.id = v.act_id
          WHERE v.person_id = ${id} AND v.person_words <> ''
        UNION ALL SELECT id, from_words FROM main.evidence WHERE from_person_id = ${id} AND from_words <> ''`,
    wordsRow,
  ))
    words.add(row.ref, [row.words]);
  tx.run(sql`UPDATE main.case_person SET relation = '' WHERE person_id = ${id} AND relation <> ''`);
  tx.run(
    sql`UPDATE main.consent SET note = '', condition = '' WHERE person_id = ${id} AND (note <> '' OR condition <> '')`,
  );
  tx.run(sql`UPDATE main.consent SET impediment = json_set(impediment, '$.words', ${word})
    WHERE person_id = ${id} AND impediment IS NOT NULL`);
  tx.run(sql`UPDATE main.act SET person_words = '' WHERE person_id = ${id} AND person_words <> ''`);
  tx.run(sql`UPDATE main.involvement SET person_words = '' WHERE person_id = ${id} AND person_words <> ''`);
  tx.run(sql`UPDATE main.evidence SET from_words = '' WHERE from_person_id = ${id} AND from_words <> ''`);
  // How an item came is written into its custody as well.
  tx.run(sql`UPDATE main.custody SET detail = '' WHERE action = 'received' AND detail <> ''
    AND evidence_id IN (SELECT e.id FROM main.evidence e WHERE e.from_person_id = ${id})`);
  tx.run(sql`UPDATE main.data_request SET channel = '', identified_by = '', note = '', outcome = ''
    WHERE person_id = ${id}`);
  emptySources(tx, id, words);
}

const toldRow = z.object({
  id: z.string(),
  sources: jsonColumn(z.array(z.record(z.string(), z.unknown()))),
});

/** How she told something, in words. */
function emptySources(tx: Tx, id: PersonId, words: ErasedWords): void {
  const told = tx.all(
    sql`SELECT id, sources FROM main.incident WHERE EXISTS (
          SELECT 1 FROM json_each(sources) s WHERE json_extract(s.value, '$.personId') = ${id})`,
    toldRow,
  );
  for (const row of told) {
    const hers = row.sources.filter((source) => source['personId'] === id);
    words.add(
      row.id,
      hers.map((source) => source['words']).filter((text) => typeof text === 'string'),
    );
    const sources = row.sources.map((source) => (hers.includes(source) ? { ...source, words: '' } : source));
    tx.run(sql`UPDATE main.incident SET sources = ${JSON.stringify(sources)} WHERE id = ${row.id}`);
  }
}

/** Incidents in which she occurs, as somebody to whom it was done, who did it, or who told. */
export const incidentsWith = (db: Reader, id: PersonId): string[] =>
  db
    .all(
      sql`SELECT i.id FROM main.incident i WHERE
            EXISTS (SELECT 1 FROM main.act a WHERE a.incident_id = i.id AND a.person_id = ${id})
            OR EXISTS (SELECT 1 FROM main.act a JOIN main.involvement v ON v.act_id = a.id
              WHERE a.incident_id = i.id AND v.person_id = ${id})
            OR EXISTS (SELECT 1 FROM json_each(i.sources) s WHERE json_extract(s.value, '$.personId') = ${id})
          ORDER BY i.id`,
      idRow,
    )
    .map((row) => row.id);

/** Names of a deleted item that came from her: the record stays, without words. */
export function emptyEvidenceWords(tx: Tx, id: EvidenceId, word: string): void {
  tx.run(
    sql`UPDATE main.evidence SET title = ${word}, original_name = ${word}, from_words = '', note = '' WHERE id = ${id}`,
  );
}

/** The picture of an item that stays. Its words were replaced; a picture of the words would still show them. */
export function dropThumbnail(tx: Tx, id: string): void {
  tx.run(sql`UPDATE main.evidence_derived SET thumbnail = NULL WHERE evidence_id = ${id}`);
}

/** A check of an export that is not released speaks of texts that are no longer these. */
export function voidOpenExports(tx: Tx, ids: readonly string[], nowMs: number): void {
  for (const id of ids)
    tx.run(sql`UPDATE main.export SET state = 'deciding', plan_hash = NULL, report = NULL, version = version + 1,
      updated_at = ${nowMs} WHERE id = ${id} AND state <> 'released'`);
}

/** Exports of her cases that were begun and did not leave. */
export const openExportsOf = (db: Reader, id: PersonId): string[] =>
  db
    .all(
      sql`SELECT e.id FROM main.export e WHERE e.state <> 'released' AND e.case_id IN (
            SELECT case_id FROM main.case_person WHERE person_id = ${id}
            UNION SELECT i.case_id FROM main.incident i JOIN main.act a ON a.incident_id = i.id WHERE a.person_id = ${id})
          ORDER BY e.id`,
      idRow,
    )
    .map((row) => row.id);

/** Codes of cases that are not closed and rest on her. */
export const openCasesOf = (db: Reader, id: PersonId): string[] =>
  db
    .all(
      sql`SELECT c.code AS id FROM main.case_file c JOIN main.case_person l ON l.case_id = c.id
          WHERE l.person_id = ${id} AND c.state <> 'closed' ORDER BY c.code`,
      idRow,
    )
    .map((row) => row.id);

const ownEvidenceRow = z
  .object({
    id: evidenceIdSchema,
    title: z.string(),
    kind: z.string(),
    case_code: z.string().nullable(),
    size: z.number().int(),
    exported: z.number().int(),
    in_use: z.number().int(),
  })
  .transform(({ case_code, size, exported, in_use, ...rest }) => ({
    ...rest,
    caseCode: case_code,
    sizeBytes: size,
    exported: exported > 0,
    inUse: in_use > 0,
  }));

/** Items that came from her and still exist. */
export const evidenceOf = (db: Reader, id: PersonId): z.output<typeof ownEvidenceRow>[] =>
  db.all(
    sql`SELECT e.id, e.title, e.kind, c.code AS case_code, e.size,
          (SELECT count(*) FROM main.ledger l, json_each(l.evidence) v
             WHERE json_extract(v.value, '$.evidenceId') = e.id) AS exported,
          (SELECT count(*) FROM main.evidence_link k WHERE k.evidence_id = e.id)
            + (SELECT count(*) FROM main.consent s WHERE s.evidence_id = e.id) AS in_use
        FROM main.evidence e LEFT JOIN main.case_file c ON c.id = e.case_id
        WHERE e.from_person_id = ${id} AND NOT EXISTS (SELECT 1 FROM main.evidence_tombstone t WHERE t.id = e.id)
        ORDER BY e.received_at, e.id`,
    ownEvidenceRow,
  );

const SEEN = {
  export: (id: string) => sql`SELECT count(*) AS n FROM export WHERE id = ${id}`,
  ledger: (id: string) => sql`SELECT count(*) AS n FROM ledger WHERE id = ${id}`,
  person: (id: string) => sql`SELECT count(*) AS n FROM person WHERE id = ${id}`,
} as const;

/** How many of these exports, deliveries or people are out of sight for this session's person. */
export const outOfSight = (db: Reader, table: keyof typeof SEEN, ids: readonly string[]): number =>
  ids.filter((id) => db.need(SEEN[table](id), countRow).n === 0).length;

/** Answers of hers that still stand, in cases that this session's person does not see. */
export const openConsentsOutOfSight = (db: Reader, id: PersonId): number =>
  db.need(
    sql`SELECT count(*) AS n FROM main.consent m WHERE m.person_id = ${id} AND m.answer <> 'withdrawn'
        AND NOT EXISTS (SELECT 1 FROM consent v WHERE v.id = m.id)`,
    countRow,
  ).n;

const COUNTED = {
  person: (id: PersonId) => sql`SELECT count(*) AS n FROM main.person WHERE id = ${id}`,
  casePerson: (id: PersonId) => sql`SELECT count(*) AS n FROM main.case_person WHERE person_id = ${id}`,
  consent: (id: PersonId) => sql`SELECT count(*) AS n FROM main.consent WHERE person_id = ${id}`,
  act: (id: PersonId) => sql`SELECT count(*) AS n FROM main.act WHERE person_id = ${id}`,
  involvement: (id: PersonId) => sql`SELECT count(*) AS n FROM main.involvement WHERE person_id = ${id}`,
  evidence: (id: PersonId) => sql`SELECT count(*) AS n FROM main.evidence WHERE from_person_id = ${id}`,
  dataRequest: (id: PersonId) => sql`SELECT count(*) AS n FROM main.data_request WHERE person_id = ${id}`,
} as const;

/** How many rows are hers, by kind. */
export const recordCounts = (db: Reader, id: PersonId): { record: string; count: number }[] =>
  Object.entries(COUNTED).map(([record, query]) => ({ record, count: db.need(query(id), countRow).n }));

const keyRow = z.object({ row_table: z.string(), row_id: z.string() });

/** Rows of audited tables that are hers alone: what the journal keeps of their changes goes with her. */
export const ownRows = (db: Reader, id: PersonId): { table: string; id: string }[] =>
  db
    .all(
      sql`SELECT 'person' AS row_table, id AS row_id FROM main.person WHERE id = ${id}
          UNION ALL SELECT 'case_person', id FROM main.case_person WHERE person_id = ${id}
          UNION ALL SELECT 'consent', id FROM main.consent WHERE person_id = ${id}
          UNION ALL SELECT 'data_request', id FROM main.data_request WHERE person_id = ${id}
          UNION ALL SELECT 'person_hold', id FROM main.person_hold WHERE id = ${id}`,
      keyRow,
    )
    .map(({ row_table, row_id }) => ({ table: row_table, id: row_id }));

/** Everything of which the journal's payloads are looked through for her. */
export const herRecords = (db: Reader, id: PersonId): HerRecords => ({
  own: new Set([...ownRows(db, id), ...ownDigitalRows(db, id)].map((row) => `${row.table}/${row.id}`)),
  incidents: new Set(incidentsWith(db, id)),
  evidence: new Set(evidenceOf(db, id).map((item) => item.id)),
});

/** Deliveries in which she appeared. */
export const ledgersOf = (db: Reader, id: PersonId): string[] =>
  db
    .all(
      sql`SELECT l.id FROM main.ledger l WHERE EXISTS (SELECT 1 FROM json_each(l.persons) p
            WHERE json_extract(p.value, '$.personId') = ${id}) ORDER BY l.id`,
      idRow,
    )
    .map((row) => row.id);

export const casesTouched = (db: Reader, id: PersonId): z.output<typeof caseIdSchema>[] =>
  db
    .all(
      sql`SELECT DISTINCT case_id AS id FROM main.case_person WHERE person_id = ${id}`,
      z.object({ id: caseIdSchema }),
    )
    .map((row) => row.id);
