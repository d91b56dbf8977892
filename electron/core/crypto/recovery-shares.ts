import { combine, split } from 'shamir-secret-sharing';
import { AppError } from '#shared/errors.ts';
import type { Language } from '#shared/model/common.ts';
import { MAX_SHARES, SHARE_COLOURS, SHARE_WORDS, type ShareColour } from '#shared/model/recovery.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Random } from '../ports/random.ts';
import { expectLength, label, secretBuffer, secretCopy, u8 } from './bytes.ts';
import { bytesToWords, typedWords, wordsToBytes } from './recovery-words.ts';

/*
 * A page: version 1 ‖ set id 4 ‖ needed 1 ‖ page 1 ‖ share 33 ‖ checksum 4, 44 bytes, which are 32 words exactly.
 * The library that shares the secret gives a wrong secret without an error for too few, mistyped or foreign pages:
 * everything that can be told before the vault is tried is told here.
 */
const VERSION = 1;
const SET_AT = 1;
const NEEDED_AT = 5;
const PAGE_AT = 6;
const SHARE_AT = 7;
const SHARE_BYTES = 33;
const CHECK_AT = SHARE_AT + SHARE_BYTES;
const PAGE_BYTES = CHECK_AT + 4;
/** Ways to choose the needed pages out of more that are tried; at least `MAX_SHARES`, so that each has its turn to be left out. */
const MAX_CHOICES = 150;

const checksum = (crypto: Crypto, page: Uint8Array): Buffer =>
  crypto.blake2b(32, [label('RSG share page v1'), page.subarray(0, CHECK_AT)]).subarray(0, 4);

/** What the vault remembers of a set: binds it to its secret without telling the secret. */
export const shareCommitment = (crypto: Crypto, secret: Uint8Array): Buffer =>
  crypto.blake2b(32, [label('RSG share set v1')], secret);

/** The colour that the pages of a set are marked with. */
export const shareColour = (setId: Uint8Array): ShareColour =>
  SHARE_COLOURS[(setId[0] ?? 0) % SHARE_COLOURS.length] as ShareColour;

/** One page as bytes. `share` is what the sharing library gave: 32 bytes and the place of the point. */
export const encodePage = (
  crypto: Crypto,
  page: { setId: Uint8Array; needed: number; page: number; share: Uint8Array },
): Buffer => {
  expectLength(page.setId, 4);
  expectLength(page.share, SHARE_BYTES);
  const bytes = secretBuffer(PAGE_BYTES);
  bytes[0] = VERSION;
  bytes.set(page.setId, SET_AT);
  bytes.set(u8(page.needed), NEEDED_AT);
  bytes.set(u8(page.page), PAGE_AT);
  bytes.set(page.share, SHARE_AT);
  bytes.set(checksum(crypto, bytes), CHECK_AT);
  return bytes;
};

export interface ShareSet {
  /** 4 random bytes. */
  readonly setId: Buffer;
  readonly needed: number;
  /** 32 words for each page, in the order of the pages. */
  readonly pages: readonly (readonly string[])[];
}

/**
 * Shares a 32-byte secret out over pages of words, `needed` of which give it back. The points of the polynomial
 * are drawn by the library from the system's generator.
 */
export const shareSecret = async (
  crypto: Crypto,
  random: Random,
  secret: Uint8Array,
  options: { needed: number; pages: number; language: Language },
): Promise<ShareSet> => {
  expectLength(secret, 32);
  const { needed, pages, language } = options;
  if (needed < 2 || needed > pages || pages > MAX_SHARES) throw new RangeError('pages of a set');
  const setId = random.bytes(4);
  // The library takes plain arrays only.
  const plain = new Uint8Array(secret);
  const shares = await split(plain, pages, needed);
  // Nobody should learn years later that the pages never fitted.
  const back = await combine(shares.slice(-needed));
  const same = crypto.equal(back, plain);
  crypto.zero(plain, back);
  if (!same) throw new AppError('call.internal');
  const words = shares.map((share, index) => {
    const page = encodePage(crypto, { setId, needed, page: index + 1, share });
    const text = bytesToWords(page, language);
    crypto.zero(page, share);
    return text;
  });
  return { setId, needed, pages: words };
};

interface Page {
  readonly setId: Buffer;
  readonly needed: number;
  readonly page: number;
  readonly share: Buffer;
}

