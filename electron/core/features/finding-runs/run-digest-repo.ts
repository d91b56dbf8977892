import { z } from 'zod';
import { nodeSha256Stream } from '../../crypto/node-sha256.ts';
import { sql, type Reader, type Tx } from '../../db/index.ts';

const storedRow = z.object({
  kind: z.string(),
  module: z.string(),
  record: z.number().int(),
  field: z.string(),
  observed: z.string(),
  excerpt: z.string(),
  time: z.string(),
  when_key: z.string(),
  clock: z.string(),
  level: z.number().int(),
  message: z.string(),
  hits: z.string(),
  difference: z.string().nullable(),
  shortener: z.string().nullable(),
  new_since_tool: z.number().int(),
});
/** Rows read at once while a digest is made again. */
const PIECE = 2_000;

/** One line of what the digest of a run covers: everything that the row of one finding says. */
export const digestLine = (row: Readonly<z.output<typeof storedRow>>): string =>
  `${JSON.stringify([
    row.kind,
    row.module,
    row.record,
    row.field,
    row.observed,
    row.excerpt,
    row.time,
    row.when_key,
    row.clock,
    row.level,
    row.message,
    row.hits,
    row.difference,
    row.shortener,
    row.new_since_tool,
  ])}\n`;

/** The digest of a run's findings as they stand now, in the order in which they were kept. */
const digestNow = (db: Reader, runId: string): Buffer => {
  const hash = nodeSha256Stream();
  let after = 0;
  for (;;) {
    const rows = db.all(
      sql`SELECT rowid AS place, kind, module, record, field, observed, excerpt, time, when_key, clock, level, message,
            hits, difference, shortener, new_since_tool
          FROM main.finding WHERE run_id = ${runId} AND rowid > ${after} ORDER BY rowid LIMIT ${PIECE}`,
      storedRow.extend({ place: z.number().int() }),
    );
    for (const row of rows) hash.update(Buffer.from(digestLine(row)));
    if (rows.length < PIECE) return hash.digest();
    after = rows.at(-1)?.place ?? after;
  }
};

/**
 * Whether the findings of a run are still those that its journalled digest was made of. False: somebody changed, added
 * or removed a finding outside the program.
 */
export const isRunIntact = (db: Reader, runId: string, digest: Uint8Array): boolean =>
  digestNow(db, runId).equals(digest);

const runRow = z.object({ id: z.string(), digest: z.instanceof(Uint8Array) });

/** One run at a time: its id where its findings are not those of its digest, else null. */
export function* alteredRuns(db: Reader): Generator<string | null, void, undefined> {
  for (let last = ''; ;) {
    const run = db.get(
      sql`SELECT id, digest FROM main.matching_run WHERE id > ${last} ORDER BY id LIMIT 1`,
      runRow,
    );
    if (run === null) return;
    last = run.id;
    yield isRunIntact(db, run.id, run.digest) ? null : run.id;
  }
}

/** Of the runs that these findings belong to, those that are intact. */
export const intactRunsOf = (db: Reader, findingIds: readonly string[]): string[] => {
  const runs = new Map<string, Uint8Array>();
  for (const findingId of findingIds) {
    const run = db.get(
      sql`SELECT r.id, r.digest FROM main.finding f JOIN main.matching_run r ON r.id = f.run_id WHERE f.id = ${findingId}`,
      runRow,
    );
    if (run !== null) runs.set(run.id, run.digest);
  }
  return [...runs].filter(([id, digest]) => isRunIntact(db, id, digest)).map(([id]) => id);
};

/** Of these runs, those that are intact. */
export const intactAmong = (db: Reader, runIds: readonly string[]): string[] =>
  runIds.filter((id) => {
    const run = db.get(sql`SELECT id, digest FROM main.matching_run WHERE id = ${id}`, runRow);
    return run !== null && isRunIntact(db, id, run.digest);
  });

/**
 * Binds runs to their findings as they stand now. Only for runs that were intact before the program itself changed
 * them: one that somebody altered must go on saying so. The caller declares `matching_run` in its journal entry.
 */
export const renewDigests = (tx: Tx, runIds: readonly string[]): void => {
  for (const id of runIds) {
    tx.run(sql`UPDATE main.matching_run SET digest = ${digestNow(tx, id)} WHERE id = ${id}`);
  }
};
