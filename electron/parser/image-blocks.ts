import { inflateSync } from 'node:zlib';
import type { Fact } from '#shared/parser/jobs.ts';
import type { PartList } from './parts.ts';
import { wellFormed } from './parts.ts';
import { readTiff, unusedRanges } from './tiff-directory.ts';

/**
 * Lists everything in a picture file that is not needed to draw it. Reads the container only; pixel data is
 * left to the decoder. Our own small readers, because picture libraries skip what they do not know, and it
 * is exactly there that things are forgotten.
 */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff';

const MAX_INFLATED = 64 * 1024 * 1024;
const ascii = (bytes: Uint8Array, start: number, length: number): string =>
  Buffer.from(bytes.subarray(start, start + length)).toString('latin1');
const u32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) * 2 ** 24 +
    ((bytes[at + 1] ?? 0) << 16) +
    ((bytes[at + 2] ?? 0) << 8) +
    (bytes[at + 3] ?? 0)) >>>
  0;
const u32le = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) +
    ((bytes[at + 1] ?? 0) << 8) +
    ((bytes[at + 2] ?? 0) << 16) +
    (bytes[at + 3] ?? 0) * 2 ** 24) >>>
  0;

/** The format by its first bytes, or null. */
export const imageFormat = (bytes: Uint8Array): ImageFormat | null => {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'WEBP') return 'webp';
  if (/^GIF8[79]a$/.test(ascii(bytes, 0, 6))) return 'gif';
  if (['II*\0', 'MM\0*'].includes(ascii(bytes, 0, 4))) return 'tiff';
  return null;
};

/** Facts for people, gathered while the blocks are listed. */
export class BlockReader {
  readonly facts: Fact[] = [];
  readonly #parts: PartList;
  readonly #prefix: string;
  readonly #depth: number;

  constructor(parts: PartList, prefix = '', depth = 0) {
    this.#parts = parts;
    this.#prefix = prefix;
    this.#depth = depth;
  }

  /** Reads a whole file. Damage is reported as undecoded, never thrown. */
  read(bytes: Uint8Array): ImageFormat | null {
    const format = imageFormat(bytes);
    if (format === 'jpeg') this.#jpeg(bytes);
    else if (format === 'png') this.#png(bytes);
    else if (format === 'webp') this.#webp(bytes);
    else if (format === 'gif') this.#gif(bytes);
    else if (format === 'tiff') this.#tiff(bytes);
    else this.#parts.fail(this.#at('picture'), 'unknown picture format');
    return format;
  }

