import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { PRESETS } from '#shared/model/roster.ts';
import { loadCrypto } from '../../electron/core/crypto/load-crypto.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import { guardProcess } from '../../electron/core/ports/node/guard-process.ts';
import type { Crypto, Disk } from '../../electron/core/ports/index.ts';
import { Bench, PASSPHRASE, TEST_COST } from './harness.ts';
import { add, at, codeOf, freshVault, lock, LUIS, NEWER, own, ticketFor, unlockWith } from './slots-bench.ts';

describe('somebody who has a passphrase and guesses at another', () => {
  beforeEach(freshVault);
  afterEach(async () => {
    await at.bench.end();
  });

  const guess = async (ticket: string): Promise<string | null> =>
    codeOf(() =>
      at.bench.call('slots.change', {
        ticket,
        own: { passphrase: 'equivocada del todo' },
        fresh: { passphrase: NEWER },
      }),
    );

  test('is slowed, however often they show their own in between; unlocking forgives', async () => {
    const ticket = await ticketFor({ purpose: 'slots.change' });
    expect(await guess(ticket)).toBe('vault.wrongPassphrase');
    expect(await guess(ticket)).toBe('vault.wrongPassphrase');
    await add('Luis', LUIS);
    expect(await guess(ticket)).toBe('vault.wrongPassphrase');
    expect(await guess(ticket)).toBe('vault.slowDown');
    // The wait over, the right one still works, and the next wrong one waits longer.
    at.clock.add(1_000);
    expect(await codeOf(() => add('Marta', 'papel gallina reloj verde tornillo'))).toBe(null);
    expect(await guess(ticket)).toBe('vault.wrongPassphrase');
    at.clock.add(1_000);
    expect(await guess(ticket)).toBe('vault.slowDown');
    at.clock.add(1_000);
    await lock();
    await unlockWith(own);
    const again = await ticketFor({ purpose: 'slots.change' });
    expect(await guess(again)).toBe('vault.wrongPassphrase');
    expect(await guess(again)).toBe('vault.wrongPassphrase');
    expect(await guess(again)).toBe('vault.wrongPassphrase');
    expect(await guess(again)).toBe('vault.slowDown');
  });
});

describe('keys that were derived', () => {
  const real = createNodeDisk();
  let crypto: Crypto;
  let bench: Bench;
  let keyFile: string;
  /** Everything that came out of a derivation, and every hash of a file. */
  let derived: Buffer[];
  let hashes: Buffer[];
  let opens: number;
  let failOpen: number;
  let failDerivation: number;

  beforeEach(async () => {
    const whole = await loadCrypto();
    derived = [];
    hashes = [];
    failOpen = Infinity;
    failDerivation = Infinity;
    crypto = {
      ...whole,
      argon2id13: async (...parameters) => {
        if (derived.length + 1 >= failDerivation) throw new AppError('call.internal');
        const key = await whole.argon2id13(...parameters);
        derived.push(key);
        return key;
      },
      blake2bStream: (length) => {
        const stream = whole.blake2bStream(length);
        return {
          update: (bytes) => {
            stream.update(bytes);
          },
          digest: () => {
            const hash = stream.digest();
            hashes.push(hash);
            return hash;
          },
        };
      },
    };
    const disk: Disk = {
      ...real,
      open: (path, mode) => {
        if (path === keyFile) {
          opens += 1;
          if (opens >= failOpen) return Promise.reject(new AppError('disk.notReadable'));
        }
        return real.open(path, mode);
      },
    };
    bench = await new Bench({ ports: { crypto, disk } }).create();
    keyFile = join(bench.folder, 'llave');
    writeFileSync(keyFile, Buffer.alloc(64, 7));
    derived = [];
    opens = 0;
  });
  afterEach(async () => {
    await bench.end();
  });

  const zero = (buffers: readonly Buffer[]): boolean[] =>
    buffers.map((one) => one.every((byte) => byte === 0));
  const addWithKeyFile = async (): Promise<unknown> => {
    const { ticket } = await bench.call('slots.prepare', {
      purpose: 'slots.add',
      name: 'Luis',
      powers: [...PRESETS.team],
      factor: 'keyFile',
    });
    return bench.call('slots.add', {
      ticket,
      own,
      fresh: { passphrase: LUIS, keyFile: bench.fileTarget(keyFile) },
    });
  };

  test('for a new slot are wiped when its key file is out of reach by then', async () => {
    failOpen = 2;
    expect(await codeOf(addWithKeyFile)).toBe('disk.notReadable');
    expect(opens).toBe(2);
    expect(derived.length).toBeGreaterThan(0);
    expect(zero(derived)).not.toContain(false);
  });

  test('and the key file’s hash is wiped when the derivation fails', async () => {
    failDerivation = 2;
    expect(await codeOf(addWithKeyFile)).toBe('call.internal');
    expect(hashes.length).toBe(2);
    expect(zero(hashes)).not.toContain(false);
    expect(zero(derived)).not.toContain(false);
  });

  test('for a dearer slot are wiped when its key file is out of reach by then', async () => {
    const change = await bench.call('slots.prepare', { purpose: 'slots.change', factor: 'keyFile' });
    await bench.call('slots.change', {
      ticket: change.ticket,
      own: { passphrase: PASSPHRASE },
      fresh: { passphrase: NEWER, keyFile: bench.fileTarget(keyFile) },
    });
    const { ticket } = await bench.call('slots.prepare', {
      purpose: 'slots.raiseCost',
      cost: { ops: TEST_COST.ops + 1, memoryBytes: TEST_COST.memoryBytes },
    });
    derived = [];
    opens = 0;
    failOpen = 2;
    const raise = (): Promise<unknown> =>
      bench.call('slots.raiseCost', {
        ticket,
        own: { passphrase: NEWER, keyFile: bench.fileTarget(keyFile) },
      });
    expect(await codeOf(raise)).toBe('disk.notReadable');
    expect(opens).toBe(2);
    expect(derived.length).toBeGreaterThan(0);
    expect(zero(derived)).not.toContain(false);
  });
});

test('guarding a process again and again adds one listener, and the signal starts nothing', () => {
  const before = process.listenerCount('SIGUSR1');
  for (let n = 0; n < 20; n += 1) guardProcess();
  expect(process.listenerCount('SIGUSR1') - before).toBeLessThanOrEqual(1);
  expect(process.listenerCount('SIGUSR1')).toBeGreaterThan(0);
});
