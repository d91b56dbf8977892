import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as spanish } from '@scure/bip39/wordlists/spanish.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createNodeRandom } from '../ports/node/node-random.ts';
import { createPortableCrypto } from './portable-crypto.ts';
import { encodePage, pagesToSecrets, shareColour, shareCommitment, shareSecret } from './recovery-shares.ts';
import {
  bytesToWords,
  foldWord,
  secretToWords,
  typedWords,
  wordsOf,
  wordsToBytes,
  wordsToSecrets,
} from './recovery-words.ts';
import { createSodiumCrypto } from './sodium-crypto.ts';

const crypto = createSodiumCrypto();
const portable = await createPortableCrypto();
const random = createNodeRandom();
const LISTS = { es: spanish, en: english } as const;
const languages = fc.constantFrom('es' as const, 'en' as const);
const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 });

const refusal = async (
  work: () => unknown,
): Promise<{ code: string; params?: Readonly<Record<string, unknown>> | undefined }> => {
  try {
    await work();
  } catch (thrown) {
    const { code, params } = thrown as { code: string; params?: Readonly<Record<string, unknown>> };
    return { code, params };
  }
  return { code: 'accepted' };
};

describe('the word lists', () => {
  test.each(['es', 'en'] as const)(
    '%s: 2,048 words, told apart by four letters without accents',
    (language) => {
      const folded = wordsOf(language).map(foldWord);
      expect(new Set(folded).size).toBe(2048);
      expect(new Set(folded.map((word) => word.slice(0, 4))).size).toBe(2048);
      expect(folded.every((word) => /^[a-z]{3,}$/u.test(word))).toBe(true);
    },
  );
});

