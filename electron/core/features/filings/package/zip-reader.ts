import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { AppError } from '#shared/errors.ts';

/** Positioned reads of something of a known size: a file behind the disk port, or bytes in memory. */
export interface ByteSource {
  readonly size: number;
  /** Gives exactly `length` bytes from `position`. */
  read(position: number, length: number): Promise<Buffer>;
}

export interface ZipFileEntry {
  readonly name: string;
  readonly size: number;
  readonly storedSize: number;
  readonly crc: number;
  readonly method: 0 | 8;
  readonly headerOffset: number;
}

/** Bounds that hold before any number of the file is believed. */
export const ZIP_BOUNDS = {
  entries: 100_000,
  directoryBytes: 64 * 1024 * 1024,
  nameBytes: 1_024,
  contentBytes: 1024 ** 4,
  /** Above the best that deflate can do on honest data of any size. */
  ratio: 1_040,
} as const;

const CHUNK = 1024 * 1024;
const LIMIT_32 = 0xffffffff;

const odd = (): AppError => new AppError('package.unreadable');

const number64 = (bytes: Buffer, at: number): number => {
  const value = bytes.readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw odd();
  return Number(value);
};

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

const findDirectory = async (source: ByteSource): Promise<Directory> => {
  if (source.size < 22) throw odd();
  const end = await source.read(source.size - 22, 22);
  // No archive comment is allowed, so the end record stands at one place only: no second reading of the file exists.
  if (end.readUInt32LE(0) !== 0x06054b50 || end.readUInt16LE(20) !== 0) throw odd();
  if (end.readUInt16LE(4) !== 0 || end.readUInt16LE(6) !== 0) throw odd();
  if (end.readUInt16LE(8) !== end.readUInt16LE(10)) throw odd();
  let count = end.readUInt16LE(10);
  let size = end.readUInt32LE(12);
  let offset = end.readUInt32LE(16);
  let limit = source.size - 22;
  if (count === 0xffff || size === LIMIT_32 || offset === LIMIT_32) {
    if (limit < 76) throw odd();
    const locator = await source.read(limit - 20, 20);
    if (locator.readUInt32LE(0) !== 0x07064b50 || locator.readUInt32LE(4) !== 0) throw odd();
    const at = number64(locator, 8);
    if (at !== limit - 76) throw odd();
    const record = await source.read(at, 56);
    if (record.readUInt32LE(0) !== 0x06064b50 || number64(record, 4) !== 44) throw odd();
    if (record.readUInt32LE(16) !== 0 || record.readUInt32LE(20) !== 0) throw odd();
    count = number64(record, 32);
    if (number64(record, 24) !== count) throw odd();
    size = number64(record, 40);
    offset = number64(record, 48);
    limit = at;
  }
  if (count > ZIP_BOUNDS.entries || size > ZIP_BOUNDS.directoryBytes || offset + size !== limit) throw odd();
  return { offset, size, count };
};

/** A path that stays inside the folder it is unpacked into, on every system. */
const isSafeName = (name: string): boolean =>
  name.length > 0 &&
  !/[\\:\u0000-\u001f\u007f]/.test(name) && // eslint-disable-line no-control-regex -- controls are what is refused
  name === name.normalize('NFC') &&
  name.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[. ]$/.test(part));

interface ParsedSizes {
  size: number;
  storedSize: number;
  headerOffset: number;
}

const readZip64 = (extra: Buffer, raw: ParsedSizes): ParsedSizes => {
  const out = { ...raw };
  let at = 0;
  let used = false;
  while (at < extra.length) {
    if (at + 4 > extra.length) throw odd();
    const id = extra.readUInt16LE(at);
    const length = extra.readUInt16LE(at + 2);
    const end = at + 4 + length;
    if (end > extra.length) throw odd();
    if (id === 1) {
      if (used) throw odd();
      used = true;
      let next = at + 4;
      for (const key of ['size', 'storedSize', 'headerOffset'] as const) {
        if (raw[key] !== LIMIT_32) continue;
        if (next + 8 > end) throw odd();
        out[key] = number64(extra, next);
        next += 8;
      }
      if (next !== end) throw odd();
    }
    at = end;
  }
  return out;
};

/**
 * Lists a zip by its central directory alone, refusing whatever two readers could understand in two ways:
 * comments, gaps or data before the first entry, overlaps, several volumes, encryption, other methods than
 * stored and deflate, names twice (case aside), names that climb out or that a system would change, links,
 * sizes beyond bounds. A package made elsewhere is hostile until it is checked; this code is bounded and
 * interprets nothing but names, sizes and checksums.
 * Throws `AppError` `package.unreadable`.
 */
