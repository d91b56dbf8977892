import { join } from 'node:path';
import { z } from 'zod';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError, isAppError } from '#shared/errors.ts';
import { headerHash, parseHeader } from '../../crypto/header.ts';
import { unwrapObjectKey } from '../../crypto/object-format.ts';
import { checkpoint } from '../../db/open.ts';
import { ObjectStore } from '../../files/object-store.ts';
import { alteredRuns } from '../finding-runs/index.ts';
import { compareIndex } from '../search/index.ts';
import { positionsHash, verifyJournal } from '../../journal/index.ts';
import { readAnchor } from './anchor-keeper.ts';
import {
  documentCount,
  erasures,
  ghostDocuments,
  hiddenDocuments,
  isErasureOpen,
  objectCount,
  objectsAfter,
  positionsOf,
  unexplainedErasures,
  unfinishedErasures,
  type CheckedObject,
} from './check-repo.ts';
import { alteredCopies } from './check-copies.ts';
import { schemaDifferences } from './check-schema.ts';
import { metaBytes, metaNumber } from './meta.ts';
import type { OpenVault } from './open-vault.ts';
import { readRoster, signersOf } from './roster.ts';
import { rosterChain, rosterRowHolds } from './roster-chain.ts';
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
const OBJECT_PAGE = 200;
/** Names of one kind of finding that are worth listing one by one. */
const MANY = 100;

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
  const counts = { pages: 0, journal: 0, rows: 0, objects: 0, documents: 0, erasedPayloads: 0 };
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
        counts.documents = checkSearch(vault, report);
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
        counts.erasedPayloads = verdict.erasedPayloads;
        checkErasures(vault, report);
        verdict.findings.forEach(report);
        const untied = tieJournal(vault.db.connection);
        if (untied !== null) report({ part: 'journal', code: untied, subject: 'chain' });
        for (const altered of alteredRuns(vault.db.connection)) {
          if (altered !== null)
            report({ part: 'journal', code: 'finding.altered', subject: `matching_run ${altered}` });
          await breathe(options.signal);
        }
        for (const altered of alteredCopies(vault.db.connection)) {
          if (altered !== null)
            report({ part: 'journal', code: 'export.copyAltered', subject: `ledger ${altered}` });
          await breathe(options.signal);
        }
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
  for (const name of schemaDifferences(vault).slice(0, MANY)) {
    report({ part: 'database', code: 'vault.schemaChanged', subject: name });
  }
  return pageCount.parse(connection.pragma('page_count')[0]).page_count;
};

/**
 * The index against the documents that it was made from (throws where they differ), and the documents against the
 * records: words of a record that is gone must not be found any more.
 */
const checkSearch = (vault: OpenVault, report: (finding: Finding) => void): number => {
  const { connection } = vault.db;
  compareIndex(connection);
  const stale = [...ghostDocuments(connection, MANY), ...hiddenDocuments(connection, MANY)];
  for (const { kind, ref } of stale)
    report({ part: 'search', code: 'vault.searchStale', subject: `${kind}/${ref}` });
  return documentCount(connection);
};

/** Payloads are empty where an erasure says so, and nowhere else; the list of each erasure is the one it signed. */
const checkErasures = (vault: OpenVault, report: (finding: Finding) => void): void => {
  const { connection } = vault.db;
  const damaged = (subject: string): void => {
    report({ part: 'journal', code: 'vault.journalDamaged', subject });
  };
  for (const position of unexplainedErasures(connection, MANY)) damaged(`payload ${String(position)}`);
  for (const position of unfinishedErasures(connection, MANY)) damaged(`payload ${String(position)}`);
  for (const erasure of erasures(connection)) {
    const positions = positionsOf(connection, erasure.id);
    const same =
      positions.length === erasure.payloads &&
      positionsHash(vault.ports.crypto, positions).equals(erasure.positionsHash);
    if (!same) damaged(`erasure ${erasure.id}`);
  }
  if (isErasureOpen(connection)) damaged('erasure');
};

const checkRoster = (vault: OpenVault, report: (finding: Finding) => void): void => {
  const chain = rosterChain(vault.ports.crypto, vault.vaultId, vault.db.connection);
  for (const row of chain.roster) {
    if (!rosterRowHolds(chain, row)) {
      report({ part: 'roster', code: 'vault.rosterDamaged', subject: row.id });
    }
  }
};

const checkObjects = async (
  vault: OpenVault,
  options: CheckOptions,
  report: (finding: Finding) => void,
): Promise<number> => {
  const total = objectCount(vault.db.connection);
  let done = 0;
  for (let last = ''; ;) {
    // A page at a time: memory does not grow with the number of items.
    const page = objectsAfter(vault.db.connection, last, OBJECT_PAGE);
    for (const row of page) {
      last = row.id;
      options.progress('objects', done, total);
      await breathe(options.signal);
      done += 1;
      const subject = row.objectId.toString('hex');
      try {
        if (row.deleted === 1) await requireGone(vault, row, subject);
        else await checkObject(vault, options, row, subject);
      } catch (thrown) {
        if (!isAppError(thrown) || thrown.code === 'call.cancelled') throw thrown;
        report({ part: 'objects', code: thrown.code, subject });
      }
    }
    if (page.length < OBJECT_PAGE) return done;
  }
};

const objectPath = (vault: OpenVault, name: string): string =>
  join(vault.objectsFolder, name.slice(0, 2), name);

/**
 * A deleted item has no key and no file. A key that is there again came back out of an old page or a backup; a file,
 * because it could not be reached when the item was deleted or was put back since.
 */
const requireGone = async (vault: OpenVault, row: CheckedObject, name: string): Promise<void> => {
  if (row.wrapped !== null) throw new AppError('vault.rowTampered');
  if ((await vault.ports.disk.stat(objectPath(vault, name))) !== null)
    throw new AppError('evidence.fileLeft');
};

const checkObject = async (
  vault: OpenVault,
  options: CheckOptions,
  row: CheckedObject,
  subject: string,
): Promise<void> => {
  const { ports } = vault;
  const { objectId, sizeBytes, generation, nonce, wrapped } = row;
  if (generation === null || nonce === null || wrapped === null) throw new AppError('evidence.objectDamaged');
  const key = unwrapObjectKey(
    ports.crypto,
    vault.keys.wrap,
    { vaultId: vault.vaultId, objectId },
    { generation, nonce, sealed: wrapped },
  );
  try {
    if (options.objects === 'content') {
      const reader = await new ObjectStore(ports, vault.folder).open({ objectId, key, sizeBytes });
      try {
        await reader.verify(row.sha256, { signal: options.signal });
      } finally {
        await reader.close();
      }
      return;
    }
    const stat = await ports.disk.stat(objectPath(vault, subject));
    if (stat?.kind !== 'file') throw new AppError('evidence.objectMissing');
    if (stat.sizeBytes !== ObjectStore.fileBytes(sizeBytes)) throw new AppError('evidence.objectTruncated');
  } finally {
    ports.crypto.zero(key);
  }
};