describe('24 words', () => {
  test('are those of another implementation, in both languages, and back', () => {
    fc.assert(
      fc.property(secrets, languages, (secret, language) => {
        const words = secretToWords(crypto, secret, language);
        const theirs = entropyToMnemonic(secret, [...LISTS[language]]);
        expect(words.join(' ').normalize('NFKD')).toBe(theirs.normalize('NFKD'));
        expect(Buffer.from(mnemonicToEntropy(words.join(' '), [...LISTS[language]]))).toEqual(
          Buffer.from(secret),
        );
        expect(wordsToSecrets(crypto, words.join(' '))).toEqual([Buffer.from(secret)]);
        expect(secretToWords(portable, secret, language)).toEqual(words);
      }),
      { numRuns: 100 },
    );
  });

  test('may be typed in any case, with or without accents, shortened to four letters, numbered', () => {
    fc.assert(
      fc.property(
        secrets,
        languages,
        fc.array(fc.constantFrom('plain', 'bare', 'short', 'upper', 'decomposed'), {
          minLength: 24,
          maxLength: 24,
        }),
        (secret, language, ways) => {
          const typed = secretToWords(crypto, secret, language).map((word, index) => {
            switch (ways[index]) {
              case 'bare':
                return foldWord(word);
              case 'short':
                return [...word.normalize('NFC')].slice(0, 4).join('');
              case 'upper':
                return `${index + 1}) ${word.toUpperCase()},`;
              case 'decomposed':
                return word.normalize('NFD');
              default:
                return word;
            }
          });
          expect(wordsToSecrets(crypto, typed.join('\n '))).toEqual([Buffer.from(secret)]);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('a word that is in no list is named by its number; a missing one counted', async () => {
    const words = secretToWords(crypto, random.bytes(32), 'es');
    for (let place = 0; place < 24; place += 1) {
      const wrong = words.with(place, `${words[place] ?? ''}xq`);
      expect(await refusal(() => wordsToSecrets(crypto, wrong.join(' ')))).toEqual({
        code: 'recovery.unknownWord',
        params: { word: place + 1 },
      });
    }
    expect(await refusal(() => wordsToSecrets(crypto, words.slice(1).join(' ')))).toEqual({
      code: 'recovery.wordCount',
      params: { count: 23, expected: 24 },
    });
  });

  test('another word of the list never gives the same secret, and 8 bits of checksum catch most', async () => {
    const secret = random.bytes(32);
    const words = secretToWords(crypto, secret, 'en');
    let caught = 0;
    for (let n = 0; n < 1_000; n += 1) {
      const place = random.bytes(1).readUInt8() % 24;
      const other = wordsOf('en')[random.bytes(2).readUInt16BE() % 2048] ?? '';
      if (other === words[place]) continue;
      const text = words.with(place, other).join(' ');
      const told = await refusal(() => {
        expect(wordsToSecrets(crypto, text).some((found) => found.equals(secret))).toBe(false);
      });
      if (told.code === 'recovery.checksum') caught += 1;
      else expect(told.code).toBe('accepted');
    }
    expect(caught).toBeGreaterThan(970);
  });
});

/** Splits of the numbers below `count` into every set of `size`. */
const subsets = (count: number, size: number): number[][] =>
  Array.from({ length: 2 ** count }, (_, bits) =>
    Array.from({ length: count }, (_unused, place) => place).filter((place) => (bits >> place) & 1),
  ).filter((chosen) => chosen.length === size);

const share = async (
  needed: number,
  pages: number,
): Promise<{ secret: Buffer; texts: string[]; pages: readonly (readonly string[])[] }> => {
  const secret = random.bytes(32);
  const set = await shareSecret(crypto, random, secret, { needed, pages, language: 'es' });
  return { secret, pages: set.pages, texts: set.pages.map((words) => words.join(' ')) };
};

const pick = (texts: readonly string[], places: readonly number[]): string[] =>
  places.map((place) => texts[place] ?? '');

describe('pages', () => {
  test.each([
    [2, 2],
    [2, 3],
    [3, 5],
    [4, 6],
  ])(
    '%i of %i: every choice of enough gives the secret back, every choice of fewer is refused',
    async (needed, count) => {
      const { secret, texts, pages } = await share(needed, count);
      expect(pages.every((words) => words.length === 32)).toBe(true);
      for (const chosen of subsets(count, needed)) {
        expect(await pagesToSecrets(crypto, pick(texts, chosen))).toEqual([secret]);
      }
      for (const chosen of subsets(count, needed - 1)) {
        expect(await refusal(() => pagesToSecrets(crypto, pick(texts, chosen)))).toEqual({
          code: 'recovery.pagesTooFew',
          params: { count: needed - 1, needed },
        });
      }
    },
  );

  test('any mistyped word is found and its page named, before anything is put together', async () => {
    const { texts, pages } = await share(2, 3);
    for (let n = 0; n < 300; n += 1) {
      const page = n % 2;
      const place = random.bytes(1).readUInt8() % 32;
      const words = pages[page] ?? [];
      const other = wordsOf('es')[random.bytes(2).readUInt16BE() % 2048] ?? '';
      if (other === words[place]) continue;
      const given = [texts[0] ?? '', texts[1] ?? ''].with(page, words.with(place, other).join(' '));
      const told = await refusal(() => pagesToSecrets(crypto, given));
      expect(told).toEqual({ code: 'recovery.pageDamaged', params: { page: page + 1 } });
    }
    const unknown = [texts[0] ?? '', (pages[1] ?? []).with(30, 'zzzz').join(' ')];
    expect(await refusal(() => pagesToSecrets(crypto, unknown))).toEqual({
      code: 'recovery.pageWord',
      params: { page: 2, word: 31 },
    });
  });

  test('a page of another set, a page twice, a page cut short', async () => {
    const ours = await share(3, 5);
    const theirs = await share(3, 5);
    const mixed = [...pick(ours.texts, [0, 1]), ...pick(theirs.texts, [2]), ...pick(ours.texts, [3])];
    expect(await refusal(() => pagesToSecrets(crypto, mixed))).toEqual({
      code: 'recovery.pageOtherSet',
      params: { page: 3 },
    });
    expect(await refusal(() => pagesToSecrets(crypto, pick(ours.texts, [0, 1, 0])))).toEqual({
      code: 'recovery.pageTwice',
      params: { page: 3 },
    });
    const short = [ours.texts[0] ?? '', (ours.pages[1] ?? []).slice(1).join(' ')];
    expect((await refusal(() => pagesToSecrets(crypto, short))).code).toBe('recovery.wordCount');
  });

  /** A page as a dishonest holder makes it: other contents under a checksum that fits. */
  const forged = (words: readonly string[], change: (bytes: Buffer) => void): string => {
    const read = wordsToBytes(words.map(foldWord));
    if ('unknown' in read) throw new Error('not a page');
    const bytes = Buffer.from(read[0]?.bytes ?? []);
    change(bytes);
    return bytesToWords(
      encodePage(crypto, {
        setId: bytes.subarray(1, 5),
        needed: bytes[5] ?? 0,
        page: bytes[6] ?? 0,
        share: bytes.subarray(7, 40),
      }),
      'es',
    ).join(' ');
  };

  test('a false page whose checksum was made to fit gives another secret, and one honest page too many heals it', async () => {
    const { secret, texts, pages } = await share(3, 5);
    const page = forged(pages[1] ?? [], (bytes) => {
      bytes[20] = (bytes[20] ?? 0) ^ 1;
    });
    const candidates = await pagesToSecrets(crypto, [texts[0] ?? '', page, texts[2] ?? '']);
    expect(candidates.some((found) => found.equals(secret))).toBe(false);
    const healed = await pagesToSecrets(crypto, [texts[0] ?? '', page, ...pick(texts, [2, 3])]);
    expect(healed.filter((found) => found.equals(secret))).toHaveLength(1);
  });

  test('wherever the false one is among many pages, some way to choose does without it', async () => {
    const { secret, texts, pages } = await share(8, 16);
    for (const at of [0, 7, 15]) {
      const page = forged(pages[at] ?? [], (bytes) => {
        bytes[20] = (bytes[20] ?? 0) ^ 1;
      });
      const candidates = await pagesToSecrets(
        crypto,
        texts.map((text, index) => (index === at ? page : text)),
      );
      expect([at, candidates.some((found) => found.equals(secret))]).toEqual([at, true]);
    }
  });

  test('pages that disagree about how many are needed, or stand for one point, do not fit together', async () => {
    const { texts, pages } = await share(3, 5);
    const fewer = forged(pages[1] ?? [], (bytes) => {
      bytes[5] = 2;
    });
    expect((await refusal(() => pagesToSecrets(crypto, [texts[0] ?? '', fewer]))).code).toBe(
      'recovery.pagesDoNotFit',
    );
    const first = wordsToBytes(typedWords(texts[0] ?? ''));
    if ('unknown' in first) throw new Error('not a page');
    const point = first[0]?.bytes[39] ?? 0;
    const samePoint = forged(pages[1] ?? [], (bytes) => {
      bytes[39] = point;
    });
    expect(
      (await refusal(() => pagesToSecrets(crypto, [texts[0] ?? '', samePoint, texts[2] ?? '']))).code,
    ).toBe('recovery.pagesDoNotFit');
  });

  test('nothing of random words is ever taken for pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 0, max: 2047 }), { minLength: 32, maxLength: 32 }), {
          minLength: 1,
          maxLength: 3,
        }),
        async (pages) => {
          const texts = pages.map((page) => page.map((index) => wordsOf('en')[index]).join(' '));
          expect((await refusal(() => pagesToSecrets(crypto, texts))).code).toBe('recovery.pageDamaged');
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a commitment says which secret and nothing of it; the colour comes from the set', () => {
    const secret = random.bytes(32);
    expect(shareCommitment(crypto, secret)).toEqual(
      crypto.blake2b(32, [Buffer.from('RSG share set v1\0')], secret),
    );
    expect(shareColour(Buffer.of(13, 0, 0, 0))).toBe('orange');
  });
});
