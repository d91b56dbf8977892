import { vi } from 'vitest';
import { loadCrypto } from '../../electron/core/crypto/load-crypto.ts';
import { createNodeClock } from '../../electron/core/ports/node/node-clock.ts';
import type { Crypto } from '../../electron/core/ports/index.ts';
import { Bench } from './harness.ts';
import { addPerson } from './people.ts';
import { openingFields } from './slots-bench.ts';

const crypto = await loadCrypto();
/** What was derived once is not derived again: these tests unlock hundreds of times. */
const remembering = (): Crypto => {
  const known = new Map<string, Buffer>();
  return {
    ...crypto,
    argon2id13: async (...parameters) => {
      const key = JSON.stringify(parameters.map((one) => (one instanceof Uint8Array ? [...one] : one)));
      const found = known.get(key) ?? Buffer.from(await crypto.argon2id13(...parameters));
      known.set(key, found);
      return Buffer.from(found);
    },
  };
};

/** `set`: where the wall clock stands beside the real one, alone. `pass`: makes time pass, by both clocks. */
export interface MovableClock {
  set(ms: number): void;
  pass(ms: number): void;
}

/** A vault with a restricted case of Julia's and a colleague, under a clock that can be set and made to pass. */
export const movableBench = async (): Promise<{ bench: Bench; clock: MovableClock }> => {
  const real = createNodeClock();
  let set = 0;
  let passed = 0;
  const bench = await new Bench({
    ports: {
      crypto: remembering(),
      clock: {
        now: () => real.now() + set + passed,
        zone: () => real.zone(),
        monotonic: () => real.monotonic() + passed,
      },
    },
  }).create();
  await addPerson(bench, 'Luis Cano', 'team');
  await bench.call('cases.open', { ...openingFields, code: 'EXP-1' });
  return {
    bench,
    clock: {
      set: (ms) => {
        set = ms;
      },
      pass: (ms) => {
        passed += ms;
      },
    },
  };
};

/** Five seconds, and the heartbeat at their end. Intervals are to be vitest's own; they have to be before unlocking. */
export const beat = async (clock: MovableClock): Promise<void> => {
  clock.pass(5_000);
  await vi.advanceTimersByTimeAsync(5_000);
  // The heartbeat looks after its lock file before anything else.
  await new Promise((resolve) => setTimeout(resolve, 20));
};
