import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Crypto } from '../../electron/core/ports/index.ts';
import { loadCrypto } from '../../electron/core/crypto/load-crypto.ts';
import {
  bytesSource,
  createSeriesKey,
  parsePublicKey,
  publicKeyFile,
  publicKeyLine,
  verifyPackage,
  zipPackage,
} from '../../electron/core/features/filings/package/index.ts';
import { sign, verifySignature } from '../../electron/core/features/filings/package/minisign.ts';
import { describeWith, run, scratch, tryRun } from './outside-command.ts';
import { collect, samplePackage } from './sample-package.ts';
import { seededRandom } from './seeded-random.ts';

const windows = (text: Buffer): Set<string> => {
  const out = new Set<string>();
  for (let at = 0; at + 8 <= text.length; at += 1) out.add(text.toString('latin1', at, at + 8));
  return out;
};

describeWith(['minisign', 'unzip'], 'signatures against minisign', () => {
  const folder = scratch();
  afterAll(() => folder.dispose());
  let crypto: Crypto;
  beforeAll(async () => {
    crypto = await loadCrypto();
  });

  it('minisign -Vm accepts a package, by key file and by key line, and refuses a change', async () => {
    const { bag, key } = await samplePackage(crypto, seededRandom('minisign'));
    if (key === null) throw new Error('unsigned');
    writeFileSync(folder.join('p.zip'), await collect(bag.zip()));
    run('unzip', ['-q', folder.join('p.zip')], folder.path);
    const inside = folder.join(bag.baseName);
    writeFileSync(folder.join('key.pub'), publicKeyFile(crypto, key.publicKey));
    const byFile = run('minisign', ['-Vm', 'tagmanifest-sha256.txt', '-p', folder.join('key.pub')], inside);
    expect(byFile).toContain('Signature and comment signature verified');
    expect(byFile).toContain('Trusted comment: resguardo-package-1');
    run('minisign', ['-Vm', 'tagmanifest-sha256.txt', '-P', publicKeyLine(crypto, key.publicKey)], inside);
    const list = readFileSync(`${inside}/tagmanifest-sha256.txt`, 'utf8');
    writeFileSync(
      `${inside}/tagmanifest-sha256.txt`,
      list.replace(/^./, (first) => (first === '0' ? '1' : '0')),
    );
    expect(
      tryRun('minisign', ['-Vm', 'tagmanifest-sha256.txt', '-p', folder.join('key.pub')], inside).code,
    ).not.toBe(0);
  });

  it('reads what minisign writes', () => {
    writeFileSync(folder.join('text.txt'), 'contenido');
    run('minisign', ['-G', '-W', '-f', '-p', folder.join('g.pub'), '-s', folder.join('g.key')]);
    run('minisign', ['-S', '-H', '-s', folder.join('g.key'), '-m', folder.join('text.txt')]);
    const key = parsePublicKey(readFileSync(folder.join('g.pub'), 'utf8'));
    if (key === null) throw new Error('key');
    const signature = readFileSync(folder.join('text.txt.minisig'), 'utf8');
    expect(verifySignature(crypto, key, Buffer.from('contenido'), signature)).toBe('valid');
    expect(verifySignature(crypto, key, Buffer.from('contenidO'), signature)).toBe('invalid');
  });

  it('two recipients have no eight bytes of their signatures in common beyond the fixed words', () => {
    const random = seededRandom('series');
    const content = Buffer.from('the same list for both');
    const [one = [], two = []] = [1, 2].map(() =>
      sign(crypto, createSeriesKey(crypto, random), content).split('\n'),
    );
    // Fixed: both comments, and the two letters of the algorithm at the start of the second line.
    expect([one[0], one[2], one[4]]).toEqual([
      'untrusted comment: signature',
      'trusted comment: resguardo-package-1',
      '',
    ]);
    expect([two[0], two[2], two[4]]).toEqual([one[0], one[2], one[4]]);
    for (const line of [1, 3]) {
      const raw = [one, two].map((lines) =>
        Buffer.from(lines[line] ?? '', 'base64').subarray(line === 1 ? 2 : 0),
      );
      const text = [one, two].map((lines) => Buffer.from((lines[line] ?? '').replace(/^RU/, ''), 'latin1'));
      for (const [first, second] of [raw, text]) {
        const seen = windows(first ?? Buffer.alloc(0));
        expect(seen.size).toBeGreaterThan(50);
        expect([...windows(second ?? Buffer.alloc(0))].filter((part) => seen.has(part))).toEqual([]);
      }
    }
  });

  it('a stranger who alters and signs anew deceives the lists, not the key', async () => {
    const honest = await samplePackage(crypto, seededRandom('honest'));
    const forged = await samplePackage(crypto, seededRandom('stranger'), {
      annexBytes: Buffer.from('swapped'),
    });
    if (honest.key === null) throw new Error('unsigned');
    const publicKey = parsePublicKey(publicKeyLine(crypto, honest.key.publicKey));
    if (publicKey === null) throw new Error('key');
    const reader = await zipPackage(bytesSource(await collect(forged.bag.zip())));
    expect(await verifyPackage(reader, crypto)).toMatchObject({
      intact: true,
      authentic: null,
      signature: 'unchecked',
    });
    expect(await verifyPackage(reader, crypto, { publicKey })).toMatchObject({
      intact: true,
      authentic: false,
      signature: 'otherKey',
      problems: [{ kind: 'signatureOtherKey' }],
    });
    const good = await zipPackage(bytesSource(await collect(honest.bag.zip())));
    expect(await verifyPackage(good, crypto, { publicKey })).toMatchObject({
      intact: true,
      authentic: true,
      problems: [],
    });
  });
});
