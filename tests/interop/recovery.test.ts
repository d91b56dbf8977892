import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as spanish } from '@scure/bip39/wordlists/spanish.js';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { CallOutput } from '#shared/contract/index.ts';
import { pagesToSecrets, shareCommitment, shareSecret } from '../../electron/core/crypto/recovery-shares.ts';
import { secretToWords, wordsToSecrets } from '../../electron/core/crypto/recovery-words.ts';
import { createSodiumCrypto } from '../../electron/core/crypto/sodium-crypto.ts';
import { createNodeRandom } from '../../electron/core/ports/node/node-random.ts';
import { Bench, PASSPHRASE } from '../integration/harness.ts';
import { describeWith, tryRun } from './outside-command.ts';
import { sequence } from '../../electron/core/crypto/test-support/sequence.ts';

const SCRIPT = join(import.meta.dirname, 'recovery_formats.py');
/** The first Python that has PyNaCl: Debian's own has it even where another one stands before it in the path. */
const PYTHON =
  ['python3', '/usr/bin/python3'].find((name) => tryRun(name, ['-c', 'import nacl.bindings']).code === 0) ??
  'python3-nacl';

const crypto = createSodiumCrypto();
const random = createNodeRandom();
const LISTS = { es: [...spanish], en: [...english] } as const;
const LANGUAGES = ['es', 'en'] as const;

const python = <S extends z.ZodType>(answer: S, command: string, order: object): z.output<S> =>
  answer.parse(
    JSON.parse(
      execFileSync(PYTHON, [SCRIPT, command], {
        input: JSON.stringify(order),
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'pipe'],
      }),
    ),
  );
const text = z.string();

/** The coefficients of the page vector: secret 00 ... 1f, then rows that the document gives. */
const PAGE_VECTOR = {
  secret: sequence(0, 32).toString('hex'),
  set: 'a1b2c3d4',
  coefficients: [sequence(0x40, 32).toString('hex')],
  points: [1, 7, 255],
};

describeWith([PYTHON], 'recovery against a second implementation in Python', () => {
  test('words: 50 of ours there, 50 of theirs here, in each language', () => {
    for (const language of LANGUAGES) {
      const secrets = Array.from({ length: 50 }, () => random.bytes(32));
      const hex = secrets.map((secret) => secret.toString('hex'));
      const list = LISTS[language];
      const words = secrets.map((secret) => secretToWords(crypto, secret, language));
      expect(python(z.array(text), 'secret-of-words', { list, words })).toEqual(hex);
      const theirs = python(z.array(z.array(text)), 'words-of-secret', { list, secrets: hex });
      expect(
        theirs.map((one) => wordsToSecrets(crypto, one.join(' ')).map((found) => found.toString('hex'))),
      ).toEqual(hex.map((one) => [one]));
    }
  });

  test('pages: ours put together there, theirs here', async () => {
    for (const language of LANGUAGES) {
      const list = LISTS[language];
      for (const [needed, count] of [
        [2, 2],
        [3, 5],
        [5, 9],
      ] as const) {
        const secret = random.bytes(32);
        const set = await shareSecret(crypto, random, secret, { needed, pages: count, language });
        const pages = set.pages.slice(count - needed);
        expect(python(text, 'secret-of-pages', { list, pages })).toBe(secret.toString('hex'));
        expect(python(text, 'commitment', { list: [], secret: secret.toString('hex') })).toBe(
          shareCommitment(crypto, secret).toString('hex'),
        );
        const made = python(z.array(z.array(text)), 'make-pages', {
          list,
          secret: secret.toString('hex'),
          set: random.bytes(4).toString('hex'),
          coefficients: Array.from({ length: needed - 1 }, () => random.bytes(32).toString('hex')),
          points: Array.from({ length: count }, (_, i) => 255 - 20 * i),
        });
        const back = await pagesToSecrets(
          crypto,
          made.slice(0, needed).map((words) => words.join(' ')),
        );
        expect(back).toEqual([secret]);
      }
    }
  });

  test('the vectors of the document', async () => {
    const secret = sequence(0, 32);
    const document = readFileSync(join(import.meta.dirname, '../../docs/formats/recovery.md'), 'utf8');
    const flat = document.replace(/[\s>]+/gu, ' ');
    for (const language of LANGUAGES) {
      const words = secretToWords(crypto, secret, language);
      expect(flat).toContain(words.join(' '));
    }
    const pages = python(z.array(z.array(text)), 'make-pages', { list: LISTS.en, ...PAGE_VECTOR });
    for (const page of pages) expect(flat).toContain(page.join(' '));
    expect(
      await pagesToSecrets(
        crypto,
        pages.slice(1).map((page) => page.join(' ')),
      ),
    ).toEqual([secret]);
    expect(document).toContain(shareCommitment(crypto, secret).toString('hex'));
  });

  test('a vault that was made here opens there, with words and with pages', async () => {
    const bench = await new Bench().create();
    try {
      const own = { passphrase: PASSPHRASE };
      const bring = async (ticket: string): Promise<CallOutput<'slots.draw'>> => {
        const shown = await bench.call('slots.draw', { ticket, own });
        const page = (n: number): readonly string[] => shown.pages.find((one) => one.page === n)?.words ?? [];
        await bench.call('slots.confirm', {
          ticket,
          asked: shown.ask.map((one) => page(one.page)[one.word - 1] ?? ''),
          retyped: page(shown.retype).join(' '),
        });
        return shown;
      };
      const words = await bench.call('slots.prepare', {
        purpose: 'slots.addWords',
        name: 'Palabras',
        language: 'es',
      });
      const drawnWords = await bring(words.ticket);
      const shares = await bench.call('slots.prepare', {
        purpose: 'slots.addShares',
        name: 'Hojas',
        language: 'en',
        needed: 2,
        pages: 3,
      });
      const drawnPages = await bring(shares.ticket);
      const file = readFileSync(join(bench.vaultFolder, 'vault.json'), 'utf8');
      const opened = z.object({ signPublic: text, seq: z.number() });
      const byWords = python(opened, 'open-by-words', {
        list: LISTS.es,
        file,
        words: drawnWords.pages[0]?.words,
      });
      const byPages = python(opened, 'open-by-pages', {
        list: LISTS.en,
        file,
        pages: drawnPages.pages.slice(1).map((one) => one.words),
      });
      expect(byWords.seq).toBe(3);
      expect(byPages.signPublic).not.toBe(byWords.signPublic);
      expect(() =>
        python(opened, 'open-by-pages', { list: LISTS.en, file, pages: [drawnPages.pages[0]?.words] }),
      ).toThrow();
    } finally {
      await bench.end();
    }
  });
});
