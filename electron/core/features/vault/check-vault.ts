import { join } from 'node:path';
import { z } from 'zod';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError, isAppError } from '#shared/errors.ts';
import { headerHash, parseHeader } from '../../crypto/header.ts';
import { unwrapObjectKey } from '../../crypto/object-format.ts';
import { checkpoint } from '../../db/open.ts';
import { sql } from '../../db/sql.ts';
import { ObjectStore } from '../../files/object-store.ts';
import { JOURNAL_COLUMNS, journalRow, verifyJournal } from '../../journal/index.ts';
import { readAnchor } from './anchor-keeper.ts';
import { metaBytes, metaNumber } from './meta.ts';
import type { OpenVault } from './open-vault.ts';
import { readRoster, rosterRowHolds, signersOf } from './roster.ts';
import { tieJournal } from './ties.ts';
import { readHeaderFile } from './vault-files.ts';

type Output = CallOutput<'vault.check'>;
type Finding = Output['findings'][number];

export interface CheckOptions {
  /** `presence`: every object is there; `content`: every object is decrypted, measured and hashed. */
  readonly objects: 'presence' | 'content';
  readonly progress: (stage: string, done: number, total: number) => void;
  readonly signal: AbortSignal;
}

const MAX_FINDINGS = 10_000;

/** Lets other calls in between two pieces of long work, and stops when asked to. */
const breathe = async (signal: AbortSignal): Promise<void> => {
  if (signal.aborted) throw new AppError('call.cancelled');
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
};

/**
 * Verifies everything that the vault consists of: header, anchor, every page, foreign keys, search index,
 * journal, rows, roster, objects. It repairs nothing.
 *
 * @throws AppError `call.cancelled`.
 */
export const checkVault = async (vault: OpenVault, options: CheckOptions): Promise<Output> => {
  const findings: Finding[] = [];
  const report = (finding: Finding): void => {
    if (findings.length < MAX_FINDINGS) findings.push(finding);
  };
  const counts = { pages: 0, journal: 0, rows: 0, objects: 0 };
  const steps: readonly [stage: string, part: Finding['part'], run: () => Promise<void>][] = [
    ['header', 'header', () => checkHeader(vault, report)],
    ['anchor', 'anchor', () => checkAnchor(vault, report)],
    [
      'database',
      'database',
      async () => {
        counts.pages = checkDatabase(vault, report);
        await breathe(options.signal);
      },
    ],
    [
      'search',
      'search',
      async () => {
        checkSearch(vault);
        await breathe(options.signal);
      },
    ],
    [
      'roster',
      'roster',
      async () => {
        checkRoster(vault, report);
        await breathe(options.signal);
      },
    ],
    [
      'journal',
      'journal',
      async () => {
        const verdict = await verifyJournal({
          crypto: vault.ports.crypto,
          vaultId: vault.vaultId,
          db: vault.db,
          signers: signersOf(readRoster(vault.db.connection)),
          breathe: async (done) => {
            options.progress('journal', done, vault.journal.head.position);
            await breathe(options.signal);
          },
        });
        counts.journal = verdict.entries;
        counts.rows = verdict.rows;
        verdict.findings.forEach(report);
        const untied = tieJournal(vault.db.connection);
        if (untied !== null) report({ part: 'journal', code: untied, subject: 'chain' });
      },
    ],
    [
      'objects',
      'objects',
      async () => {
        counts.objects = await checkObjects(vault, options, report);
      },
    ],
  ];
  let done = 0;
  for (const [stage, part, run] of steps) {
    options.progress(stage, done, steps.length);
    try {
      await run();
    } catch (thrown) {
      if (!isAppError(thrown) || thrown.code === 'call.cancelled' || thrown.code === 'call.internal')
        throw thrown;
      report({ part, code: thrown.code, subject: stage });
    }
    done += 1;
  }
  return { ok: findings.length === 0, findings, checked: counts };
};

const checkHeader = async (vault: OpenVault, report: (finding: Finding) => void): Promise<void> => {
  const { crypto, disk } = vault.ports;
  const header = parseHeader(await readHeaderFile(disk, vault.folder)).verify(crypto, vault.headerKey);
  const stored = metaBytes(vault.db.connection, 'header_hash');
  const seq = metaNumber(vault.db.connection, 'header_seq');
  if (!headerHash(crypto, header.bodyBytes).equals(stored) || header.body.seq !== seq) {
    report({ part: 'header', code: 'vault.headerMismatch', subject: 'header' });
  }
};

