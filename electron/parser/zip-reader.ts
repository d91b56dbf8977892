import { inflateRawSync } from 'node:zlib';
import { Refusal } from './refusal.ts';

/**
 * A strict reader of zip files for the leak check. Libraries read an archive as a user would; here every
 * byte has to be accounted for, so both directories are read, compared, and everything between them named.
 */
export interface ZipEntry {
  readonly name: string;
  /** Name as bytes, because names need not be UTF-8. */
  readonly rawName: Uint8Array;
  readonly comment: Uint8Array;
  readonly extraCentral: Uint8Array;
  readonly extraLocal: Uint8Array;
  readonly localName: Uint8Array;
  readonly method: number;
  readonly encrypted: boolean;
  readonly modified: string;
  readonly mode: number;
  readonly madeBy: number;
  readonly packed: Uint8Array;
  readonly size: number;
  readonly crc: number;
}

export interface ZipReading {
  readonly entries: ZipEntry[];
  readonly comment: Uint8Array;
  /** Bytes that belong to no entry and no directory. */
  readonly gaps: { start: number; bytes: Uint8Array }[];
  /** Disagreements and damage, in words without content. */
  readonly faults: string[];
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const MAX_ENTRIES = 20_000;

const dosTime = (time: number, date: number): string => {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${1980 + (date >> 9)}-${two((date >> 5) & 15)}-${two(date & 31)} ${two(time >> 11)}:${two((time >> 5) & 63)}:${two((time & 31) * 2)}`;
};

/** Length of the data descriptor behind an entry, with or without its signature. */
const descriptorLength = (view: DataView, at: number, crc: number, packed: number): number => {
  const fits = (length: number): boolean => at + length <= view.byteLength;
  if (fits(16) && view.getUint32(at, true) === 0x08074b50 && view.getUint32(at + 4, true) === crc) return 16;
  if (fits(12) && view.getUint32(at, true) === crc && view.getUint32(at + 4, true) === packed) return 12;
  return 0;
};

/** Whether bytes begin like a zip file. */
export const looksLikeZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 &&
  bytes[1] === 0x4b &&
  ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6));

/** Reads the directories of an archive. Refuses what is none; more entries than any document has; Zip64. */
export const readZip = (bytes: Uint8Array): ZipReading => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = -1;
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 65_557); at -= 1) {
    if (view.getUint32(at, true) === END) {
      end = at;
      break;
    }
  }
  if (end < 0) throw new Refusal(looksLikeZip(bytes) ? 'parser.damagedFile' : 'parser.unsupported');
  const faults: string[] = [];
  const used: { start: number; end: number }[] = [];
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  const commentLength = view.getUint16(end + 20, true);
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff)
    throw new Refusal('parser.unsupported');
  if (count > MAX_ENTRIES) throw new Refusal('parser.tooLarge');
  if (view.getUint16(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count)
    faults.push('several volumes');
  const comment = bytes.subarray(end + 22, Math.min(bytes.length, end + 22 + commentLength));
  used.push({ start: end, end: end + 22 + comment.length });
  if (start + size > end) throw new Refusal('parser.damagedFile');

  const entries: ZipEntry[] = [];
  let at = start;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) throw new Refusal('parser.damagedFile');
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const entryCommentLength = view.getUint16(at + 32, true);
    const next = at + 46 + nameLength + extraLength + entryCommentLength;
    if (next > end) throw new Refusal('parser.damagedFile');
    const flags = view.getUint16(at + 8, true);
    const crc = view.getUint32(at + 16, true);
    const packedSize = view.getUint32(at + 20, true);
    const local = view.getUint32(at + 42, true);
    const rawName = bytes.subarray(at + 46, at + 46 + nameLength);
    used.push({ start: at, end: next });
    if (local + 30 > bytes.length || view.getUint32(local, true) !== LOCAL)
      throw new Refusal('parser.damagedFile');
    const localNameLength = view.getUint16(local + 26, true);
    const dataStart = local + 30 + localNameLength + view.getUint16(local + 28, true);
    if (dataStart + packedSize > bytes.length) throw new Refusal('parser.damagedFile');
    const localName = bytes.subarray(local + 30, local + 30 + localNameLength);
    if (!Buffer.from(localName).equals(rawName)) faults.push(`entry ${index + 1}: two names`);
    if (view.getUint16(local + 8, true) !== view.getUint16(at + 10, true))
      faults.push(`entry ${index + 1}: two methods`);
    const behind = dataStart + packedSize;
    const descriptor = (flags & 8) === 0 ? 0 : descriptorLength(view, behind, crc, packedSize);
    used.push({ start: local, end: behind + descriptor });
    entries.push({
      name: Buffer.from(rawName).toString('utf8'),
      rawName,
      comment: bytes.subarray(next - entryCommentLength, next),
      extraCentral: bytes.subarray(at + 46 + nameLength, next - entryCommentLength),
      extraLocal: bytes.subarray(local + 30 + localNameLength, dataStart),
      localName,
      method: view.getUint16(at + 10, true),
      encrypted: (flags & 1) !== 0 || (flags & 64) !== 0,
      modified: dosTime(view.getUint16(at + 12, true), view.getUint16(at + 14, true)),
      mode: view.getUint32(at + 38, true) >>> 16,
      madeBy: view.getUint16(at + 4, true),
      packed: bytes.subarray(dataStart, dataStart + packedSize),
      size: view.getUint32(at + 24, true),
      crc,
    });
    at = next;
  }
  if (at !== start + size) faults.push('the directory is longer than its entries');
  return { entries, comment, gaps: findGaps(bytes, used, faults), faults };
};

const findGaps = (
  bytes: Uint8Array,
  used: { start: number; end: number }[],
  faults: string[],
): { start: number; bytes: Uint8Array }[] => {
  const gaps: { start: number; bytes: Uint8Array }[] = [];
  let at = 0;
  for (const range of used.sort((a, b) => a.start - b.start)) {
    if (range.start > at) gaps.push({ start: at, bytes: bytes.subarray(at, range.start) });
    if (range.start < at) faults.push('entries overlap');
    at = Math.max(at, range.end);
  }
  if (at < bytes.length) gaps.push({ start: at, bytes: bytes.subarray(at) });
  return gaps;
};

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

const crc32 = (bytes: Uint8Array): number => {
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 255] ?? 0);
  return (crc ^ -1) >>> 0;
};

/**
 * Unpacks one entry, at most `maxBytes`. Gives the bytes, and those that stand behind the end of the
 * compressed stream; or null where the method is not known or the data is damaged. More than `maxBytes`
 * is a refusal (`parser.tooLarge`).
 */
export const unpackEntry = (
  entry: ZipEntry,
  maxBytes: number,
): { bytes: Uint8Array; behind: Uint8Array } | null => {
  if (entry.encrypted) return null;
  if (entry.size > maxBytes) throw new Refusal('parser.tooLarge');
  if (entry.method === 0) {
    return crc32(entry.packed) === entry.crc ? { bytes: entry.packed, behind: new Uint8Array(0) } : null;
  }
  if (entry.method !== 8) return null;
  try {
    const { buffer, engine } = inflateRawSync(entry.packed, {
      maxOutputLength: Math.max(1, maxBytes),
      info: true,
    }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    if (crc32(buffer) !== entry.crc) return null;
    return { bytes: buffer, behind: entry.packed.subarray(engine.bytesWritten) };
  } catch (thrown) {
    if (thrown instanceof RangeError) throw new Refusal('parser.tooLarge');
    return null;
  }
};
