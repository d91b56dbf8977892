import { crc32, deflateRawSync } from 'node:zlib';

/**
 * A zip in which nothing depends on the computer, the moment or the user: names sorted by code unit, every
 * date 1980-01-01 00:00, mode 0644 on a plain file, no comments, no directory entries, and no extra fields
 * except the zip64 ones that a file of 4 GiB or more cannot do without.
 */
export interface ZipEntry {
  /** ASCII path with `/`, no leading slash. */
  readonly name: string;
  /** Bytes as stored in the archive. */
  readonly storedSize: number;
  /** Bytes of the content. */
  readonly size: number;
  readonly crc: number;
  readonly method: 'store' | 'deflate';
  /** Gives the stored bytes, `storedSize` of them in all. */
  open(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

const LIMIT_32 = 0xffffffff;
const LIMIT_16 = 0xffff;
/** 1 January 1980: day 1, month 1, year 0 of the format. */
const DOS_DATE = 0x0021;
const DOS_TIME = 0;
const MADE_BY = (3 << 8) | 45;
/** Plain file, rw-r--r--. */
const ATTRIBUTES = (0o100644 << 16) >>> 0;
const NAME = /^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\x20-\x5b\x5d-\x7e]{1,255}$/;

/** An entry whose bytes are at hand; `deflate` uses level 9. */
export const entryOfBytes = (
  name: string,
  bytes: Uint8Array,
  method: ZipEntry['method'] = 'store',
): ZipEntry => {
  const stored = method === 'store' ? bytes : deflateRawSync(bytes, { level: 9, memLevel: 9 });
  return {
    name,
    storedSize: stored.length,
    size: bytes.length,
    crc: crc32(bytes),
    method,
    open: () => [stored],
  };
};

interface Placed {
  readonly entry: ZipEntry;
  readonly offset: number;
}

const versionNeeded = (zip64: boolean): number => (zip64 ? 45 : 20);
const method = (entry: ZipEntry): number => (entry.method === 'store' ? 0 : 8);
const isLarge = (entry: ZipEntry): boolean => entry.size >= LIMIT_32 || entry.storedSize >= LIMIT_32;

const zip64Field = (values: readonly number[]): Buffer => {
  if (values.length === 0) return Buffer.alloc(0);
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, at) => field.writeBigUInt64LE(BigInt(value), 4 + 8 * at));
  return field;
};

const localHeader = (entry: ZipEntry): Buffer => {
  const name = Buffer.from(entry.name, 'ascii');
  const large = isLarge(entry);
  const extra = zip64Field(large ? [entry.size, entry.storedSize] : []);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(versionNeeded(large), 4);
  header.writeUInt16LE(method(entry), 8);
  header.writeUInt16LE(DOS_TIME, 10);
  header.writeUInt16LE(DOS_DATE, 12);
  header.writeUInt32LE(entry.crc, 14);
  header.writeUInt32LE(large ? LIMIT_32 : entry.storedSize, 18);
  header.writeUInt32LE(large ? LIMIT_32 : entry.size, 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
};

const centralHeader = ({ entry, offset }: Placed): Buffer => {
  const name = Buffer.from(entry.name, 'ascii');
  const large = isLarge(entry);
  const far = offset >= LIMIT_32;
  const extra = zip64Field([...(large ? [entry.size, entry.storedSize] : []), ...(far ? [offset] : [])]);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(MADE_BY, 4);
  header.writeUInt16LE(versionNeeded(large || far), 6);
  header.writeUInt16LE(method(entry), 10);
  header.writeUInt16LE(DOS_TIME, 12);
  header.writeUInt16LE(DOS_DATE, 14);
  header.writeUInt32LE(entry.crc, 16);
  header.writeUInt32LE(large ? LIMIT_32 : entry.storedSize, 20);
  header.writeUInt32LE(large ? LIMIT_32 : entry.size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(ATTRIBUTES, 38);
  header.writeUInt32LE(far ? LIMIT_32 : offset, 42);
  return Buffer.concat([header, name, extra]);
};

const endRecords = (count: number, size: number, offset: number): Buffer => {
  const parts: Buffer[] = [];
  const large = count >= LIMIT_16 || size >= LIMIT_32 || offset >= LIMIT_32;
  if (large) {
    const record = Buffer.alloc(56);
    record.writeUInt32LE(0x06064b50, 0);
    record.writeBigUInt64LE(44n, 4);
    record.writeUInt16LE(MADE_BY, 12);
    record.writeUInt16LE(45, 14);
    record.writeBigUInt64LE(BigInt(count), 24);
    record.writeBigUInt64LE(BigInt(count), 32);
    record.writeBigUInt64LE(BigInt(size), 40);
    record.writeBigUInt64LE(BigInt(offset), 48);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(BigInt(offset + size), 8);
    locator.writeUInt32LE(1, 16);
    parts.push(record, locator);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, LIMIT_16), 8);
  end.writeUInt16LE(Math.min(count, LIMIT_16), 10);
  end.writeUInt32LE(Math.min(size, LIMIT_32), 12);
  end.writeUInt32LE(Math.min(offset, LIMIT_32), 16);
  parts.push(end);
  return Buffer.concat(parts);
};

/** `a` before `b` by code unit: the same in every locale. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Streams a zip of the entries, one after the other, in the order of their names (or as given, with
 * `order: 'given'`, for formats that ask for a first part). Memory: one chunk.
 * Throws a `RangeError` where a name is unfit or twice there, or a source gives other bytes than it promised:
 * mistakes of the caller, never of an input.
 */
export async function* writeZip(
  entries: readonly ZipEntry[],
  options: { order?: 'sorted' | 'given' } = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const sorted =
    options.order === 'given' ? [...entries] : [...entries].sort((a, b) => byCodeUnit(a.name, b.name));
  const seen = new Set<string>();
  for (const { name } of sorted) {
    // Names that differ in case alone overwrite each other on Windows and macOS.
    if (!NAME.test(name) || seen.has(name.toLowerCase())) throw new RangeError('name of a zip entry');
    seen.add(name.toLowerCase());
  }
  const placed: Placed[] = [];
  let offset = 0;
  for (const entry of sorted) {
    placed.push({ entry, offset });
    const header = localHeader(entry);
    yield header;
    offset += header.length;
    let given = 0;
    let crc = 0;
    for await (const chunk of entry.open()) {
      given += chunk.length;
      if (given > entry.storedSize) throw new RangeError('size of a zip entry');
      if (entry.method === 'store') crc = crc32(chunk, crc);
      yield chunk;
    }
    if (given !== entry.storedSize) throw new RangeError('size of a zip entry');
    if (entry.method === 'store' && crc !== entry.crc) throw new RangeError('content of a zip entry');
    offset += given;
  }
  const directory = offset;
  for (const one of placed) {
    const header = centralHeader(one);
    yield header;
    offset += header.length;
  }
  yield endRecords(placed.length, offset - directory, directory);
}

/** A whole small zip in memory. */
export const zipBytes = async (
  entries: readonly ZipEntry[],
  options: { order?: 'sorted' | 'given' } = {},
): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeZip(entries, options)) chunks.push(chunk);
  return Buffer.concat(chunks);
};
