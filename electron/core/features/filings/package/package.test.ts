import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Crypto, Random } from '../../../ports/index.ts';
import { loadCrypto } from '../../../crypto/load-crypto.ts';
import { createNodeRandom } from '../../../ports/node/node-random.ts';
import type { BagInput, PayloadFile } from './bag.ts';
import { prepareBag } from './bag.ts';
import { commitTo, openingCommand, opensCommitment } from './commitment.ts';
import { csvBytes } from './csv.ts';
import {
  createSeriesKey,
  keyIdOf,
  parsePublicKey,
  publicKeyFile,
  publicKeyLine,
  sign,
  verifySignature,
} from './minisign.ts';
import type { PackageReader } from './package-reader.ts';
import { zipPackage } from './package-reader.ts';
import { custodyCsv } from './tables.ts';
import type { PackageVerdict } from './verify.ts';
import { verifyPackage } from './verify.ts';
import { bytesSource } from './zip-reader.ts';
import { entryOfBytes, zipBytes } from './zip-writer.ts';

const random = createNodeRandom();
let crypto: Crypto;
beforeAll(async () => {
  crypto = await loadCrypto();
});

const collect = async (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};
const file = (path: string, text: string): PayloadFile => ({ path, open: () => [Buffer.from(text)] });
const input = (change: Partial<BagInput> = {}): BagInput => ({
  day: '2026-11-22',
  baseName: 'paquete-2026-11-22',
  signingKey: null,
  payload: [file('filing.pdf', 'pdf'), file('annexes/Anexo_01_foto.png', 'png')],
  ...change,
});

/** A reader over a plain map, to change a package in any way. */
const mapReader = (files: Map<string, Buffer>): PackageReader => ({
  files: new Map([...files].map(([path, bytes]) => [path, bytes.length])),
  async *open(path) {
    yield files.get(path) ?? Buffer.alloc(0);
    await Promise.resolve();
  },
  close: () => Promise.resolve(),
});
const filesOf = async (change: Partial<BagInput> = {}): Promise<Map<string, Buffer>> => {
  const bag = await prepareBag(input(change), crypto);
  const out = new Map<string, Buffer>();
  for (const { path } of bag.files) out.set(path, await collect(bag.open(path)));
  return out;
};
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('bag', () => {
  it('is the same bytes for the same input and lists every file once', async () => {
    const [one, two] = await Promise.all([
      prepareBag(input(), crypto),
      prepareBag(input({ payload: [...input().payload].reverse() }), crypto),
    ]);
    const bytes = await collect(one.zip());
    expect((await collect(two.zip())).equals(bytes)).toBe(true);
    const reader = await zipPackage(bytesSource(bytes));
    expect([...reader.files.keys()].sort()).toEqual(one.files.map((listed) => listed.path).sort());
    expect(one.files.map((listed) => listed.path)).not.toContain('tagmanifest-sha256.txt.minisig');
  });

  it('tells no name, moment or tool in bag-info', async () => {
    expect((await filesOf()).get('bag-info.txt')?.toString()).toBe(
      'Bagging-Date: 2026-11-22\nPayload-Oxum: 6.2\n',
    );
  });

  it('stops where a source changes between the lists and the archive', async () => {
    let reads = 0;
    const moving: PayloadFile = { path: 'a.bin', open: () => [Buffer.from(`read ${String((reads += 1))}`)] };
    const bag = await prepareBag(input({ payload: [moving] }), crypto);
    await expect(collect(bag.zip())).rejects.toMatchObject({ code: 'evidence.changedWhileReading' });
  });

  it.each(['../x', '/x', 'a/../b', '.hidden', 'a b', 'ñ', 'a//b', 'a\\b'])(
    'refuses the payload path %j',
    async (path) => {
      await expect(prepareBag(input({ payload: [file(path, 'x')] }), crypto)).rejects.toBeInstanceOf(
        RangeError,
      );
    },
  );
});

