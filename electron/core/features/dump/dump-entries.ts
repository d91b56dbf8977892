import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AppError } from '#shared/errors.ts';
import { BEGINNING_BYTES, beginsAsProgram, isExecutable } from '#shared/rules/dangerous-files.ts';
import en from '#resources/messages/en/dump-words.json' with { type: 'json' };
import es from '#resources/messages/es/dump-words.json' with { type: 'json' };
import type { OpenCall, TaskHandle } from '../../context.ts';
import { unwrapObjectKey } from '../../crypto/object-format.ts';
import { AUDITED_TABLES } from '../../db/audited-tables.ts';
import type { Connection } from '../../db/connection.ts';
import { safeFileName } from '../../files/safe-name.ts';
import { objectStore } from '../evidence/index.ts';
import { encryptAge, type ZipEntry } from '../filings/index.ts';
import {
  dumpedTables,
  evidenceAfter,
  journalHead,
  LEFT_OUT,
  preservedOnly,
  reservedPositions,
  rowCount,
  type DumpedEvidence,
  type Table,
} from './dump-repo.ts';
import type { DumpPlan } from './plans.ts';
import { tableLines, tableSchema, type RowFilter } from './table-lines.ts';
import { VERIFY_PROGRAM } from './verify-program.ts';

type Dumping = OpenCall & { readonly task: TaskHandle };

/** What a dump is made from: a snapshot of the database that nothing changes meanwhile. */
export interface DumpSource {
  readonly call: Dumping;
  readonly plan: DumpPlan;
  readonly snapshot: Connection;
  readonly day: string;
  /** UTF-8 of the passphrase for files that may be run; null: they are inside an age file already. */
  readonly executablesKey: Uint8Array | null;
  /** Path of a new work file, removed afterwards; only ciphertext goes there. */
  readonly workFile: () => string;
}

export interface DumpEntries {
  readonly entries: readonly ZipEntry[];
  readonly tables: number;
  readonly rows: number;
  readonly evidence: number;
  readonly executables: number;
}

const PIECE = 4 * 1024 * 1024;
const PAGE = 200;

interface Measured {
  readonly size: number;
  readonly crc: number;
  readonly sha256: string;
}

const measure = async (content: AsyncIterable<Uint8Array>): Promise<Measured> => {
  const hash = createHash('sha256');
  let crc = 0;
  let size = 0;
  for await (const piece of content) {
    hash.update(piece);
    crc = crc32(piece, crc);
    size += piece.length;
  }
  return { size, crc, sha256: hash.digest('hex') };
};

const fixed = (bytes: Uint8Array): (() => AsyncIterable<Uint8Array>) =>
  async function* () {
    yield await Promise.resolve(bytes);
  };

/** Decrypts an item piece by piece, all of it or its first bytes; what it gives was proved before. */
async function* contentOf(
  source: DumpSource,
  item: DumpedEvidence,
  end = item.sizeBytes,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { core, session, task } = source.call;
  const ids = { vaultId: session.vaultId, objectId: item.objectId };
  const key = unwrapObjectKey(core.ports.crypto, session.keys.wrap, ids, item.key);
  const store = objectStore({ core, session });
  try {
    const reader = await store.open({ objectId: item.objectId, key, sizeBytes: item.sizeBytes });
    try {
      const to = Math.min(item.sizeBytes, end);
      for (let at = 0; at < to; at += PIECE) {
        if (task.signal.aborted) throw new AppError('call.cancelled');
        yield await reader.read(at, Math.min(to, at + PIECE));
      }
    } finally {
      await reader.close();
    }
  } finally {
    core.ports.crypto.zero(key);
  }
}

/** By type, name or first bytes, as where a single item is saved: a program that was renamed is one all the same. */
const isProgram = async (source: DumpSource, item: DumpedEvidence): Promise<boolean> => {
  if (isExecutable(item)) return true;
  for await (const head of contentOf(source, item, BEGINNING_BYTES)) return beginsAsProgram(head);
  return false;
};