  #at(where: string): string {
    return `${this.#prefix}${where}`;
  }

  #bytes(where: string, bytes: Uint8Array): void {
    this.#parts.bytes(this.#at(where), new Uint8Array(bytes));
  }

  #fact(name: string, value: string): void {
    if (this.facts.length < 4_900 && value !== '')
      this.facts.push({ name, value: wellFormed(value.slice(0, 100_000)) });
    this.#parts.text(this.#at(name), value, 'metadata');
  }

  #exif(where: string, block: Uint8Array): void {
    const reading = readTiff(block);
    for (const { name, value } of reading.facts) this.#fact(name, value);
    if (!reading.sound) this.#parts.fail(this.#at(where), 'damaged directory');
    reading.thumbnails.forEach((thumbnail, index) => {
      const name = `${where} thumbnail ${index + 1}`;
      this.#bytes(name, thumbnail);
      if (this.#depth < 3 && imageFormat(thumbnail) !== null) {
        new BlockReader(this.#parts, `${this.#at(name)} / `, this.#depth + 1).read(thumbnail);
      }
    });
  }

  #jpeg(bytes: Uint8Array): void {
    let at = 2;
    while (at < bytes.length) {
      if (bytes[at] !== 0xff) {
        const stray = at;
        while (at < bytes.length && bytes[at] !== 0xff) at += 1;
        this.#bytes('bytes between segments', bytes.subarray(stray, at));
        continue;
      }
      const marker = bytes[at + 1] ?? 0;
      if (marker === 0xff) {
        at += 1;
        continue;
      }
      at += 2;
      if (marker === 0xd9) {
        this.#bytes('bytes after the end', bytes.subarray(at));
        return;
      }
      if (marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue;
      const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      if (length < 2 || at + length > bytes.length) {
        this.#parts.fail(this.#at('segment'), 'cut off');
        this.#bytes('rest', bytes.subarray(at));
        return;
      }
      this.#jpegSegment(marker, bytes.subarray(at + 2, at + length));
      at += length;
      if (marker === 0xda) at = this.#afterScan(bytes, at);
    }
    this.#parts.fail(this.#at('picture'), 'no end marker');
  }

  #afterScan(bytes: Uint8Array, from: number): number {
    for (let at = from; at + 1 < bytes.length; at += 1) {
      const next = bytes[at + 1] ?? 0;
      if (bytes[at] === 0xff && next !== 0 && !(next >= 0xd0 && next <= 0xd7) && next !== 0xff) return at;
    }
    return bytes.length;
  }

  #jpegSegment(marker: number, data: Uint8Array): void {
    if (marker === 0xfe) {
      this.#bytes('COM', data);
      this.#fact('Comment', Buffer.from(data).toString('utf8'));
      return;
    }
    if (marker < 0xe0 || marker > 0xef) return;
    const name = `APP${marker - 0xe0}`;
    this.#bytes(name, data);
    if (ascii(data, 0, 6) === 'Exif\0\0') this.#exif(`${name} EXIF`, data.subarray(6));
    else if (ascii(data, 0, 12) === 'http://ns.ad')
      this.#fact('XMP', Buffer.from(data.subarray(data.indexOf(0) + 1)).toString('utf8'));
    else if (ascii(data, 0, 13) === 'Photoshop 3.0') this.#iptc(data);
  }

  /** IPTC-IIM datasets inside a Photoshop block: `1C 02 <dataset> <length> <text>`. */
  #iptc(data: Uint8Array): void {
    for (let at = 0; at + 5 <= data.length; at += 1) {
      if (data[at] !== 0x1c || data[at + 1] !== 2) continue;
      const length = ((data[at + 3] ?? 0) << 8) | (data[at + 4] ?? 0);
      if (at + 5 + length > data.length) continue;
      this.#fact(
        `IPTC 2:${data[at + 2]}`,
        Buffer.from(data.subarray(at + 5, at + 5 + length)).toString('utf8'),
      );
      at += 4 + length;
    }
  }

  #png(bytes: Uint8Array): void {
    const drawing: Uint8Array[] = [];
    let at = 8;
    while (at + 12 <= bytes.length) {
      const length = u32(bytes, at);
      const type = ascii(bytes, at + 4, 4);
      if (at + 12 + length > bytes.length) break;
      const data = bytes.subarray(at + 8, at + 8 + length);
      at += 12 + length;
      if (type === 'IDAT') drawing.push(data);
      if (type === 'IEND') {
        this.#bytes('IEND', data);
        this.#bytes('bytes after the end', bytes.subarray(at));
        this.#pngRest(drawing);
        return;
      }
      if (!['IHDR', 'PLTE', 'IDAT', 'tRNS', 'acTL', 'fcTL', 'fdAT'].includes(type))
        this.#pngChunk(type, data);
    }
    this.#parts.fail(this.#at('picture'), 'no end chunk');
    this.#bytes('rest', bytes.subarray(at));
  }

  #inflate(where: string, data: Uint8Array): Uint8Array {
    try {
      return inflateSync(data, { maxOutputLength: MAX_INFLATED });
    } catch {
      this.#parts.fail(this.#at(where), 'cannot be inflated');
      return new Uint8Array(0);
    }
  }

  #pngChunk(type: string, data: Uint8Array): void {
    this.#bytes(type, data);
    const keyword = Buffer.from(data.subarray(0, Math.max(0, data.indexOf(0)))).toString('latin1');
    const body = data.subarray(data.indexOf(0) + 1);
    if (type === 'tEXt') this.#fact(`tEXt ${keyword}`, Buffer.from(body).toString('utf8'));
    if (type === 'zTXt')
      this.#fact(`zTXt ${keyword}`, Buffer.from(this.#inflate('zTXt', body.subarray(1))).toString('utf8'));
    if (type === 'iTXt') {
      const packed = body[0] === 1;
      let rest = body.subarray(2);
      const language = rest.subarray(0, Math.max(0, rest.indexOf(0)));
      rest = rest.subarray(rest.indexOf(0) + 1);
      const translated = rest.subarray(0, Math.max(0, rest.indexOf(0)));
      rest = rest.subarray(rest.indexOf(0) + 1);
      const text = packed ? this.#inflate('iTXt', rest) : rest;
      const label = [language, translated]
        .map((piece) => Buffer.from(piece).toString('utf8'))
        .join(' ')
        .trim();
      this.#fact(`iTXt ${keyword}`, `${label} ${Buffer.from(text).toString('utf8')}`.trim());
    }
    if (type === 'eXIf') this.#exif('eXIf', data);
    if (type === 'iCCP') this.#bytes('iCCP profile', this.#inflate('iCCP', body.subarray(1)));
    if (type === 'tIME' && data.length === 7) {
      this.#fact(
        'tIME',
        `${((data[0] ?? 0) << 8) | (data[1] ?? 0)}-${data[2]}-${data[3]} ${data[4]}:${data[5]}:${data[6]}`,
      );
    }
  }

  /** Bytes inside IDAT behind the end of the compressed stream: drawn by nobody. */
  #pngRest(drawing: readonly Uint8Array[]): void {
    const all = Buffer.concat(drawing);
    try {
      const result = inflateSync(all, { maxOutputLength: 512 * 1024 * 1024, info: true }) as unknown as {
        engine: { bytesWritten: number };
      };
      this.#bytes('bytes behind the pixel data', all.subarray(result.engine.bytesWritten));
    } catch {
      this.#parts.fail(this.#at('IDAT'), 'cannot be inflated');
    }
  }

  #webp(bytes: Uint8Array): void {
    const end = 8 + u32le(bytes, 4);
    if (end > bytes.length) this.#parts.fail(this.#at('picture'), 'cut off');
    let at = 12;
    while (at + 8 <= Math.min(end, bytes.length)) {
      const type = ascii(bytes, at, 4);
      const length = u32le(bytes, at + 4);
      const data = bytes.subarray(at + 8, at + 8 + length);
      if (data.length < length) {
        this.#parts.fail(this.#at(type), 'cut off');
        this.#bytes('rest', data);
        return;
      }
      at += 8 + length + (length % 2);
      if (['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF'].includes(type)) continue;
      this.#bytes(type, data);
      if (type === 'EXIF') this.#exif('EXIF', ascii(data, 0, 6) === 'Exif\0\0' ? data.subarray(6) : data);
      if (type === 'XMP ') this.#fact('XMP', Buffer.from(data).toString('utf8'));
    }
    this.#bytes('bytes after the end', bytes.subarray(Math.min(end, bytes.length)));
  }

  #gif(bytes: Uint8Array): void {
    const table = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
    let at = 13 + table(bytes[10] ?? 0);
    const blocks = (): Uint8Array => {
      const pieces: Uint8Array[] = [];
      while (at < bytes.length && bytes[at] !== 0) {
        const length = bytes[at] ?? 0;
        pieces.push(bytes.subarray(at + 1, at + 1 + length));
        at += 1 + length;
      }
      at += 1;
      return Buffer.concat(pieces);
    };
    while (at < bytes.length) {
      const kind = bytes[at];
      if (kind === 0x3b) {
        this.#bytes('bytes after the end', bytes.subarray(at + 1));
        return;
      }
      if (kind === 0x21) {
        const label = bytes[at + 1] ?? 0;
        at += 2;
        const data = blocks();
        if (label === 0xf9) continue;
        const name = label === 0xfe ? 'comment' : label === 0xff ? 'application' : `extension ${label}`;
        this.#bytes(name, data);
        this.#fact(`GIF ${name}`, Buffer.from(data).toString('utf8'));
      } else if (kind === 0x2c) {
        at += 10 + table(bytes[at + 9] ?? 0) + 1;
        blocks();
      } else break;
    }
    this.#parts.fail(this.#at('picture'), 'no end marker');
    this.#bytes('rest', bytes.subarray(at));
  }

  #tiff(bytes: Uint8Array): void {
    const reading = readTiff(bytes);
    this.#exif('TIFF', bytes);
    for (const { start, end } of unusedRanges(reading.used, bytes.length)) {
      const gap = bytes.subarray(start, end);
      if (gap.some((byte) => byte !== 0)) this.#bytes(`bytes ${start} to ${end} in no directory`, gap);
    }
  }
}
