import type { Fact } from '#shared/parser/jobs.ts';
import { EXIF_NAMES, GPS_NAMES } from './exif-names.ts';

/** What a TIFF structure (a TIFF file or an EXIF block) says, and which of its bytes it uses. */
export interface TiffReading {
  readonly facts: Fact[];
  /** Embedded preview pictures, as found. */
  readonly thumbnails: Uint8Array[];
  /** Byte ranges that a directory, a value or picture data occupies. */
  readonly used: { start: number; end: number }[];
  readonly sound: boolean;
}

const TYPE_SIZES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
};
const MAX_DIRECTORIES = 64;
const MAX_ENTRIES = 2_000;
const MAX_VALUE_CHARS = 20_000;
const SUB_DIRECTORIES: Readonly<Record<number, string>> = {
  0x8769: 'Exif',
  0x8825: 'GPS',
  0xa005: 'Interop',
  0x014a: 'SubIFD',
};
const OFFSETS = { 0x0111: 0x0117, 0x0144: 0x0145, 0x0201: 0x0202 } as const;
/** Values that are picture data or tables of its places: of no use to people. */
const STRUCTURAL = new Set([0x0111, 0x0117, 0x0144, 0x0145, 0x0201, 0x0202, 0x014a, 0x8769, 0x8825, 0xa005]);

const printable = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('utf8')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();

const isMostlyText = (bytes: Uint8Array): boolean => {
  let readable = 0;
  for (const byte of bytes.subarray(0, 400)) if (byte === 0 || (byte >= 32 && byte < 127)) readable += 1;
  return readable >= Math.min(bytes.length, 400) * 0.8;
};

class TiffReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;
  readonly facts: Fact[] = [];
  readonly thumbnails: Uint8Array[] = [];
  readonly used: { start: number; end: number }[] = [{ start: 0, end: 8 }];
  readonly #seen = new Set<number>();
  readonly #gps = new Map<number, number[] | string>();
  sound = true;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = bytes[0] === 0x49;
  }

  #fits(offset: number, length: number): boolean {
    return offset >= 0 && length >= 0 && offset + length <= this.#bytes.length;
  }

  readAll(): void {
    if (!this.#fits(0, 8)) {
      this.sound = false;
      return;
    }
    let next = this.#view.getUint32(4, this.#little);
    for (let number = 0; next !== 0; number += 1) {
      next = this.#directory(next, number === 0 ? 'Image' : `Image ${number}`);
    }
    this.#position();
  }

  /** Reads one directory; gives the offset of the next one, or 0. */
  #directory(offset: number, group: string): number {
    if (this.#seen.has(offset) || this.#seen.size >= MAX_DIRECTORIES || !this.#fits(offset, 2)) {
      this.sound = false;
      return 0;
    }
    this.#seen.add(offset);
    const count = this.#view.getUint16(offset, this.#little);
    if (count > MAX_ENTRIES || !this.#fits(offset, 2 + count * 12)) {
      this.sound = false;
      return 0;
    }
    this.used.push({ start: offset, end: Math.min(offset + 6 + count * 12, this.#bytes.length) });
    const numbers = new Map<number, number[]>();
    for (let index = 0; index < count; index += 1) this.#entry(offset + 2 + index * 12, group, numbers);
    for (const [offsets, lengths] of Object.entries(OFFSETS)) {
      this.#data(numbers.get(Number(offsets)) ?? [], numbers.get(lengths) ?? [], Number(offsets) === 0x0201);
    }
    const after = offset + 2 + count * 12;
    return this.#fits(after, 4) ? this.#view.getUint32(after, this.#little) : 0;
  }

  #data(offsets: readonly number[], lengths: readonly number[], thumbnail: boolean): void {
    offsets.forEach((start, index) => {
      const length = lengths[index] ?? 0;
      if (!this.#fits(start, length)) {
        this.sound = false;
        return;
      }
      this.used.push({ start, end: start + length });
      if (thumbnail) this.thumbnails.push(this.#bytes.subarray(start, start + length));
    });
  }

  #entry(at: number, group: string, numbers: Map<number, number[]>): void {
    const tag = this.#view.getUint16(at, this.#little);
    const type = this.#view.getUint16(at + 2, this.#little);
    const count = this.#view.getUint32(at + 4, this.#little);
    const size = (TYPE_SIZES[type] ?? 1) * count;
    const offset = size <= 4 ? at + 8 : this.#view.getUint32(at + 8, this.#little);
    if (!this.#fits(offset, size)) {
      this.sound = false;
      return;
    }
    if (size > 4) this.used.push({ start: offset, end: offset + size });
    const raw = this.#bytes.subarray(offset, offset + size);
    const values = type === 2 || type === 7 ? [] : this.#numbers(offset, type, Math.min(count, 100_000));
    numbers.set(tag, values);
    const sub = SUB_DIRECTORIES[tag];
    if (sub !== undefined) for (const inner of values) this.#directory(inner, sub);
    if (STRUCTURAL.has(tag)) return;
    const text = this.#text(tag, type, raw, values);
    if (group === 'GPS') this.#gps.set(tag, type === 2 ? text : values);
    const known = group === 'GPS' ? GPS_NAMES[tag] : EXIF_NAMES[tag];
    const name = `${group} ${known ?? `0x${tag.toString(16).padStart(4, '0')}`}`;
    if (this.facts.length < 4_000) this.facts.push({ name, value: text.slice(0, MAX_VALUE_CHARS) });
  }

  #numbers(offset: number, type: number, count: number): number[] {
    const size = TYPE_SIZES[type] ?? 1;
    const v = this.#view;
    const l = this.#little;
    return Array.from({ length: count }, (_, index) => {
      const at = offset + index * size;
      if (type === 3) return v.getUint16(at, l);
      if (type === 4 || type === 13) return v.getUint32(at, l);
      if (type === 5) return v.getUint32(at, l) / (v.getUint32(at + 4, l) || 1);
      if (type === 8) return v.getInt16(at, l);
      if (type === 9) return v.getInt32(at, l);
      if (type === 10) return v.getInt32(at, l) / (v.getInt32(at + 4, l) || 1);
      if (type === 11) return v.getFloat32(at, l);
      if (type === 12) return v.getFloat64(at, l);
      return v.getUint8(at);
    });
  }

  #text(tag: number, type: number, raw: Uint8Array, values: readonly number[]): string {
    if (type === 2) return printable(raw);
    // Titles that Windows writes as UTF-16 in a byte array.
    if (tag >= 0x9c9b && tag <= 0x9c9f) return Buffer.from(raw).toString('utf16le').replaceAll('\0', '');
    if (tag === 0x9286 && raw.length >= 8) {
      const unicode = Buffer.from(raw.subarray(0, 7)).toString('latin1') === 'UNICODE';
      return unicode
        ? Buffer.from(raw.subarray(8)).toString('utf16le').replaceAll('\0', '')
        : printable(raw.subarray(8));
    }
    if (type === 7 || type === 1) {
      if (raw.length > 8 && isMostlyText(raw)) return printable(raw);
      return raw.length > 64 ? `${raw.length} bytes` : Buffer.from(raw).toString('hex');
    }
    return values
      .slice(0, 64)
      .map((value) => String(Number(value.toFixed(7))))
      .join(' ');
  }

  /** Latitude and longitude in degrees, as one fact that people can read. */
  #position(): void {
    const degrees = (tag: number, reference: number, negative: string): number | null => {
      const parts = this.#gps.get(tag);
      if (!Array.isArray(parts) || parts.length === 0) return null;
      const value = (parts[0] ?? 0) + (parts[1] ?? 0) / 60 + (parts[2] ?? 0) / 3600;
      return String(this.#gps.get(reference)).toUpperCase().startsWith(negative) ? -value : value;
    };
    const latitude = degrees(2, 1, 'S');
    const longitude = degrees(4, 3, 'W');
    if (latitude === null || longitude === null) return;
    this.facts.push({ name: 'GPS position', value: `${latitude.toFixed(6)}, ${longitude.toFixed(6)}` });
  }
}

/** Reads a TIFF structure that begins at the first byte. Never throws: damage makes `sound` false. */
export const readTiff = (bytes: Uint8Array): TiffReading => {
  const reader = new TiffReader(bytes);
  reader.readAll();
  const { facts, thumbnails, used, sound } = reader;
  return { facts, thumbnails, used, sound };
};

/** The ranges of `length` bytes that nothing uses, in order. */
export const unusedRanges = (
  used: readonly { start: number; end: number }[],
  length: number,
): { start: number; end: number }[] => {
  const gaps = [];
  let at = 0;
  for (const { start, end } of [...used].sort((a, b) => a.start - b.start)) {
    if (start > at) gaps.push({ start: at, end: start });
    at = Math.max(at, end);
  }
  if (at < length) gaps.push({ start: at, end: length });
  return gaps;
};