/** Names in the archive are plain ASCII: any tool on any system unpacks them to the same name. */
const asciiName = (name: string): string => {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, '_')
    .replace(/[\\"]/gu, '_');
  return /[A-Za-z0-9]/u.test(plain) ? plain.slice(0, 120) : 'archivo';
};

/** An executable inside a dump in clear: encrypted once into a work file, read from there twice. */
const sealedCopy = async (
  source: DumpSource,
  item: DumpedEvidence,
  passphrase: Uint8Array,
): Promise<() => AsyncIterable<Uint8Array>> => {
  const { disk, random, crypto } = source.call.core.ports;
  const path = source.workFile();
  const file = await disk.open(path, 'create');
  let size = 0;
  try {
    const lock = { kind: 'passphrase', passphrase } as const;
    for await (const piece of encryptAge(contentOf(source, item), lock, { random, crypto })) {
      await file.write(piece, size);
      size += piece.length;
    }
  } finally {
    await file.close();
  }
  return async function* () {
    const reading = await disk.open(path, 'read');
    try {
      for (let at = 0; at < size; at += PIECE) {
        const buffer = Buffer.allocUnsafeSlow(Math.min(PIECE, size - at));
        for (let done = 0; done < buffer.length;) {
          const got = await reading.read(buffer.subarray(done), at + done);
          if (got === 0) throw new AppError('disk.notReadable');
          done += got;
        }
        yield buffer;
      }
    } finally {
      await reading.close();
    }
  };
};

/** Collects the files of a dump, measures each, and writes the list of their hashes last. */
class Collector {
  readonly entries: ZipEntry[] = [];
  readonly #hashes: string[] = [];

  async add(name: string, open: () => AsyncIterable<Uint8Array>): Promise<Measured> {
    const measured = await measure(open());
    const { size, crc, sha256 } = measured;
    this.entries.push({ name, storedSize: size, size, crc, method: 'store', open });
    this.#hashes.push(`${sha256}  ${name}\n`);
    return measured;
  }

  async finish(): Promise<readonly ZipEntry[]> {
    await this.add('manifest-sha256.txt', fixed(Buffer.from([...this.#hashes].sort().join(''), 'ascii')));
    return this.entries;
  }
}

const filterFor = (table: Table, hidden: ReadonlySet<number>): { filter: RowFilter } | object =>
  table.name === 'journal_payload' && hidden.size > 0
    ? {
        filter: (row: Record<string, unknown>) =>
          hidden.has(Number(row['position'])) ? { ...row, salt: Buffer.alloc(16), payload: null } : row,
      }
    : {};

const addEvidence = async (
  source: DumpSource,
  to: Collector,
): Promise<{ evidence: number; executables: number; index: string[] }> => {
  const index: string[] = [];
  let evidence = 0;
  let executables = 0;
  for (let last = ''; ;) {
    const page = evidenceAfter(source.snapshot, last, PAGE);
    for (const item of page) {
      last = item.id;
      evidence += 1;
      source.call.task.progress('evidence', evidence, 0, 'items');
      const number = String(evidence).padStart(6, '0');
      const name = asciiName(safeFileName(item.originalName, `evidence-${number}`));
      const sealed = source.executablesKey !== null && (await isProgram(source, item));
      const path = `evidence/${number}/${name}${sealed ? '.age' : ''}`;
      const open =
        sealed && source.executablesKey !== null
          ? await sealedCopy(source, item, source.executablesKey)
          : (): AsyncIterable<Uint8Array> => contentOf(source, item);
      const measured = await to.add(path, open);
      const sha256 = item.sha256.toString('hex');
      if (!sealed && measured.sha256 !== sha256) throw new AppError('evidence.objectDamaged');
      if (sealed) executables += 1;
      const { id, originalName, mime, sizeBytes } = item;
      index.push(
        `${JSON.stringify({ id, path, originalName, mime, sizeBytes, sha256, encrypted: sealed })}\n`,
      );
    }
    if (page.length < PAGE) return { evidence, executables, index };
  }
};

/**
 * Everything that a dump consists of, measured: a zip of ours names sizes before contents. Each thing is read twice,
 * once here and once when it is written; memory stays at one page of rows and one piece of a file.
 *
 * @throws AppError `evidence.object*`, `disk.*`, `call.cancelled`
 */
export const collectDump = async (source: DumpSource): Promise<DumpEntries> => {
  const { plan, snapshot, call } = source;
  const { signal } = call.task;
  const to = new Collector();
  const tables = dumpedTables(snapshot);
  const hidden = plan.reservedNotes ? new Set<number>() : reservedPositions(snapshot);
  const counts: Record<string, number> = {};
  for (const [at, table] of tables.entries()) {
    if (signal.aborted) throw new AppError('call.cancelled');
    call.task.progress('tables', at, tables.length, 'items');
    const options = { reserved: plan.reservedNotes, signal, ...filterFor(table, hidden) };
    await to.add(`tables/${table.name}.jsonl`, () => tableLines(snapshot, table, options));
    await to.add(`schemas/${table.name}.schema.json`, fixed(tableSchema(table)));
    counts[table.name] = rowCount(snapshot, table, plan.reservedNotes);
  }
  const { evidence, executables, index } = await addEvidence(source, to);
  if (signal.aborted) throw new AppError('call.cancelled');
  await to.add('evidence/index.jsonl', fixed(Buffer.from(index.join(''))));
  const leftOut = [...hidden].sort((a, b) => a - b);
  await to.add(
    'left-out.jsonl',
    fixed(
      Buffer.from(
        leftOut.map((position) => `${JSON.stringify({ position, why: 'reserved note' })}\n`).join(''),
      ),
    ),
  );
  const head = journalHead(snapshot);
  const facts = {
    format: 'resguardo-dump',
    version: 1,
    day: source.day,
    vaultId: call.session.vaultId.toString('hex'),
    journal: { entries: head.position, head: head.hash },
    tables: counts,
    auditedTables: AUDITED_TABLES.filter((name) => counts[name] !== undefined),
    evidence,
    // Copies that may be kept and not read: their rows are here, their content and what was made of it is not.
    preservedOnlyLeftOut: preservedOnly(snapshot),
    reservedNotes: plan.reservedNotes ? 'included' : 'left out',
    leftOut: LEFT_OUT,
  };
  await to.add('vault.json', fixed(Buffer.from(`${JSON.stringify(facts, null, 2)}\n`)));
  for (const [name, words] of [
    ['LEEME.txt', es],
    ['README.txt', en],
  ] as const) {
    const reserved = plan.reservedNotes ? words.reservedIn : words.reservedOut;
    const text = words.readme.join('\n').replace('{day}', source.day).replace('{reserved}', reserved);
    await to.add(name, fixed(Buffer.from(`${text}\n`)));
  }
  await to.add('verify_dump.py', fixed(Buffer.from(VERIFY_PROGRAM)));
  return {
    entries: await to.finish(),
    tables: tables.length,
    rows: Object.values(counts).reduce((sum, count) => sum + count, 0),
    evidence,
    executables,
  };
};
