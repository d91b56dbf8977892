import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  encodeCatalogue,
  headerFileName,
  MAX_CATALOGUE_BYTES,
  MAX_SNAPSHOTS,
  objectSetHash,
  parseCatalogue,
  type CatalogueBody,
  type CatalogueEntry,
} from './backup-catalogue.ts';
import { deriveSnapshotKey, deriveVaultKeys } from './key-hierarchy.ts';
import { createSodiumCrypto } from './sodium-crypto.ts';
import { codeOf } from './test-support/code-of.ts';
import { sequence } from './test-support/sequence.ts';

const crypto = createSodiumCrypto();
const key = deriveVaultKeys(crypto, sequence(0x80, 32)).backup;

const entry = (changes: Partial<CatalogueEntry> = {}): CatalogueEntry => ({
  n: 1,
  takenMs: 1_700_000_000_000,
  snapshotId: sequence(0x60, 16),
  bytes: 40_960,
  sha256: sequence(0x20, 32),
  incarnation: sequence(0x90, 16),
  journalSeq: 7,
  position: 9,
  head: sequence(0xa0, 32),
  headerSeq: 3,
  headerFile: '3.json',
  generation: 1,
  objectCount: 2,
  objectsHash: sequence(0xb0, 32),
  ...changes,
});
const body = (changes: Partial<CatalogueBody> = {}): CatalogueBody => ({
  vaultId: sequence(0x40, 16),
  targetId: sequence(0x70, 16),
  n: 2,
  prev: sequence(0x10, 32),
  writtenMs: 1_700_000_000_000,
  generation: 1,
  headerFile: '3.json',
  snapshots: [entry()],
  ...changes,
});

interface Outer {
  format: string;
  version: number;
  body: string;
  mac: string;
}
const outer = (): Outer => JSON.parse(encodeCatalogue(crypto, body(), key).file.toString()) as Outer;
const inner = (): Record<string, unknown> =>
  JSON.parse(Buffer.from(outer().body, 'base64').toString()) as Record<string, unknown>;
/** A file with another body, whose MAC nobody made. */
const withInner = (text: string): Buffer =>
  Buffer.from(JSON.stringify({ ...outer(), body: Buffer.from(text).toString('base64') }));

describe('vectors that a second implementation gave', () => {
  test('snapshot key, object set, MAC and hash', () => {
    expect(key.toString('hex')).toBe('43e706fafbfe1e86529243a0259372bd3429c639972ffe176c3a1ffb53995523');
    expect(deriveSnapshotKey(crypto, key, sequence(0x60, 16)).toString('hex')).toBe(
      'fdd42692532f078a3f7ffd36b88442b4b8490fbd68e07f00c500d682f7164934',
    );
    const set = '20f01c2c9470650a95375bb28254ac56fa844bf8d663a4ffb10273fca29481b9';
    expect(objectSetHash(crypto, [sequence(0x30, 16), sequence(0x20, 16)]).toString('hex')).toBe(set);
    expect(objectSetHash(crypto, [sequence(0x20, 16), sequence(0x30, 16)]).toString('hex')).toBe(set);
    expect(Buffer.from(outer().mac, 'base64').toString('hex')).toBe(
      '8f9f0427358acb02c656eb30052d1ee2ff6ea67c6c18493e96bd10c9d434233a',
    );
    expect(encodeCatalogue(crypto, body(), key).hash.toString('hex')).toBe(
      '520b9cb8ae266dabd7b10afb8ccb0a7d982f92f57cd541b0bdf17cda7c3c05c1',
    );
  });
});

