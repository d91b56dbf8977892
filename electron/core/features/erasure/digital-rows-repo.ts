import type { EvidenceId, PersonId } from '#shared/model/ids.ts';
import { z } from 'zod';
import { join, sql, trustedSql, type Sql, type SqlValue } from '../../db/sql.ts';
import type { Reader, Tx } from '../../db/index.ts';
import type { ErasedWords } from './erased-words-repo.ts';

/** Her devices: what is said of them is said of her. */
const HER_DEVICES = (id: PersonId): Sql => sql`(SELECT d.id FROM main.device d WHERE d.owner_id = ${id})`;

/** Records with a person and a device: hers, or nobody's on a device of hers. */
const ofHer = (id: PersonId): Sql =>
  sql`person_id = ${id} OR (person_id IS NULL AND device_id IN ${HER_DEVICES(id)})`;

interface WordsOf {
  readonly table: string;
  /** Which rows are about her. */
  readonly where: (id: PersonId) => Sql;
  /** Columns with words, and what they are emptied to. */
  readonly columns: Readonly<Record<string, string>>;
  /** The record under which a search finds these words. */
  readonly ref: string;
  /** The whole row is about her, not only these words. */
  readonly own: boolean;
}

/**
 * Words about her in the records of devices and attacks. What stays is what was done and when: kind and make, custody
 * steps, seals and numbers of receipts, the text of a message that somebody sent to her, as of any other evidence.
 */
const WORDS: readonly WordsOf[] = [
  {
    table: 'device',
    where: (id) => sql`owner_id = ${id}`,
    columns: { owner_words: '', identifiers: '[]', shared_with: '', note: '' },
    ref: 'id',
    own: true,
  },
  {
    table: 'reception',
    where: (id) => sql`device_id IN ${HER_DEVICES(id)}`,
    columns: { handed_by_words: '', relation: '', place: '', accessories: '', reason: '', note: '' },
    ref: 'device_id',
    own: true,
  },
  {
    // She brought somebody else's device: who she is to that person.
    table: 'reception',
    where: (id) => sql`handed_by_id = ${id}`,
    columns: { handed_by_words: '', relation: '' },
    ref: 'device_id',
    own: false,
  },
  {
    table: 'device_custody',
    where: (id) => sql`device_id IN ${HER_DEVICES(id)}`,
    columns: { detail: '' },
    ref: 'device_id',
    own: true,
  },
  {
    table: 'examination',
    where: (id) => sql`device_id IN ${HER_DEVICES(id)}`,
    columns: { basis_words: '', note: '' },
    ref: 'id',
    own: true,
  },
  {
    table: 'examination',
    where: (id) => sql`basis_person_id = ${id}`,
    columns: { basis_words: '' },
    ref: 'id',
    own: false,
  },
  {
    table: 'provider_notification',
    where: ofHer,
    columns: { account: '', text: '', note: '' },
    ref: 'id',
    own: true,
  },
  {
    table: 'suspicious_message',
    where: ofHer,
    columns: { account: '', clicked_when: '', what_happened: '', others: '', context: '', note: '' },
    ref: 'id',
    own: true,
  },
  {
    table: 'digital_attack',
    where: (id) => sql`device_id IN ${HER_DEVICES(id)}`,
    columns: { note: '' },
    ref: 'incident_id',
    own: true,
  },
];

const keyRow = z.object({ id: z.string() });

/** Rows of these tables that are about her: what the journal keeps of their changes goes with her. */
export const ownDigitalRows = (db: Reader, id: PersonId): { table: string; id: string }[] =>
  WORDS.filter(({ own }) => own).flatMap(({ table, where }) =>
    db
      .all(sql`SELECT id FROM main.${trustedSql(table)} WHERE ${where(id)} ORDER BY id`, keyRow)
      .map((row) => ({ table, id: row.id })),
  );

const strings = (cell: unknown): string[] => {
  if (typeof cell === 'string') return cell === '' ? [] : [cell];
  if (Array.isArray(cell)) return cell.flatMap(strings);
  return typeof cell === 'object' && cell !== null ? Object.values(cell).flatMap(strings) : [];
};

/** The words of a cell: those inside its JSON where it is a list, else the cell. */
const wordsIn = (cell: SqlValue | undefined, empty: string): string[] => {
  if (typeof cell !== 'string' || cell === empty) return [];
  return empty === '[]' ? strings(JSON.parse(cell)) : [cell];
};

const cellsRow = z.record(z.string(), z.union([z.string(), z.number(), z.bigint(), z.null()]));

/** Empties them. `words` learns what was taken, for the search index. */
export function emptyDigitalTies(tx: Tx, id: PersonId, words: ErasedWords): void {
  for (const { table, where, columns, ref } of WORDS) {
    const names = Object.keys(columns);
    const wanted = trustedSql([ref, ...names].map((name) => `"${name}"`).join(', '));
    for (const row of tx.all(
      sql`SELECT ${wanted} FROM main.${trustedSql(table)} WHERE ${where(id)}`,
      cellsRow,
    )) {
      for (const [name, empty] of Object.entries(columns))
        words.add(String(row[ref] ?? ''), wordsIn(row[name], empty));
    }
    const set = join(
      Object.entries(columns).map(([name, empty]) => sql`${trustedSql(`"${name}"`)} = ${empty}`),
      ', ',
    );
    const said = join(
      Object.entries(columns).map(([name, empty]) => sql`${trustedSql(`"${name}"`)} <> ${empty}`),
      ' OR ',
    );
    tx.run(sql`UPDATE main.${trustedSql(table)} SET ${set} WHERE (${where(id)}) AND (${said})`);
  }
  tx.run(sql`UPDATE main.device_custody SET detail = ''
    WHERE action = 'received' AND detail <> '' AND ${AT_HANDING_OVER(id)}`);
  emptyReturns(tx, id, words);
}