export const readZipDirectory = async (source: ByteSource): Promise<ZipFileEntry[]> => {
  const directory = await findDirectory(source);
  const bytes = await source.read(directory.offset, directory.size);
  const entries: ZipFileEntry[] = [];
  const names = new Set<string>();
  let at = 0;
  let total = 0;
  for (let index = 0; index < directory.count; index += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw odd();
    const flags = bytes.readUInt16LE(at + 8);
    const method = bytes.readUInt16LE(at + 10);
    const nameLength = bytes.readUInt16LE(at + 28);
    const extraLength = bytes.readUInt16LE(at + 30);
    const commentLength = bytes.readUInt16LE(at + 32);
    const attributes = bytes.readUInt32LE(at + 38);
    const next = at + 46 + nameLength + extraLength;
    if (commentLength !== 0 || nameLength > ZIP_BOUNDS.nameBytes || next > bytes.length) throw odd();
    // Bit 3 (sizes behind the data) and bit 11 (UTF-8) say nothing dangerous; every other bit changes the meaning.
    if ((flags & ~0x080e) !== 0 || bytes.readUInt16LE(at + 34) !== 0) throw odd();
    if (method !== 0 && method !== 8) throw odd();
    const fileType = (attributes >>> 16) & 0o170000;
    if ((bytes[at + 5] ?? 0) === 3 && fileType !== 0 && fileType !== 0o100000 && fileType !== 0o040000)
      throw odd();
    const rawName = bytes.subarray(at + 46, at + 46 + nameLength);
    let name: string;
    try {
      name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawName);
    } catch (cause) {
      throw new AppError('package.unreadable', { cause });
    }
    const sizes = readZip64(bytes.subarray(at + 46 + nameLength, next), {
      storedSize: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      headerOffset: bytes.readUInt32LE(at + 42),
    });
    at = next;
    if (name.endsWith('/')) {
      // A folder entry of another zip program: harmless, and checked like a file name.
      if (!isSafeName(name.slice(0, -1)) || sizes.size !== 0) throw odd();
    } else if (!isSafeName(name)) throw odd();
    const key = name.toLowerCase();
    if (names.has(key)) throw odd();
    names.add(key);
    if (method === 0 && sizes.size !== sizes.storedSize) throw odd();
    if (sizes.size > sizes.storedSize * ZIP_BOUNDS.ratio + 1_024) throw odd();
    total += sizes.size;
    if (total > ZIP_BOUNDS.contentBytes) throw odd();
    entries.push({
      name,
      crc: bytes.readUInt32LE(at - nameLength - extraLength - 46 + 16),
      method,
      ...sizes,
    });
  }
  if (at !== bytes.length) throw odd();
  await assertTiles(source, entries, directory.offset);
  return entries.filter((entry) => !entry.name.endsWith('/'));
};

/** Where the stored bytes of an entry begin, after its own header has been found equal to the directory. */
const dataOffset = async (source: ByteSource, entry: ZipFileEntry, limit: number): Promise<number> => {
  if (entry.headerOffset + 30 > limit) throw odd();
  const header = await source.read(entry.headerOffset, 30);
  if (header.readUInt32LE(0) !== 0x04034b50 || header.readUInt16LE(8) !== entry.method) throw odd();
  const nameLength = header.readUInt16LE(26);
  const start = entry.headerOffset + 30 + nameLength + header.readUInt16LE(28);
  if (start + entry.storedSize > limit) throw odd();
  const name = await source.read(entry.headerOffset + 30, nameLength);
  if (!name.equals(Buffer.from(entry.name, 'utf8'))) throw odd();
  return start;
};

/** Entries must follow each other from the first byte to the directory; only a data descriptor may stand between. */
const assertTiles = async (
  source: ByteSource,
  entries: readonly ZipFileEntry[],
  end: number,
): Promise<void> => {
  const inOrder = [...entries].sort((a, b) => a.headerOffset - b.headerOffset);
  let expected = 0;
  let slack = 0;
  for (const entry of inOrder) {
    if (entry.headerOffset < expected || entry.headerOffset > expected + slack) throw odd();
    expected = (await dataOffset(source, entry, end)) + entry.storedSize;
    slack = 24;
  }
  if (end < expected || end > expected + slack) throw odd();
};

async function* storedBytes(source: ByteSource, start: number, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < length; at += CHUNK)
    yield await source.read(start + at, Math.min(CHUNK, length - at));
}

/**
 * Streams the content of one entry, never more than its directory says.
 * Throws `AppError` `package.unreadable` where size or CRC differ in the end.
 */
export async function* readZipEntry(source: ByteSource, entry: ZipFileEntry): AsyncGenerator<Buffer> {
  const start = await dataOffset(source, entry, source.size);
  const stored = storedBytes(source, start, entry.storedSize);
  const content: AsyncIterable<Buffer> = entry.method === 0 ? stored : inflate(stored, entry.storedSize);
  let size = 0;
  let crc = 0;
  try {
    for await (const chunk of content) {
      size += chunk.length;
      if (size > entry.size) throw odd();
      crc = crc32(chunk, crc);
      yield chunk;
    }
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('package.unreadable', { cause });
  }
  if (size !== entry.size || crc !== entry.crc) throw odd();
}

async function* inflate(stored: AsyncIterable<Buffer>, storedSize: number): AsyncGenerator<Buffer> {
  const stream = createInflateRaw();
  const input = Readable.from(stored, { objectMode: false });
  input.on('error', (error) => stream.destroy(error));
  input.pipe(stream);
  try {
    for await (const chunk of stream) yield chunk as Buffer;
    // Bytes behind the end of the compressed data would be hidden from every other reader.
    if (stream.bytesWritten !== storedSize) throw odd();
  } finally {
    input.destroy();
    stream.destroy();
  }
}

/** Bytes in memory as a source. */
export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (position, length) => {
    if (position < 0 || position + length > bytes.length) return Promise.reject(odd());
    return Promise.resolve(Buffer.from(bytes.subarray(position, position + length)));
  },
});
