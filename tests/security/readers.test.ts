import { createHash } from 'node:crypto';
import { Session } from 'node:inspector/promises';
import { describe, expect, test } from 'vitest';
import { isAppError } from '#shared/errors.ts';
import {
  encodeCatalogue,
  headerFileName,
  parseCatalogue,
} from '../../electron/core/crypto/backup-catalogue.ts';
import { encodeHeader, parseHeader } from '../../electron/core/crypto/header.ts';
import { loadCrypto } from '../../electron/core/crypto/load-crypto.ts';
import {
  bytesSource,
  verifyPackage,
  zipPackage,
} from '../../electron/core/features/filings/package/index.ts';
import { createNodeRandom } from '../../electron/core/ports/node/node-random.ts';
import { collect, samplePackage } from '../interop/sample-package.ts';
import { tally } from '../support/tally.ts';

/**
 * Readers of our own formats that the engine itself runs, before anything about the file is proved: header,
 * catalogue of a backup, package. Mutated files by the thousand: each is read or refused by a code of ours, nothing
 * else is ever thrown, nothing takes long. Two floors keep the test honest: so many mutants are still read, and so
 * much of the reader's code was reached.
 */
const SOAK = process.env['RESGUARDO_SOAK'] === '1';
const ROUNDS = SOAK ? 400_000 : 8_000;
const PACKAGE_ROUNDS = SOAK ? 40_000 : 800;

const crypto = await loadCrypto();
const random = createNodeRandom();
const bytes = (first: number, count: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: count }, (_, i) => (first + i) & 0xff));

/** Numbers from 0 to 1 with a fixed start, so that a failure can be had again. */
const generator = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
};

const PIECES = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '0',
  '-1',
  '1e9',
  'null',
  'true',
  '\\u0000',
  '\ud800',
  '=',
  '__proto__',
];

/** A few changes of the kinds that text formats suffer: other bytes, pieces moved, doubled, cut, numbers changed. */
const mutate = (seed: Buffer, draw: () => number): Buffer => {
  let out = Buffer.from(seed);
  const at = (): number => Math.floor(draw() * out.length);
  for (let change = 0; change <= draw() * 3; change += 1) {
    const kind = Math.floor(draw() * 6);
    const from = at();
    if (kind === 0) out[from] = Math.floor(draw() * 256);
    else if (kind === 1) out = out.subarray(0, from);
    else if (kind === 2) {
      const piece = Buffer.from(PIECES[Math.floor(draw() * PIECES.length)] ?? '');
      out = Buffer.concat([out.subarray(0, from), piece, out.subarray(from)]);
    } else if (kind === 3) {
      const end = Math.min(out.length, from + Math.floor(draw() * 40));
      out = Buffer.concat([out.subarray(0, end), out.subarray(from, end), out.subarray(end)]);
    } else {
      const digits = [...out.keys()].filter((index) => (out[index] ?? 0) >= 48 && (out[index] ?? 0) <= 57);
      const digit = digits[Math.floor(draw() * digits.length)];
      if (digit !== undefined) out[digit] = 48 + Math.floor(draw() * 10);
    }
    if (out.length === 0) return out;
  }
  return out;
};

/** Every second mutant is changed inside the body, with everything around it right: else no body is ever read. */
const mutateDocument = (seed: Buffer, draw: () => number): Buffer => {
  if (draw() < 0.5) return mutate(seed, draw);
  const outer = JSON.parse(seed.toString()) as { body: string };
  const body = mutate(Buffer.from(outer.body, 'base64'), draw);
  return Buffer.from(JSON.stringify({ ...outer, body: body.toString('base64') }));
};

interface Outcome {
  read: number;
  readonly codes: Map<string, number>;
  readonly strange: string[];
  slowestMs: number;
}

const run = async (rounds: number, work: (round: number) => unknown): Promise<Outcome> => {
  const outcome: Outcome = { read: 0, codes: new Map(), strange: [], slowestMs: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    try {
      await work(round);
      outcome.read += 1;
    } catch (thrown) {
      if (isAppError(thrown)) outcome.codes.set(thrown.code, (outcome.codes.get(thrown.code) ?? 0) + 1);
      else outcome.strange.push(`${round}: ${String(thrown)}`);
    }
    outcome.slowestMs = Math.max(outcome.slowestMs, performance.now() - began);
  }
  return outcome;
};

/** Share of the functions of some files that ran while `work` did. */
const reached = async <T>(
  files: readonly string[],
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly share: number }> => {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  const value = await work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const of = result.filter(({ url }) => files.some((file) => url.includes(file)));
  const functions = of
    .flatMap((script) => script.functions)
    .filter(({ functionName }) => functionName !== '');
  const ran = functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0).length;
  return { value, share: functions.length === 0 ? 0 : ran / functions.length };
};