const returnedRow = z.object({ id: z.string(), device_id: z.string(), returned: z.string() });
const AT_HANDING_OVER = (id: PersonId): Sql => sql`EXISTS (SELECT 1 FROM main.reception r
  WHERE r.device_id = device_custody.device_id AND r.received_at = device_custody.at AND r.handed_by_id = ${id})`;
const returnedSchema = z.looseObject({
  toPersonId: z.string().nullable(),
  returnedAt: z.string(),
  toWords: z.string(),
  relation: z.string(),
});

/** To whom a device was given back, where it is hers or she took it. */
function emptyReturns(tx: Tx, id: PersonId, words: ErasedWords): void {
  const rows = tx.all(
    sql`SELECT id, device_id, returned FROM main.reception WHERE returned IS NOT NULL
          AND (device_id IN ${HER_DEVICES(id)} OR json_extract(returned, '$.toPersonId') = ${id})`,
    returnedRow,
  );
  for (const row of rows) {
    const returned = returnedSchema.parse(JSON.parse(row.returned));
    // Custody says in one line who has it from then on, what she is to the owner and how it was.
    tx.run(sql`UPDATE main.device_custody SET detail = '', holder = '' WHERE device_id = ${row.device_id}
      AND action = 'returned' AND at = ${Date.parse(returned.returnedAt)} AND (detail <> '' OR holder <> '')`);
    if (returned.toWords === '' && returned.relation === '') continue;
    words.add(row.device_id, [returned.toWords, returned.relation]);
    const next = JSON.stringify({ ...returned, toWords: '', relation: '' });
    tx.run(sql`UPDATE main.reception SET returned = ${next} WHERE id = ${row.id}`);
  }
}

const runRow = z.object({ id: z.string() });

/** Passes of matching over one item. */
export const runsOver = (db: Reader, evidenceId: EvidenceId): string[] =>
  db
    .all(sql`SELECT id FROM main.matching_run WHERE evidence_id = ${evidenceId} ORDER BY id`, runRow)
    .map((row) => row.id);

/**
 * Gives passes over an item that is deleted to another item of the same examination that holds the very same bytes, where
 * one is left. Findings of the same bytes are kept once, whichever copy they were read from: without this, whoever deletes
 * the copy that came first would take with it what the one that stays shows. Withdrawn passes stay where they were. The caller declares `matching_run` in its
 * journal entry.
 */
export function leaveRunsToTwin(tx: Tx, evidenceId: EvidenceId): void {
  const twin = sql`SELECT f.evidence_id FROM main.forensic_evidence f
    JOIN main.evidence other ON other.id = f.evidence_id
    JOIN main.evidence gone ON gone.id = ${evidenceId}
    JOIN main.object_key k ON k.object_id = other.object_id
    WHERE f.subject = 'examination' AND f.subject_id = matching_run.examination_id AND f.role IN ('results', 'report')
      AND other.id <> gone.id AND other.sha256 = gone.sha256
    ORDER BY f.position LIMIT 1`;
  tx.run(sql`UPDATE main.matching_run SET evidence_id = (${twin})
    WHERE evidence_id = ${evidenceId} AND id NOT IN (SELECT w.id FROM main.run_withdrawn w) AND EXISTS (${twin})`);
}

const observedRow = z.object({ examination_id: z.string(), observed: z.string() });

/**
 * Empties what findings say of the content of an item that is deleted: they were read out of it. That there was a
 * finding, in which module, how grave and what somebody decided about it stays, so that numbers do not change. The
 * caller renews the digests of those runs that were intact.
 */
export function emptyFindings(tx: Tx, runIds: readonly string[], words: ErasedWords): void {
  const gone: z.output<typeof observedRow>[] = [];
  for (const runId of runIds) {
    gone.push(
      ...tx.all(
        sql`SELECT DISTINCT examination_id, observed FROM main.finding WHERE run_id = ${runId} AND observed <> ''`,
        observedRow,
      ),
    );
    tx.run(sql`UPDATE main.finding SET field = '', observed = '', excerpt = '[]', time = '', when_key = '', message = '',
        hits = '[]', difference = NULL, shortener = NULL WHERE run_id = ${runId}`);
  }
  for (const examinationId of new Set(gone.map((row) => row.examination_id))) {
    // What another file of the same examination shows as well stays findable.
    const left = new Set(
      tx
        .all(
          sql`SELECT DISTINCT examination_id, observed FROM main.finding WHERE examination_id = ${examinationId}`,
          observedRow,
        )
        .map((row) => row.observed),
    );
    const lines = gone.filter((row) => row.examination_id === examinationId && !left.has(row.observed));
    words.add(
      examinationId,
      lines.map((row) => row.observed),
    );
  }
}
