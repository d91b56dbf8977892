import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FilingDocument } from '#shared/model/filing-document.ts';
import { loadPackageFonts } from '../../../ports/node/package-fonts.ts';
import { renderPdf } from '../render/index.ts';
import { looksLikeText, readBytes, readText } from './derived-text.ts';
import { checkPackage, idSearch } from './index.ts';

const NAME = 'Maricela Xochimitl Olmedo';
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZáéíóúñ0123456789.,;:()[]«»-–/@&%$#';
/** What a reading of one piece may come to. */
const MOST_CHARS = 4_000_000;

const documentWith = (text: string): FilingDocument => ({
  language: 'es',
  title: 'Relato',
  folio: 'SAL-7',
  day: '2026-11-22',
  addressee: [],
  head: [],
  sections: [{ id: 'one', heading: 'Uno', blocks: [{ kind: 'paragraph', runs: [{ kind: 'text', text }] }] }],
  closing: [],
  annexes: [],
});

/** The font programs inside a PDF of ours. */
const fontsOf = (pdf: Buffer): Buffer<ArrayBuffer>[] =>
  [...pdf.toString('latin1').matchAll(/\d+ 0 obj[\s\S]{0,400}?stream\r?\n/gu)].flatMap((match) => {
    try {
      const bytes = inflateSync(pdf.subarray(match.index + match[0].length), { finishFlush: 2 });
      return looksLikeText(bytes) ? [] : [bytes];
    } catch {
      return [];
    }
  });

/** A font that is short enough to be read in every way, and in which those ways have no end. */
const endlessFont = async (): Promise<Buffer<ArrayBuffer>> => {
  for (let count = LETTERS.length; count > 60; count -= 1) {
    const { bytes } = await renderPdf(documentWith(LETTERS.slice(0, count)), {
      random: { bytes: (length) => Buffer.alloc(length, 1) },
      loadFonts: loadPackageFonts,
    });
    for (const font of fontsOf(bytes))
      if (font.length <= 16_384 && readBytes(font).some(({ text }) => readText(text, MOST_CHARS).truncated))
        return font;
  }
  throw new Error('no such font: the control is gone');
};

const checkOf = (bytes: Uint8Array<ArrayBuffer>) =>
  checkPackage({
    files: [
      {
        name: 'filing.pdf',
        format: 'pdf',
        origin: 'made',
        sizeBytes: 4,
        read: () => Promise.resolve(new Uint8Array(Buffer.from('%PDF'))),
        decodings: [
          { decoder: 'engine 1', parts: [{ where: 'object 206', kind: 'bytes', bytes }], undecoded: [] },
        ],
        inkPages: [],
        controlWord: null,
      },
    ],
    values: [{ ref: 'person:mar', kind: 'name', text: NAME }],
    points: [],
    initials: new Map(),
    ids: idSearch([]),
    rawIds: [],
    allowedWords: new Set(),
  });

describe('fonts in which signs of every encoding stand by chance', () => {
  it('keep no filing from leaving, and hide no value', async () => {
    const font = await endlessFont();
    const { undecoded, findings } = await checkOf(font);
    expect(undecoded.filter(({ where }) => where === 'object 206')).toEqual([]);
    expect(findings).toEqual([]);
    for (const planted of [NAME, Buffer.from(NAME).toString('base64'), Buffer.from(NAME).toString('hex')]) {
      const bytes = Buffer.concat([
        font.subarray(0, font.length - 100),
        Buffer.from(planted),
        Buffer.alloc(4),
      ]);
      const { findings: found } = await checkOf(bytes);
      expect(
        found.some(({ outcome }) => outcome === 'final'),
        planted,
      ).toBe(true);
    }
  });
});
