import { constants, inflateSync } from 'node:zlib';
import type { PartList } from './parts.ts';

/**
 * What stands in the bytes of a PDF but in no object that its table names: earlier versions, objects that
 * were replaced, bytes between objects and after the end. Read from the raw file, because a PDF library
 * shows the newest version only.
 */
const MAX_INFLATED = 64 * 1024 * 1024;
const OBJECT = /(?<![0-9])(\d{1,10})[\s\0]+(\d{1,5})[\s\0]+obj\b/g;

const inflateWhatYouCan = (bytes: Uint8Array): Uint8Array | null => {
  try {
    return inflateSync(bytes, { maxOutputLength: MAX_INFLATED, finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return null;
  }
};

const literalStrings = (text: string): string => {
  const found: string[] = [];
  for (const [, literal] of text.matchAll(/\(((?:[^()\\]|\\[\s\S])*)\)/g)) {
    if (literal !== undefined && literal.length > 1) found.push(literal.replaceAll(/\\([()\\])/g, '$1'));
  }
  for (const [, hex] of text.matchAll(/<([0-9A-Fa-f\s]{4,})>/g)) {
    const bytes = Buffer.from((hex ?? '').replaceAll(/\s/g, ''), 'hex');
    found.push(
      bytes[0] === 0xfe && bytes[1] === 0xff
        ? bytes.subarray(2).toString('latin1').replaceAll('\0', '')
        : bytes.toString('latin1'),
    );
  }
  return found.join('\n');
};

interface Definition {
  readonly number: number;
  readonly start: number;
  end: number;
}

const findDefinitions = (text: string): Definition[] => {
  const found: Definition[] = [];
  for (const match of text.matchAll(OBJECT)) {
    const previous = found.at(-1);
    // Inside the stream of the object before, such words are data.
    if (previous !== undefined && match.index < previous.end) continue;
    const stop = text.indexOf('endobj', match.index);
    const stream = text.indexOf('stream', match.index);
    let end = stop < 0 ? text.length : stop + 6;
    if (stream >= 0 && stream < end && text.slice(stream - 3, stream) !== 'end') {
      const streamEnd = text.indexOf('endstream', stream);
      const after = streamEnd < 0 ? -1 : text.indexOf('endobj', streamEnd);
      end = after < 0 ? text.length : after + 6;
    }
    found.push({ number: Number(match[1]), start: match.index, end });
  }
  return found;
};

/** Reports remains; `named` are the object numbers that the file's own table uses. */
export const decodeRemains = (bytes: Uint8Array, named: ReadonlySet<number>, parts: PartList): void => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const definitions = findDefinitions(text);
  const times = new Map<number, number>();
  for (const { number } of definitions) times.set(number, (times.get(number) ?? 0) + 1);
  for (const { number, start, end } of definitions) {
    if (named.has(number) && times.get(number) === 1) continue;
    const where = `earlier or unused object ${number} at byte ${start}`;
    const body = text.slice(start, end);
    parts.bytes(where, Buffer.from(body, 'latin1'));
    const stream = /stream\r?\n/.exec(body);
    const head = stream === null ? body : body.slice(0, stream.index);
    parts.text(`${where} strings`, literalStrings(head), 'metadata');
    if (stream === null) continue;
    const data = Buffer.from(
      body.slice(stream.index + stream[0].length, body.lastIndexOf('endstream')),
      'latin1',
    );
    if (!/\/Filter/.test(head)) continue;
    const unpacked = /\/FlateDecode|\/Fl\b/.test(head) ? inflateWhatYouCan(data) : null;
    if (unpacked === null) parts.fail(where, 'the stream of an earlier version cannot be unpacked');
    else parts.bytes(`${where} stream`, unpacked);
  }

  let at = 0;
  const between: string[] = [];
  for (const { start, end } of definitions) {
    between.push(text.slice(at, start));
    at = Math.max(at, end);
  }
  between.push(text.slice(at));
  parts.text('bytes between objects', between.join('\n').replaceAll(/\d{10} \d{5} [nf]\s*/g, ''), 'metadata');
  const end = text.lastIndexOf('%%EOF');
  if (end >= 0 && text.slice(end + 5).trim() !== '') parts.bytes('bytes after the end', bytes.slice(end + 5));
};
