import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkVault } from '../../electron/core/features/vault/index.ts';
import { lasting, seeded, times } from './support/copies.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { SessionProcess } from './support/session-process.ts';
import { create, unlock } from './support/vaults.ts';
import { tally } from '../support/tally.ts';

const ports = realPorts();
let base: ReturnType<typeof freshFolder>;

beforeEach(() => {
  base = freshFolder();
});
afterEach(() => {
  base.remove();
});

const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/**
 * A killed process loses nothing that the system had already been given, so this says nothing about fsync
 * (the order of system calls is checked elsewhere); it says that after any moment of death the vault opens,
 * holds every acknowledged change and is whole.
 */
test(
  'killed at any moment, no acknowledged change is lost and the vault opens for writing',
  async () => {
    await (await create(ports, base.path)).close();
    const random = seeded(6);
    const acknowledged: string[] = [];
    let kills = 0;
    let lost: string[] = [];
    const readOnly: (string | null)[] = [];
    const rounds = times(170, 900);
    for (let n = 0; n < rounds; n += 1) {
      const session = await SessionProcess.start(base.path);
      const ready = await session.next();
      expect(ready.failed).toBeUndefined();
      readOnly.push(ready.readOnly ?? null);
      const there = new Set(ready.rows);
      lost = [...lost, ...acknowledged.filter((id) => !there.has(id))];
      session.send(`loop r${n}`);
      // Counted in answers, not in time: a busy computer must not turn this into a test of nothing.
      for (let answers = random(16); answers >= 0; answers -= 1) await session.next();
      await wait(random(8));
      await session.kill();
      kills += 1;
      for (const answer of session.answers) {
        if (answer.wrote !== undefined && answer.code === null) acknowledged.push(answer.wrote);
      }
    }
    tally({
      kind: 'kills',
      what: 'while it saves',
      done: kills,
      failures: lost.length,
      control: `${acknowledged.length} acknowledged changes were looked for`,
    });
    expect(kills).toBe(rounds);
    expect(lost).toEqual([]);
    expect(readOnly.filter((code) => code !== null)).toEqual([]);
    // Positive control: the run did write.
    expect(acknowledged.length).toBeGreaterThan(rounds * 5);

    const vault = await unlock(ports, base.path);
    const verdict = await checkVault(vault, {
      objects: 'presence',
      progress: () => undefined,
      signal: new AbortController().signal,
    });
    await vault.close();
    expect(verdict.findings).toEqual([]);
    expect(verdict.checked.journal).toBeGreaterThanOrEqual(acknowledged.length);
  },
  lasting(900_000),
);

test(
  'killed while it unlocks and locks, it opens the next time',
  async () => {
    await (await create(ports, base.path)).close();
    const random = seeded(7);
    const rounds = times(20, 60);
    for (let n = 0; n < rounds; n += 1) {
      const session = await SessionProcess.start(base.path);
      if (n % 2 === 0) {
        await wait(200 + random(300));
      } else {
        await session.next();
        await session.ask(`write x${n}`);
        session.send('close');
        await wait(random(12));
      }
      await session.kill();
    }
    const vault = await unlock(ports, base.path);
    expect(vault.db.readOnlyBecause).toBeNull();
    await vault.close();
    tally({
      kind: 'kills',
      what: 'while it opens and locks',
      done: rounds,
      failures: 0,
      control: 'it opened afterwards',
    });
  },
  lasting(600_000),
);