describe('reading', () => {
  test('gives back what was written', () => {
    const written = body({ snapshots: [entry(), entry({ n: 4, snapshotId: sequence(1, 16) })] });
    const { file, hash } = encodeCatalogue(crypto, written, key);
    const read = parseCatalogue(file).verify(crypto, key);
    expect(read.body).toEqual(written);
    expect(read.hash).toEqual(hash);
    expect(parseCatalogue(file).recognise(crypto, hash)?.body).toEqual(written);
    expect(parseCatalogue(file).recognise(crypto, sequence(0, 32))).toBeNull();
  });

  test('nothing under another key, nothing changed by one bit', () => {
    const { file } = encodeCatalogue(crypto, body(), key);
    expect(codeOf(() => parseCatalogue(file).verify(crypto, sequence(9, 32)))).toBe(
      'backup.catalogueDamaged',
    );
    let silent = 0;
    for (let bit = 0; bit < file.length * 8; bit += 1) {
      const copy = Buffer.from(file);
      copy[bit >>> 3] = (copy[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      const code = codeOf(() => parseCatalogue(copy).verify(crypto, key));
      if (code === null) silent += 1;
      else
        expect(['backup.catalogueUnreadable', 'backup.catalogueDamaged', 'vault.newerFormat']).toContain(
          code,
        );
    }
    expect(silent).toBe(0);
  });

  test('refuses what is not strict, before any key is asked for', () => {
    const bad: (string | Buffer)[] = [
      '',
      'null',
      '{}',
      JSON.stringify({ ...outer(), format: 'resguardo-vault' }),
      JSON.stringify({ ...outer(), extra: 1 }),
      JSON.stringify({ ...outer(), mac: 'AAAA' }),
      `${JSON.stringify(outer())}x`,
      JSON.stringify(outer()).replace('{', '{"version":1,'),
      withInner('[]'),
      withInner(JSON.stringify({ ...inner(), snapshots: {} })),
      withInner(JSON.stringify({ ...inner(), n: -1 })),
      withInner(JSON.stringify({ ...inner(), n: 1.5 })),
      withInner(JSON.stringify({ ...inner(), header: '../vault.json' })),
      withInner(JSON.stringify({ ...inner(), header: '03.json' })),
      withInner(JSON.stringify({ ...inner(), vault: 'ZZ' })),
      withInner(JSON.stringify(inner()).replace('{', '{"__proto__":{},')),
    ];
    const rows = inner()['snapshots'] as Record<string, unknown>[];
    for (const change of [{ file: '../../x.db' }, { file: 'other.db' }, { bytes: 0 }, { sha256: '00' }]) {
      bad.push(withInner(JSON.stringify({ ...inner(), snapshots: [{ ...rows[0], ...change }] })));
    }
    bad.push(withInner(JSON.stringify({ ...inner(), snapshots: [rows[0], rows[0]] })));
    const many = Array.from({ length: MAX_SNAPSHOTS + 1 }, (_, n) => ({ ...rows[0], n: n + 1 }));
    bad.push(withInner(JSON.stringify({ ...inner(), snapshots: many })));
    bad.push(Buffer.alloc(MAX_CATALOGUE_BYTES + 1, 0x20));
    for (const file of bad) {
      expect(codeOf(() => parseCatalogue(Buffer.from(file)))).toBe('backup.catalogueUnreadable');
    }
    expect(codeOf(() => parseCatalogue(Buffer.from(JSON.stringify({ ...outer(), version: 2 }))))).toBe(
      'vault.newerFormat',
    );
  });

  test('whatever the bytes are, the answer is a catalogue or one of three refusals', () => {
    const seeds = [encodeCatalogue(crypto, body(), key).file, withInner(JSON.stringify(inner()))];
    let parsed = 0;
    const look = (bytes: Buffer): void => {
      const code = codeOf(() => {
        parseCatalogue(bytes);
        parsed += 1;
      });
      expect([null, 'backup.catalogueUnreadable', 'vault.newerFormat']).toContain(code);
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'cut', 'insert')), { maxLength: 4 }),
        (seed, changes) => {
          let bytes = Buffer.from(seed);
          for (const [at, value, how] of changes) {
            const place = at % (bytes.length + 1);
            if (how === 'set' && place < bytes.length) bytes[place] = value;
            if (how === 'cut') bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 3)]);
            if (how === 'insert') {
              bytes = Buffer.concat([bytes.subarray(0, place), Buffer.of(value), bytes.subarray(place)]);
            }
          }
          look(bytes);
        },
      ),
      { numRuns: 3_000 },
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        look(withInner(text));
        look(Buffer.from(text));
      }),
      { numRuns: 1_000 },
    );
    // The mutants that change nothing of importance do parse: the reader is not one that refuses everything.
    expect(parsed).toBeGreaterThan(100);
  });

  test('an empty list is one, and the largest that we write is within bounds', () => {
    expect(parseCatalogue(encodeCatalogue(crypto, body({ snapshots: [] }), key).file)).toBeDefined();
    const full = Array.from({ length: MAX_SNAPSHOTS }, (_, index) =>
      entry({
        n: Number.MAX_SAFE_INTEGER - MAX_SNAPSHOTS + index,
        bytes: Number.MAX_SAFE_INTEGER,
        takenMs: 8_000_000_000_000,
        headerFile: headerFileName(999_999_999_999_999, sequence(3, 32)),
      }),
    );
    const { file } = encodeCatalogue(crypto, body({ snapshots: full }), key);
    expect(parseCatalogue(file).verify(crypto, key).body.snapshots).toHaveLength(MAX_SNAPSHOTS);
  });
});