const checkAnchor = async (vault: OpenVault, report: (finding: Finding) => void): Promise<void> => {
  const because = vault.db.readOnlyBecause;
  if (because === 'vault.changesMissing') {
    report({ part: 'anchor', code: because, subject: String(vault.missingChanges) });
    return;
  }
  const head = vault.journal.head;
  const { newest, damaged } = await readAnchor(vault.anchorParts);
  if (damaged || vault.anchorDamaged) {
    report({ part: 'anchor', code: 'vault.anchorDamaged', subject: 'anchor' });
  }
  // Reading the file took a moment; an anchor that knows more than we did is of a commit in between.
  if (newest === null || newest.journalSeq > head.seq) return;
  if (newest.journalSeq !== head.seq || !newest.journalHead.equals(head.hash)) {
    report({ part: 'anchor', code: 'vault.changesMissing', subject: String(head.seq - newest.journalSeq) });
  }
};

const pageCount = z.object({ page_count: z.number().int() });

const checkDatabase = (vault: OpenVault, report: (finding: Finding) => void): number => {
  const { connection } = vault.db;
  // `cipher_integrity_check` reads the main file only, never the log: what is in the log would look damaged.
  checkpoint(connection);
  for (const [index] of connection.pragma('cipher_integrity_check').entries()) {
    report({ part: 'database', code: 'vault.databaseDamaged', subject: `page ${index + 1}` });
    if (index >= 100) break;
  }
  const whole = connection.pragma('integrity_check(100)');
  if (whole.length !== 1 || Object.values(whole[0] ?? {})[0] !== 'ok') {
    report({ part: 'database', code: 'vault.databaseDamaged', subject: 'integrity' });
  }
  for (const row of connection.pragma('foreign_key_check')) {
    report({ part: 'database', code: 'vault.databaseDamaged', subject: `reference ${String(row['table'])}` });
  }
  return pageCount.parse(connection.pragma('page_count')[0]).page_count;
};

/** Compares the index with the documents it was made from. Throws where they differ. */
const checkSearch = (vault: OpenVault): void => {
  vault.db.connection.run(sql`INSERT INTO search_text (search_text, rank) VALUES ('integrity-check', 1)`);
};

const checkRoster = (vault: OpenVault, report: (finding: Finding) => void): void => {
  const { connection } = vault.db;
  const roster = readRoster(connection);
  const first = connection.get(
    sql`SELECT ${JOURNAL_COLUMNS} FROM journal ORDER BY position LIMIT 1`,
    journalRow,
  );
  for (const row of roster) {
    if (first === null || !rosterRowHolds(vault.ports.crypto, vault.vaultId, roster, row, first.actor)) {
      report({ part: 'roster', code: 'vault.rosterDamaged', subject: row.id });
    }
  }
};

const objectRow = z.object({
  object_id: z.instanceof(Uint8Array),
  size: z.number(),
  sha256: z.instanceof(Uint8Array),
  generation: z.number().int().nullable(),
  nonce: z.instanceof(Uint8Array).nullable(),
  wrapped: z.instanceof(Uint8Array).nullable(),
});

const checkObjects = async (
  vault: OpenVault,
  options: CheckOptions,
  report: (finding: Finding) => void,
): Promise<number> => {
  const { ports } = vault;
  const store = new ObjectStore(ports, vault.folder);
  const rows = vault.db.connection.all(
    sql`SELECT e.object_id, e.size, e.sha256, k.generation, k.nonce, k.wrapped
        FROM evidence e LEFT JOIN object_key k ON k.object_id = e.object_id ORDER BY e.object_id`,
    objectRow,
  );
  let done = 0;
  for (const row of rows) {
    const objectId = Buffer.from(row.object_id);
    const subject = objectId.toString('hex');
    options.progress('objects', done, rows.length);
    await breathe(options.signal);
    try {
      if (row.generation === null || row.nonce === null || row.wrapped === null) {
        throw new AppError('evidence.objectDamaged');
      }
      const wrapped = {
        generation: row.generation,
        nonce: Buffer.from(row.nonce),
        sealed: Buffer.from(row.wrapped),
      };
      const key = unwrapObjectKey(
        ports.crypto,
        vault.keys.wrap,
        { vaultId: vault.vaultId, objectId },
        wrapped,
      );
      try {
        if (options.objects === 'content') {
          const reader = await store.open({ objectId, key, sizeBytes: row.size });
          try {
            await reader.verify(Buffer.from(row.sha256), { signal: options.signal });
          } finally {
            await reader.close();
          }
        } else {
          const path = join(vault.objectsFolder, subject.slice(0, 2), subject);
          const stat = await ports.disk.stat(path);
          if (stat?.kind !== 'file') throw new AppError('evidence.objectMissing');
          if (stat.sizeBytes !== ObjectStore.fileBytes(row.size))
            throw new AppError('evidence.objectTruncated');
        }
      } finally {
        ports.crypto.zero(key);
      }
    } catch (thrown) {
      if (!isAppError(thrown) || thrown.code === 'call.cancelled') throw thrown;
      report({ part: 'objects', code: thrown.code, subject });
    }
    done += 1;
  }
  return rows.length;
};
