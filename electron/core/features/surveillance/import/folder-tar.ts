import { basename, join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { KEPT_MANIFEST, PHONE_LIMITS } from '#shared/parser/phone.ts';
import type { Crypto, Disk } from '../../../ports/index.ts';
import { onDisk } from '../../../files/disk-errors.ts';
import { openFileSource, type FileSource, type ObjectSource } from '../../../files/object-source.ts';

const BLOCK = 512;
const MAX_DEPTH = 64;
/** Two blocks of zeros end a tar. */
const END_BYTES = 2 * BLOCK;
/** Largest length that the octal field holds. */
const MAX_PLAIN_BYTES = 0o77777777777;

interface Member {
  /** Below the folder, with `/` between. */
  readonly path: string;
  readonly diskPath: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** A folder as it will be kept. */
export interface FolderPlan {
  readonly members: readonly Member[];
  /** Links, pipes and devices: they are not followed and not kept. */
  readonly leftOut: number;
}

/** What tells of the others comes first: a reader then knows the tool before it sees records. */
const rank = (name: string): number => (name === 'info.json' ? 0 : name === 'command.log' ? 1 : 2);

/**
 * Lists the files of a folder, in an order that is the same on every computer. Links are not followed.
 *
 * @throws AppError `import.tooManyFiles`, `import.emptyFolder`, `disk.*`
 */
export async function planFolder(disk: Disk, root: string, signal?: AbortSignal): Promise<FolderPlan> {
  const members: Member[] = [];
  let leftOut = 0;
  const walk = async (folder: string, prefix: string, depth: number): Promise<void> => {
    if (depth > MAX_DEPTH) throw new AppError('import.tooManyFiles');
    const names = (await onDisk('reading', () => disk.list(folder))).sort(
      (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1),
    );
    for (const name of names) {
      if (signal?.aborted === true) throw new AppError('call.cancelled');
      // Names come from the folder itself and are not written anywhere: even odd ones are read.
      const diskPath = join(folder, name);
      const stat = await onDisk('reading', () => disk.stat(diskPath));
      if (stat === null) throw new AppError('evidence.changedWhileReading');
      const path = `${prefix}${name}`;
      if (stat.kind === 'folder') await walk(diskPath, `${path}/`, depth + 1);
      else if (stat.kind !== 'file') leftOut += 1;
      else {
        if (members.length >= PHONE_LIMITS.members) throw new AppError('import.tooManyFiles');
        members.push({ path, diskPath, sizeBytes: stat.sizeBytes, modifiedMs: stat.modifiedMs });
      }
    }
  };
  await walk(root, '', 0);
  if (members.length === 0) throw new AppError('import.emptyFolder');
  return { members, leftOut };
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

function header(name: string, size: number, seconds: number, kind: '0' | 'x'): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 100, 'utf8');
  block.write('0000600\0', 100, 'latin1');
  block.write('0000000\0', 108, 'latin1');
  block.write('0000000\0', 116, 'latin1');
  block.write(`${octal(Math.min(size, MAX_PLAIN_BYTES), 11)}\0`, 124, 'latin1');
  block.write(`${octal(seconds, 11)}\0`, 136, 'latin1');
  block.write('        ', 148, 'latin1');
  block.write(kind, 156, 'latin1');
  block.write('ustar\0', 257, 'latin1');
  block.write('00', 263, 'latin1');
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return block;
}

/** A line of an extended header counts itself. */
function extendedLine(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.from(`${String(length)} ${key}=${value}\n`);
}

/** The blocks before a file's content. Names and lengths that the old form cannot hold stand in an extended header. */
function headersOf(path: string, size: number, modifiedMs: number): Buffer {
  const seconds = Math.max(0, Math.min(MAX_PLAIN_BYTES, Math.floor(modifiedMs / 1_000)));
  const isPlain = Buffer.byteLength(path) <= 100 && /^[\x20-\x7e]*$/u.test(path);
  if (isPlain && size <= MAX_PLAIN_BYTES) return header(path, size, seconds, '0');
  const lines = Buffer.concat([
    ...(isPlain ? [] : [extendedLine('path', path)]),
    ...(size <= MAX_PLAIN_BYTES ? [] : [extendedLine('size', String(size))]),
  ]);
  const extra = Buffer.alloc(padded(lines.length));
  lines.copy(extra);
  const short = basename(path)
    .replaceAll(/[^\x20-\x7e]/gu, '_')
    .slice(0, 90);
  return Buffer.concat([
    header('extended', lines.length, seconds, 'x'),
    extra,
    header(short, size, seconds, '0'),
  ]);
}

const manifestLine = (sha256: string, path: string): string =>
  // The form of `sha256sum`; a name with a line end in it would start a new line.
  `${sha256}  ${path.replaceAll(/[\r\n]/gu, '?')}\n`;

/**
 * A folder as one stream of bytes of known length: a tar with its files in order and, last, a list of their SHA-256
 * that `sha256sum -c` reads. Every file is read once, and none may change meanwhile.
 */
export class FolderTar implements ObjectSource {
  readonly sizeBytes: number;
  readonly #disk: Disk;
  readonly #crypto: Crypto;
  readonly #plan: FolderPlan;
  readonly #pieces: AsyncGenerator<Buffer>;
  #piece: Buffer = Buffer.alloc(0);
  #position = 0;
  #open: FileSource | null = null;

  constructor(disk: Disk, crypto: Crypto, plan: FolderPlan) {
    this.#disk = disk;
    this.#crypto = crypto;
    this.#plan = plan;
    let size = 0;
    let manifest = 0;
    for (const { path, sizeBytes, modifiedMs } of plan.members) {
      size += headersOf(path, sizeBytes, modifiedMs).length + padded(sizeBytes);
      manifest += Buffer.byteLength(manifestLine('0'.repeat(64), path));
    }
    this.sizeBytes = size + headersOf(KEPT_MANIFEST, manifest, 0).length + padded(manifest) + END_BYTES;
    this.#pieces = this.#produce();
  }

  async *#produce(): AsyncGenerator<Buffer> {
    const lines: string[] = [];
    const buffer = Buffer.allocUnsafeSlow(1024 * 1024);
    for (const member of this.#plan.members) {
      const source = await openFileSource(this.#disk, member.diskPath);
      this.#open = source;
      if (source.sizeBytes !== member.sizeBytes) throw new AppError('evidence.changedWhileReading');
      yield headersOf(member.path, member.sizeBytes, member.modifiedMs);
      const hash = this.#crypto.sha256Stream();
      for (let at = 0; at < member.sizeBytes;) {
        const count = await source.read(
          buffer.subarray(0, Math.min(buffer.length, member.sizeBytes - at)),
          at,
        );
        if (count === 0) throw new AppError('evidence.changedWhileReading');
        hash.update(buffer.subarray(0, count));
        at += count;
        yield buffer.subarray(0, count);
      }
      await source.assertUnchanged();
      this.#open = null;
      await source.close();
      yield Buffer.alloc(padded(member.sizeBytes) - member.sizeBytes);
      lines.push(manifestLine(hash.digest().toString('hex'), member.path));
    }
    const manifest = Buffer.from(lines.join(''));
    yield headersOf(KEPT_MANIFEST, manifest.length, 0);
    yield manifest;
    yield Buffer.alloc(padded(manifest.length) - manifest.length + END_BYTES);
  }

  /** In order only: an object is written from its first byte to its last. */
  async read(buffer: Buffer, position: number): Promise<number> {
    if (position !== this.#position) throw new AppError('call.internal');
    while (this.#piece.length === 0) {
      const next = await this.#pieces.next();
      if (next.done === true) return 0;
      this.#piece = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
    }
    const count = this.#piece.copy(buffer, 0, 0, Math.min(buffer.length, this.#piece.length));
    this.#piece = this.#piece.subarray(count);
    this.#position += count;
    return count;
  }

  /** Each file was looked at again when its last byte had been read. */
  assertUnchanged(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.#pieces.return(undefined);
    await this.#open?.close();
    this.#open = null;
  }
}
