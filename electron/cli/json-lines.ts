import { createReadStream } from 'node:fs';
import { parse } from 'lossless-json';

const LINE_END = 10;
const CHUNK_BYTES = 1 << 20;
/** One line may hold a whole module's results. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

/** One line of a file, or why there is none. */
export type JsonLine =
  | { readonly line: number; readonly value: unknown }
  | { readonly line: number; readonly problem: 'notJson' | 'tooLong' };

/** Numbers that a double cannot hold become big integers; those that are whole and small stay as they are. */
const exact = (text: string): number | bigint =>
  /^-?\d{16,}$/u.test(text) && !Number.isSafeInteger(Number(text)) ? BigInt(text) : Number(text);

/** Parses one line; integers above 2^53 survive, and of two equal keys the last one counts. */
export const parseLine = (text: string): unknown =>
  /\d{16}/u.test(text)
    ? parse(text, null, { parseNumber: exact, onDuplicateKey: ({ newValue }) => newValue })
    : JSON.parse(text);

const read = (line: number, bytes: Buffer): JsonLine | null => {
  const text = bytes.toString('utf8').replace(/^\uFEFF/u, '');
  if (text.trim() === '') return null;
  try {
    return { line, value: parseLine(text) };
  } catch {
    return { line, problem: 'notJson' };
  }
};

/**
 * Reads a file of one JSON value a line, holding one line at a time. Empty lines are passed over.
 *
 * @param path a file, or `-` for standard input.
 */
export async function* jsonLines(path: string): AsyncGenerator<JsonLine> {
  const source: AsyncIterable<Buffer> =
    path === '-' ? process.stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES });
  let parts: Buffer[] = [];
  let held = 0;
  let line = 1;
  let overlong = false;
  const take = (last: Buffer): JsonLine | null => {
    const bytes = parts.length === 0 ? last : Buffer.concat([...parts, last]);
    const found: JsonLine | null = overlong ? { line, problem: 'tooLong' } : read(line, bytes);
    parts = [];
    held = 0;
    overlong = false;
    line += 1;
    return found;
  };
  for await (const chunk of source) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_END); end !== -1; end = chunk.indexOf(LINE_END, from)) {
      const found = take(chunk.subarray(from, end));
      if (found !== null) yield found;
      from = end + 1;
    }
    held += chunk.length - from;
    if (held > MAX_LINE_BYTES) {
      overlong = true;
      parts = [];
    } else if (from < chunk.length) parts.push(Buffer.from(chunk.subarray(from)));
  }
  if (held > 0) {
    const found = take(Buffer.alloc(0));
    if (found !== null) yield found;
  }
}
