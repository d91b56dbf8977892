import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as spanish } from '@scure/bip39/wordlists/spanish.js';
import { AppError } from '#shared/errors.ts';
import type { Language } from '#shared/model/common.ts';
import { RECOVERY_WORDS } from '#shared/model/recovery.ts';
import type { Crypto } from '../ports/crypto.ts';
import { expectLength, secretBuffer } from './bytes.ts';

const BITS = 11;
const LANGUAGES: readonly Language[] = ['es', 'en'];

/** The letters that identify a word: without accents, small. `ñ` counts as `n`, as the lists themselves say. */
export const foldWord = (word: string): string => word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

interface WordList {
  /** As they are shown. */
  readonly words: readonly string[];
  readonly folded: readonly string[];
  readonly byWord: ReadonlyMap<string, number>;
  /** No two words of one list share their first four letters. */
  readonly byStart: ReadonlyMap<string, number>;
}

const makeList = (words: readonly string[]): WordList => {
  const folded = words.map(foldWord);
  return {
    words: words.map((word) => word.normalize('NFC')),
    folded,
    byWord: new Map(folded.map((word, index) => [word, index])),
    byStart: new Map(folded.map((word, index) => [word.slice(0, 4), index])),
  };
};

const LISTS: Readonly<Record<Language, WordList>> = { es: makeList(spanish), en: makeList(english) };

/** The 2,048 words of a language, as they are shown. */
export const wordsOf = (language: Language): readonly string[] => LISTS[language].words;

/** Place of a typed word in the list, or -1. The whole word, or its beginning from four letters on. */
const indexOf = (list: WordList, typed: string): number => {
  const exact = list.byWord.get(typed);
  if (exact !== undefined) return exact;
  const start = typed.length < 4 ? undefined : list.byStart.get(typed.slice(0, 4));
  return start !== undefined && list.folded[start]?.startsWith(typed) === true ? start : -1;
};

/** Whole bytes as words of 11 bits each. The number of bits is a multiple of 11. */
export const bytesToWords = (bytes: Uint8Array, language: Language): string[] => {
  if ((bytes.length * 8) % BITS !== 0) throw new RangeError('bits do not fill words');
  const { words } = LISTS[language];
  return Array.from({ length: (bytes.length * 8) / BITS }, (_, place) => {
    let index = 0;
    for (let bit = place * BITS; bit < (place + 1) * BITS; bit += 1) {
      index = (index << 1) | (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
    }
    return words[index] as string;
  });
};

const indexesToBytes = (indexes: readonly number[]): Buffer => {
  const bytes = secretBuffer((indexes.length * BITS) / 8);
  indexes.forEach((index, place) => {
    for (let i = 0; i < BITS; i += 1) {
      const bit = place * BITS + i;
      if (((index >> (BITS - 1 - i)) & 1) === 1)
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
    }
  });
  return bytes;
};

/** Typed text as folded words: whatever is no letter separates, so numbers beside the words do no harm. */
export const typedWords = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');

export interface TypedBytes {
  readonly language: Language;
  readonly bytes: Buffer;
}

/**
 * Typed words as bytes, in every language that has all of them: two lists share a few beginnings, and only a
 * checksum decides.
 *
 * @returns bytes for each fitting language; the caller wipes them. Where none fits, the number (from 1) of the first
 *   word that the best fitting list lacks.
 */
export const wordsToBytes = (
  typed: readonly string[],
): readonly TypedBytes[] | { readonly unknown: number } => {
  const found: TypedBytes[] = [];
  let best = { known: -1, unknown: 1 };
  for (const language of LANGUAGES) {
    const indexes = typed.map((word) => indexOf(LISTS[language], word));
    const known = indexes.filter((index) => index !== -1).length;
    if (known === typed.length) found.push({ language, bytes: indexesToBytes(indexes) });
    else if (known > best.known) best = { known, unknown: indexes.indexOf(-1) + 1 };
  }
  return found.length > 0 ? found : { unknown: best.unknown };
};

const checksumOf = (crypto: Crypto, secret: Uint8Array): number => {
  const stream = crypto.sha256Stream();
  stream.update(secret);
  return stream.digest()[0] as number;
};

/**
 * A 32-byte recovery secret as 24 words: 256 bits and the first 8 bits of its SHA-256, as BIP-39 does it. The words
 * stand for the secret itself; no seed is derived from them.
 */
export const secretToWords = (crypto: Crypto, secret: Uint8Array, language: Language): string[] => {
  expectLength(secret, 32);
  const bytes = secretBuffer(33);
  bytes.set(secret);
  bytes[32] = checksumOf(crypto, secret);
  const words = bytesToWords(bytes, language);
  crypto.zero(bytes);
  return words;
};

/**
 * What 24 typed words stand for. Usually one secret; two only where the words exist in both languages and both
 * checksums fit by chance. The caller wipes them.
 *
 * @throws AppError `recovery.wordCount`, `recovery.unknownWord` (with the number of the word), `recovery.checksum`.
 */
export const wordsToSecrets = (crypto: Crypto, text: string): Buffer[] => {
  const typed = typedWords(text);
  if (typed.length !== RECOVERY_WORDS) {
    throw new AppError('recovery.wordCount', { params: { count: typed.length, expected: RECOVERY_WORDS } });
  }
  const read = wordsToBytes(typed);
  if ('unknown' in read) throw new AppError('recovery.unknownWord', { params: { word: read.unknown } });
  const secrets: Buffer[] = [];
  for (const { bytes } of read) {
    const secret = secretBuffer(32);
    bytes.copy(secret, 0, 0, 32);
    if (checksumOf(crypto, secret) === bytes[32]) secrets.push(secret);
    else crypto.zero(secret);
    crypto.zero(bytes);
  }
  if (secrets.length === 0) throw new AppError('recovery.checksum');
  return secrets;
};