describe('verify', () => {
  it('counts the sums, not the files: the list of lists and the signature have none', async () => {
    const files = await filesOf();
    const { intact, sumCount } = await verifyPackage(mapReader(files), crypto);
    expect({ intact, sumCount }).toEqual({ intact: true, sumCount: files.size - 1 });
    expect(sumCount).toBe(6);
  });
  const check = (files: Map<string, Buffer>): Promise<PackageVerdict> =>
    verifyPackage(mapReader(files), crypto);

  it('finds a whole bag whole, with or without a folder around it', async () => {
    expect(await check(await filesOf())).toMatchObject({
      intact: true,
      authentic: null,
      signature: 'none',
      problems: [],
    });
    const flat = [...(await filesOf())].map(([path, bytes]) => entryOfBytes(path, bytes, 'deflate'));
    const reader = await zipPackage(bytesSource(await zipBytes(flat)));
    expect((await verifyPackage(reader, crypto)).intact).toBe(true);
  });

  it('sees every single change of every file', async () => {
    const whole = await filesOf();
    for (const [path, bytes] of whole) {
      const changed = new Map(whole).set(path, Buffer.concat([bytes, Buffer.from('x')]));
      expect((await check(changed)).intact, path).toBe(false);
      const without = new Map(whole);
      without.delete(path);
      expect((await check(without)).intact, path).toBe(false);
    }
  });

  it.each(['data/new.txt', 'new.txt', 'verificar.html', 'data/annexes/x'])(
    'sees the added file %s',
    async (path) => {
      const verdict = await check((await filesOf()).set(path, Buffer.from('x')));
      expect(verdict.problems).toContainEqual({ kind: 'unlisted', path });
    },
  );

  it('refuses lists that leave out the list of the payload', async () => {
    const files = await filesOf();
    const tag = (files.get('tagmanifest-sha256.txt') ?? Buffer.alloc(0)).toString();
    files.set('tagmanifest-sha256.txt', Buffer.from(tag.replace(/.* {2}manifest-sha256.txt\n/, '')));
    const verdict = await check(files);
    expect(verdict.intact).toBe(false);
    expect(verdict.problems).toContainEqual({ kind: 'listInvalid', path: 'tagmanifest-sha256.txt' });
  });

  it('tells integrity and authorship apart', async () => {
    const key = createSeriesKey(crypto, random);
    const stranger = createSeriesKey(crypto, random);
    const publicKey = parsePublicKey(publicKeyLine(crypto, key.publicKey));
    if (publicKey === null) throw new Error('key');
    const withKey = (files: Map<string, Buffer>): Promise<PackageVerdict> =>
      verifyPackage(mapReader(files), crypto, { publicKey });
    const signed = await filesOf({ signingKey: key });
    expect(await withKey(signed)).toMatchObject({ intact: true, authentic: true, signature: 'valid' });
    expect(await check(signed)).toMatchObject({ intact: true, authentic: null, signature: 'unchecked' });
    expect(await withKey(await filesOf())).toMatchObject({
      intact: true,
      authentic: false,
      signature: 'none',
    });
    expect(await withKey(await filesOf({ signingKey: stranger }))).toMatchObject({
      intact: true,
      authentic: false,
      signature: 'otherKey',
    });
    const damaged = new Map(signed).set('data/filing.pdf', Buffer.from('pdF'));
    expect(await withKey(damaged)).toMatchObject({ intact: false, authentic: false, signature: 'valid' });
    // All lists written anew around another filing, the honest signature kept.
    const rewritten = await filesOf({ payload: [file('filing.pdf', 'other')] });
    rewritten.set(
      'tagmanifest-sha256.txt.minisig',
      signed.get('tagmanifest-sha256.txt.minisig') ?? Buffer.alloc(0),
    );
    expect(await withKey(rewritten)).toMatchObject({ intact: true, authentic: false, signature: 'invalid' });
  });

  it('compares a changed README, which is text for people, as well', async () => {
    const verdict = await check((await filesOf()).set('LEEME.txt', Buffer.from('trust me')));
    expect(verdict.problems).toEqual([{ kind: 'altered', path: 'LEEME.txt' }]);
  });
});

