import { Refusal } from '../refusal.ts';
import { PHONE_LIMITS } from '#shared/parser/phone.ts';

/** A file in a zip as its directory names it. */
export interface ZipMember {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Byte of the archive at which its own header stands. */
  readonly offset: number;
}

/** Where the directory of an archive lies, and of how many files. */
export interface DirectoryPlace {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

const END = 0x06054b50;
const LOCATOR_64 = 0x07064b50;
const END_64 = 0x06064b50;
const CENTRAL = 0x02014b50;
const LARGE = 0xffffffff;
/** Entries need at least this much each. */
const CENTRAL_BYTES = 46;
const MAX_DIRECTORY_BYTES = 64 * 1024 * 1024;

const damaged = (): Refusal => new Refusal('parser.damagedFile');

function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged();
  return Number(value);
}

/**
 * Finds the directory from the last bytes of an archive.
 *
 * @param tail the end of the archive, long enough for its comment. @param total length of the whole archive.
 */
export function findDirectory(tail: Buffer, total: number): DirectoryPlace {
  const base = total - tail.length;
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at -= 1;
  if (at < 0) throw damaged();
  let count = tail.readUInt16LE(at + 10);
  let size = tail.readUInt32LE(at + 12);
  let start = tail.readUInt32LE(at + 16);
  const volumes = tail.readUInt16LE(at + 4) !== 0;
  if (count === 0xffff || size === LARGE || start === LARGE) {
    const locator = at - 20;
    if (locator < 0 || tail.readUInt32LE(locator) !== LOCATOR_64) throw damaged();
    const place = safe(tail.readBigUInt64LE(locator + 8)) - base;
    if (place < 0 || place + 56 > tail.length || tail.readUInt32LE(place) !== END_64) throw damaged();
    count = safe(tail.readBigUInt64LE(place + 32));
    size = safe(tail.readBigUInt64LE(place + 40));
    start = safe(tail.readBigUInt64LE(place + 48));
  }
  if (volumes || start + size > total || size < count * CENTRAL_BYTES) throw damaged();
  if (count > PHONE_LIMITS.members || size > MAX_DIRECTORY_BYTES) throw new Refusal('parser.tooLarge');
  return { start, end: start + size, count };
}

/** Lengths and place of files beyond 4 GiB, out of the extra field. */
function wide(extra: Buffer, fields: { size: number; packed: number; offset: number }): typeof fields {
  const found = { ...fields };
  for (let at = 0; at + 4 <= extra.length;) {
    const id = extra.readUInt16LE(at);
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) break;
    if (id === 1) {
      let place = at + 4;
      for (const name of ['size', 'packed', 'offset'] as const) {
        if (fields[name] !== LARGE) continue;
        if (place + 8 > end) throw damaged();
        found[name] = safe(extra.readBigUInt64LE(place));
        place += 8;
      }
    }
    at = end;
  }
  return found;
}

/** The files of an archive in the order in which they lie in it. Overlapping ones are damage: one byte, one file. */
export function readDirectory(bytes: Buffer, { count, start }: DirectoryPlace): ZipMember[] {
  const members: ZipMember[] = [];
  let at = 0;
  for (let entry = 0; entry < count; entry += 1) {
    if (at + CENTRAL_BYTES > bytes.length || bytes.readUInt32LE(at) !== CENTRAL) throw damaged();
    const nameEnd = at + CENTRAL_BYTES + bytes.readUInt16LE(at + 28);
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
    const next = extraEnd + bytes.readUInt16LE(at + 32);
    if (next > bytes.length) throw damaged();
    const { size, packed, offset } = wide(bytes.subarray(nameEnd, extraEnd), {
      size: bytes.readUInt32LE(at + 24),
      packed: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
    });
    const name = bytes.toString('utf8', at + CENTRAL_BYTES, nameEnd);
    if (!name.endsWith('/'))
      members.push({
        name,
        method: bytes.readUInt16LE(at + 10),
        encrypted: (bytes.readUInt16LE(at + 8) & 0x41) !== 0,
        crc: bytes.readUInt32LE(at + 16),
        packed,
        size,
        offset,
      });
    at = next;
  }
  members.sort((a, b) => a.offset - b.offset);
  let free = 0;
  for (const { offset, packed } of members) {
    if (offset < free || offset + 30 + packed > start) throw damaged();
    free = offset + 30 + packed;
  }
  return members;
}