/** `place`: which of the texts it was, from 1: what a page says of itself may be what was mistyped. */
const decodePage = (crypto: Crypto, text: string, place: number): Page => {
  const typed = typedWords(text);
  const field = `shares.${place - 1}`;
  if (typed.length !== SHARE_WORDS) {
    throw new AppError('recovery.wordCount', {
      field,
      params: { count: typed.length, expected: SHARE_WORDS },
    });
  }
  const read = wordsToBytes(typed);
  if ('unknown' in read) {
    throw new AppError('recovery.pageWord', { field, params: { page: place, word: read.unknown } });
  }
  const fitting = read.find(({ bytes }) => checksum(crypto, bytes).equals(bytes.subarray(CHECK_AT)));
  try {
    if (fitting === undefined) throw new AppError('recovery.pageDamaged', { field, params: { page: place } });
    const { bytes } = fitting;
    const needed = bytes[NEEDED_AT] as number;
    const page = bytes[PAGE_AT] as number;
    if (bytes[0] !== VERSION) throw new AppError('vault.newerFormat');
    // A checksum that fits over impossible numbers is no slip of the pen.
    if (needed < 2 || needed > MAX_SHARES || page < 1 || page > MAX_SHARES || bytes[CHECK_AT - 1] === 0) {
      throw new AppError('recovery.pageDamaged', { field, params: { page: place } });
    }
    return {
      setId: Buffer.from(bytes.subarray(SET_AT, NEEDED_AT)),
      needed,
      page,
      share: secretCopy(bytes.subarray(SHARE_AT, CHECK_AT)),
    };
  } finally {
    for (const { bytes } of read) crypto.zero(bytes);
  }
};

/**
 * Ways to take `count` of the items, up to `limit` of them. First those that stand side by side in a ring: whichever
 * single item is false, one of these does without it. Taken in order alone, the first `limit` ways out of many items
 * would all have the first one.
 */
const choices = <T>(items: readonly T[], count: number, limit: number): T[][] => {
  const found = new Map<string, readonly number[]>();
  const add = (places: readonly number[]): void => {
    const ordered = [...places].sort((a, b) => a - b);
    if (found.size < limit) found.set(ordered.join(), ordered);
  };
  items.forEach((_, from) => {
    add(Array.from({ length: count }, (_each, step) => (from + step) % items.length));
  });
  const go = (from: number, taken: readonly number[]): void => {
    if (found.size >= limit) return;
    if (taken.length === count) {
      add(taken);
      return;
    }
    for (let i = from; i <= items.length - (count - taken.length); i += 1) go(i + 1, [...taken, i]);
  };
  go(0, []);
  return [...found.values()].map((places) => places.map((place) => items[place] as T));
};

/** The page whose set most others do not share. */
const foreignPage = (pages: readonly Page[]): number => {
  const size = (page: Page): number => pages.filter((other) => other.setId.equals(page.setId)).length;
  const largest = pages.reduce((most, page) => (size(page) > size(most) ? page : most));
  return pages.findIndex((page) => !page.setId.equals(largest.setId));
};

/**
 * What typed pages may stand for: one candidate for each way to choose the needed pages among those given. Whether
 * one of them is right shows only when it opens a slot; a false page whose checksum was made to fit is noticed by
 * none doing so, though not which page it is. The caller wipes the candidates.
 *
 * @param texts one for each page, as typed.
 * @throws AppError `recovery.wordCount`, `recovery.pageWord`, `recovery.pageDamaged`, `recovery.pageOtherSet`,
 *   `recovery.pageTwice`, `recovery.pagesTooFew`, `recovery.pagesDoNotFit`, `vault.newerFormat`.
 */
export const pagesToSecrets = async (crypto: Crypto, texts: readonly string[]): Promise<Buffer[]> => {
  const pages: Page[] = [];
  try {
    for (const [index, text] of texts.entries()) pages.push(decodePage(crypto, text, index + 1));
    const first = pages[0];
    if (first === undefined) throw new AppError('recovery.pagesTooFew', { params: { count: 0, needed: 2 } });
    const foreign = foreignPage(pages);
    if (foreign !== -1) throw new AppError('recovery.pageOtherSet', { params: { page: foreign + 1 } });
    pages.forEach((page, index) => {
      const before = pages.slice(0, index);
      if (before.some((other) => other.page === page.page))
        throw new AppError('recovery.pageTwice', { params: { page: index + 1 } });
      // Pages of one set agree on how many are needed and stand for different points.
      if (before.some((other) => other.needed !== page.needed || other.share[32] === page.share[32]))
        throw new AppError('recovery.pagesDoNotFit');
    });
    if (pages.length < first.needed) {
      throw new AppError('recovery.pagesTooFew', { params: { count: pages.length, needed: first.needed } });
    }
    const secrets: Buffer[] = [];
    for (const chosen of choices(pages, first.needed, MAX_CHOICES)) {
      const parts = chosen.map((page) => new Uint8Array(page.share));
      const combined = await combine(parts);
      secrets.push(secretCopy(combined));
      crypto.zero(combined, ...parts);
    }
    return secrets;
  } finally {
    for (const page of pages) crypto.zero(page.share);
  }
};