describe('minisign', () => {
  it('has its key id from the key alone, and reads its own key file', () => {
    const key = createSeriesKey(crypto, random);
    const parsed = parsePublicKey(publicKeyFile(crypto, key.publicKey));
    expect(parsed?.publicKey.equals(key.publicKey)).toBe(true);
    expect(parsed?.keyId.equals(createHash('blake2b512').update(key.publicKey).digest().subarray(0, 8))).toBe(
      true,
    );
    expect(keyIdOf(crypto, key.publicKey)).toHaveLength(8);
  });

  it('refuses any changed signature text', () => {
    const key = createSeriesKey(crypto, random);
    const publicKey = parsePublicKey(publicKeyLine(crypto, key.publicKey));
    if (publicKey === null) throw new Error('key');
    const content = Buffer.from('content');
    const good = sign(crypto, key, content);
    expect(verifySignature(crypto, publicKey, content, good)).toBe('valid');
    const untrusted = 'untrusted comment: signature'.length;
    fc.assert(
      fc.property(
        fc.integer({ min: untrusted + 1, max: good.length - 2 }),
        fc.constantFrom('A', 'z', '0', '\n', '/'),
        (at, letter) => {
          fc.pre(good[at] !== letter);
          const bad = good.slice(0, at) + letter + good.slice(at + 1);
          return verifySignature(crypto, publicKey, content, bad) !== 'valid';
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(['', 'RWQ', 'untrusted comment: x\nRWQ\n', 'A'.repeat(56), 'x\ny\nz'])(
    'reads no key out of %j',
    (text) => {
      expect(parsePublicKey(text)).toBeNull();
    },
  );
});

describe('commitments', () => {
  const hash = createHash('sha256').update('original').digest();

  it('open with their own bytes alone, and differ each time', () => {
    const one = commitTo(hash, random);
    const two = commitTo(hash, random);
    expect(one.commitment).not.toBe(two.commitment);
    expect(opensCommitment(one.commitment, one.opening, hash)).toBe(true);
    expect(opensCommitment(one.commitment, two.opening, hash)).toBe(false);
    expect(opensCommitment(one.commitment, one.opening, createHash('sha256').update('other').digest())).toBe(
      false,
    );
    expect(opensCommitment('00', one.opening, hash)).toBe(false);
  });

  it('follow their written definition', () => {
    const fixed: Random = { bytes: (count) => Buffer.alloc(count, 9) };
    const expected = sha256(Buffer.concat([Buffer.from('RSG commit v1'), Buffer.alloc(32, 9), hash]));
    expect(commitTo(hash, fixed).commitment).toBe(expected);
  });

  it.skipIf(process.platform === 'win32')('open with sha256sum', () => {
    const { commitment, opening } = commitTo(hash, random);
    const printed = execFileSync('/bin/sh', ['-c', openingCommand(opening, hash)], { encoding: 'utf8' });
    expect(printed.slice(0, 64)).toBe(commitment);
  });
});

describe('tables', () => {
  it('neutralise formulas, quote, and keep Excel reading UTF-8', () => {
    const rows = [['=1+1', '+52 1', '-x', '@a', 'a,b', 'say "x"', 'two\r\nlines', ' =x', 5, null]] as const;
    const heading = rows[0].map((_, at) => `c${String(at)}`);
    expect(csvBytes(heading, rows).toString('utf8')).toBe(
      `\ufeff${heading.join(',')}\r\n'=1+1,'+52 1,'-x,'@a,"a,b","say ""x""",two lines,' =x,5,\r\n`,
    );
  });

  it('no cell begins with a sign that a spreadsheet runs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const line =
          csvBytes(['a'], [[text]])
            .toString('utf8')
            .split('\r\n')[1] ?? '';
        return !/^"?\s*[=+@]/.test(line) && !/^"?[-\t]/.test(line);
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuse custody of what is not delivered', () => {
    const step = {
      annex: 2,
      step: 1,
      day: '2026-01-01',
      event: 'x',
      who: 'y',
      note: '',
      originalCommitment: null,
    };
    expect(() => custodyCsv([step], [{ number: 1 }], 'es')).toThrow(RangeError);
  });
});
