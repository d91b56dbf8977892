import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { ParserAnswer, ParserParams } from '#shared/parser/jobs.ts';
import { BlockReader, imageFormat } from './image-blocks.ts';
import { PartList } from './parts.ts';
import { decodePdfInto } from './pdf-decode.ts';
import { Refusal } from './refusal.ts';
import { decodeBytes } from './text-decode.ts';
import { xmlText } from './xml-text.ts';
import { looksLikeZip, readZip, unpackEntry } from './zip-reader.ts';

const MAX_DEPTH = 5;
const MAX_TOTAL_BYTES = 192 * 1024 * 1024;
/** Deflate packs at most 1032 to 1; real documents stay far below, and small files may be as regular as they like. */
const MAX_RATIO = 250;
const RATIO_FREE_BYTES = 4 * 1024 * 1024;

/** What one whole job has unpacked so far, over all levels. */
class Budget {
  #left = MAX_TOTAL_BYTES;

  left(): number {
    return this.#left;
  }

  spend(packed: number, unpacked: number): void {
    this.#left -= unpacked;
    const bomb = unpacked > RATIO_FREE_BYTES && unpacked > packed * MAX_RATIO;
    if (this.#left < 0 || bomb) throw new Refusal('parser.tooLarge');
  }
}

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const startsWith = (bytes: Uint8Array, head: string): boolean =>
  latin(bytes.subarray(0, head.length)) === head;

const unpackPlain = (
  parts: PartList,
  where: string,
  bytes: Uint8Array,
  budget: Budget,
  depth: number,
): boolean => {
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const zlib = bytes[0] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[1] ?? 0);
  const brotli = where.endsWith('.br');
  if (!gzip && !zlib && !brotli) return false;
  try {
    const options = { maxOutputLength: Math.max(1, budget.left()) };
    const unpacked = gzip
      ? gunzipSync(bytes, options)
      : zlib
        ? inflateSync(bytes, options)
        : brotliDecompressSync(bytes, options);
    budget.spend(bytes.length, unpacked.length);
    decodeContent(parts, `${where} / unpacked`, unpacked, budget, depth + 1);
    return true;
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown;
    if (thrown instanceof RangeError) throw new Refusal('parser.tooLarge');
    if (gzip || brotli) parts.fail(where, 'cannot be unpacked');
    return false;
  }
};

/** Decodes one piece of content by what it is, not by its name. */
const decodeContent = (
  parts: PartList,
  where: string,
  bytes: Uint8Array,
  budget: Budget,
  depth: number,
): void => {
  parts.bytes(where, bytes);
  if (depth > MAX_DEPTH) {
    parts.fail(where, 'packed too deeply');
    return;
  }
  if (looksLikeZip(bytes)) {
    decodeArchive(parts, `${where} / `, bytes, budget, depth + 1);
    return;
  }
  if (imageFormat(bytes) !== null) {
    new BlockReader(parts, `${where} / `).read(bytes);
    return;
  }
  if (startsWith(bytes, '%PDF-')) {
    const inner = new PartList();
    decodePdfInto(inner, bytes);
    for (const part of inner.parts) {
      if (part.text !== undefined) parts.text(`${where} / ${part.where}`, part.text, part.kind);
      if (part.bytes !== undefined) parts.bytes(`${where} / ${part.where}`, part.bytes);
    }
    for (const { where: at, reason } of inner.undecoded) parts.fail(`${where} / ${at}`, reason);
    return;
  }
  if (
    startsWith(bytes, '\xd0\xcf\x11\xe0') ||
    startsWith(bytes, "7z\xbc\xaf'\x1c") ||
    startsWith(bytes, 'Rar!') ||
    startsWith(bytes, '\x28\xb5\x2f\xfd') ||
    startsWith(bytes, '\xfd7zXZ') ||
    startsWith(bytes, 'BZh')
  ) {
    parts.fail(where, 'a container of an unknown format');
    return;
  }
  if (unpackPlain(parts, where, bytes, budget, depth)) return;
  const decoded = decodeBytes(bytes);
  if (decoded === null) {
    if (!/\.(ttf|otf|odttf|woff2?|bin|dat)$/i.test(where))
      parts.fail(where, 'neither text nor a known format');
    return;
  }
  parts.text(where, decoded.text);
  if (/^\uFEFF?\s*<[?!\w]/.test(decoded.text)) parts.text(`${where} (joined)`, xmlText(decoded.text));
};

const decodeArchive = (
  parts: PartList,
  prefix: string,
  bytes: Uint8Array,
  budget: Budget,
  depth: number,
): void => {
  let reading;
  try {
    reading = readZip(bytes);
  } catch (thrown) {
    if (depth === 0 || (thrown instanceof Refusal && thrown.code === 'parser.tooLarge')) throw thrown;
    parts.fail(prefix, 'a damaged archive');
    return;
  }
  const { entries, comment, gaps, faults } = reading;
  for (const fault of faults) parts.fail(`${prefix}archive`, fault);
  parts.text(`${prefix}archive comment`, Buffer.from(comment).toString('utf8'), 'metadata');
  for (const gap of gaps) parts.bytes(`${prefix}bytes at ${gap.start} in no entry`, gap.bytes);
  entries.forEach((entry, index) => {
    const where = `${prefix}${entry.name}`;
    parts.text(`${prefix}entry ${index + 1} name`, entry.name, 'name');
    if (latin(entry.localName) !== latin(entry.rawName)) {
      parts.text(
        `${prefix}entry ${index + 1} local name`,
        Buffer.from(entry.localName).toString('utf8'),
        'name',
      );
    }
    const facts = `modified ${entry.modified}\nmode ${entry.mode.toString(8)}\nmade by ${entry.madeBy}\nmethod ${entry.method}`;
    parts.text(`${where} entry`, facts, 'metadata');
    parts.text(`${where} comment`, Buffer.from(entry.comment).toString('utf8'), 'metadata');
    parts.bytes(`${where} extra field`, entry.extraCentral);
    if (latin(entry.extraLocal) !== latin(entry.extraCentral))
      parts.bytes(`${where} local extra field`, entry.extraLocal);
    if (entry.encrypted) {
      parts.fail(where, 'encrypted');
      return;
    }
    const unpacked = unpackEntry(entry, budget.left());
    if (unpacked === null) {
      parts.fail(where, 'cannot be unpacked');
      return;
    }
    budget.spend(entry.packed.length, unpacked.bytes.length);
    parts.bytes(`${where} behind the packed data`, unpacked.behind);
    if (unpacked.bytes.length > 0) decodeContent(parts, where, unpacked.bytes, budget, depth);
  });
};

/** Every part of a zip-based file. Refuses bombs (`parser.tooLarge`) and damage (`parser.damagedFile`). */
export const zipDecode = (params: ParserParams<'zip.decode'>): ParserAnswer<'zip.decode'> => {
  const parts = new PartList();
  decodeArchive(parts, '', params.bytes, new Budget(), 0);
  return { parts: parts.parts, undecoded: parts.undecoded, decoder: 'zip reader 1' };
};
