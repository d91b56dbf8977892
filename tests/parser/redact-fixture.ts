import { afterAll, expect } from 'vitest';
import type { ParserAnswer } from '../../shared/parser/jobs.ts';
import { flatten, realClient } from './parser-fixture.ts';
import { line } from './pdf-fixtures.ts';

/** One client for each test file that imports this. */
export const client = realClient();
afterAll(() => client.close());

export const SECRET = 'Marisol';
export const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

export const redact = (
  bytes: Uint8Array,
  words: string[] = [SECRET],
  mode: 'content' | 'pictures' = 'content',
): Promise<ParserAnswer<'pdf.redact'>> =>
  client.run('pdf.redact', { bytes: own(bytes), words, boxes: [], mode });

/** Everything both engines read out of a file. */
export const decodeBoth = async (bytes: Uint8Array): Promise<{ text: string; undecoded: unknown[] }> => {
  const first = await client.run('pdf.decode', { bytes: own(bytes) });
  const second = await client.run('pdf.decodeSecond', { bytes: own(bytes) });
  return {
    text: `${flatten(first.parts)}\n${flatten(second.parts)}`,
    undecoded: [...first.undecoded, ...second.undecoded],
  };
};

/** Redacts and expects none of the words in anything that either engine reads. */
export const expectGone = async (
  before: Uint8Array,
  words: string[],
  kept: string,
): Promise<ParserAnswer<'pdf.redact'>> => {
  const answer = await redact(before, words);
  const { text, undecoded } = await decodeBoth(answer.bytes);
  const loud = text.toLowerCase();
  for (const word of words) {
    for (const piece of word.toLowerCase().split(/\s+/)) expect(loud).not.toContain(piece);
    const hex = Buffer.from(word, 'latin1').toString('hex');
    expect(loud).not.toContain(hex);
  }
  expect(text).toContain(kept);
  expect(undecoded).toEqual([]);
  return answer;
};

export const KEEP = line('Testimonio firmado', 72, 740);