const headerSeed = encodeHeader(
  crypto,
  {
    id: bytes(0x40, 16),
    use: 'real',
    seq: 7,
    prev: bytes(0x10, 32),
    generation: 2,
    database: 'vault-00112233445566aa.db',
    minAppFormat: 1,
    epochs: [{ n: 1, ops: 3, memBytes: 64 << 20, salt: bytes(0x50, 16) }],
    slots: Array.from({ length: 16 }, (_, i) => bytes(i, 172)),
  },
  bytes(0x80, 32),
).file;

const catalogueSeed = encodeCatalogue(
  crypto,
  {
    vaultId: bytes(0x40, 16),
    targetId: bytes(0x70, 16),
    n: 2,
    prev: bytes(0x10, 32),
    writtenMs: 1_700_000_000_000,
    generation: 1,
    headerFile: headerFileName(3),
    snapshots: [
      {
        n: 1,
        takenMs: 1_700_000_000_000,
        snapshotId: bytes(0x60, 16),
        bytes: 40_960,
        sha256: bytes(0x20, 32),
        incarnation: bytes(0x90, 16),
        journalSeq: 7,
        position: 9,
        head: bytes(0xa0, 32),
        headerSeq: 3,
        headerFile: headerFileName(3),
        generation: 1,
        objectCount: 2,
        objectsHash: bytes(0xb0, 32),
      },
    ],
  },
  bytes(0x80, 32),
).file;

/** Names and hashes of everything in a package. */
const contentsOf = async (file: Buffer): Promise<string> => {
  const reader = await zipPackage(bytesSource(file));
  const parts: string[] = [];
  for (const path of [...reader.files.keys()].sort()) {
    parts.push(
      path,
      createHash('sha256')
        .update(await collect(reader.open(path)))
        .digest('hex'),
    );
  }
  return parts.join('\n');
};

describe('mutated files of our own formats', () => {
  for (const [what, seed, read, files, floor] of [
    ['header', headerSeed, parseHeader, ['crypto/header.ts', 'crypto/strict-json.ts'], 0.6],
    [
      'catalogue',
      catalogueSeed,
      parseCatalogue,
      ['crypto/backup-catalogue.ts', 'crypto/strict-json.ts'],
      0.6,
    ],
  ] as const) {
    test(`${what}: read or refused by a code, and the reader's code is reached`, async () => {
      const draw = generator(20_262);
      const { value, share } = await reached(files, () =>
        run(ROUNDS, () => read(mutateDocument(seed, draw))),
      );
      const { read: still, codes, strange, slowestMs } = value;
      tally({
        kind: 'fuzz executions',
        what: `${what}, in the engine`,
        done: ROUNDS,
        failures: strange.length,
        control: `${((100 * still) / ROUNDS).toFixed(0)} % still read, ${(100 * share).toFixed(0)} % of the reader's functions ran`,
      });
      expect(strange.slice(0, 3)).toEqual([]);
      expect(still).toBeGreaterThan(ROUNDS * 0.02);
      expect(codes.size).toBeGreaterThan(0);
      for (const code of codes.keys()) expect(code).toMatch(/^(?:vault|backup)\./u);
      expect(share).toBeGreaterThan(floor);
      expect(slowestMs).toBeLessThan(1_000);
    });
  }

  test('package: read or refused by a code; only an unchanged one is called intact', async () => {
    const { bag } = await samplePackage(crypto, random, { annexBytes: Buffer.from('fotografía de prueba') });
    const seed = await collect(bag.zip());
    const verify = async (file: Buffer): Promise<boolean> =>
      (await verifyPackage(await zipPackage(bytesSource(file)), crypto, {})).intact;
    expect(await verify(seed)).toBe(true);
    const whole = await contentsOf(seed);
    const draw = generator(20_263);
    let deceived = 0;
    const { value, share } = await reached(['package/zip-reader.ts', 'package/verify.ts'], () =>
      run(PACKAGE_ROUNDS, async () => {
        const mutant = mutate(seed, draw);
        if ((await verify(mutant)) && (await contentsOf(mutant)) !== whole) deceived += 1;
      }),
    );
    tally({
      kind: 'fuzz executions',
      what: 'package, in the engine',
      done: PACKAGE_ROUNDS,
      failures: value.strange.length + deceived,
      control: `the unchanged one is intact, ${(100 * share).toFixed(0)} % of the reader's functions ran`,
    });
    expect(value.strange.slice(0, 3)).toEqual([]);
    expect(deceived).toBe(0);
    expect(value.read).toBeGreaterThan(PACKAGE_ROUNDS * 0.02);
    for (const code of value.codes.keys()) expect(code).toMatch(/^package\./u);
    expect(share).toBeGreaterThan(0.6);
  });
});
