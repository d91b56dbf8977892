import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNodeClock } from '../../electron/core/ports/node/node-clock.ts';
import { back, freshBench, openCase, SECRET } from './backup-bench.ts';
import type { Bench } from './harness.ts';

const DAY = 86_400_000;
let bench: Bench;
let moved = 0;

beforeEach(async () => {
  moved = 0;
  const real = createNodeClock();
  bench = await freshBench({ clock: { ...real, now: () => real.now() + moved, zone: () => 'UTC' } });
});
afterEach(async () => {
  await bench.end();
});

const reminder = async () => (await bench.call('backup.state', {})).reminder;

/** Everything done that can be: a copy, looked through, rehearsed. */
const allWell = async () => {
  await openCase('C-1');
  const { target } = await back();
  await bench.call('backup.verify', { target: target.id });
  await bench.call('backup.rehearse', { target: target.id, secret: SECRET });
  expect(await reminder()).toMatchObject({ due: 'none', daysSinceSuccess: 0, daysSinceRehearsal: 0 });
  return target.id;
};

test('with a clock set back nobody is told that all is well, and no age is made up', async () => {
  await allWell();
  for (const back of [2 * 3_600_000, DAY, 40 * DAY, 4_000 * DAY]) {
    moved = -back;
    const said = await reminder();
    expect(said).toMatchObject({ due: 'clockWrong', daysSinceSuccess: null, daysSinceRehearsal: null });
    expect((await bench.call('today.overview', {})).backup).toEqual(said);
  }
  // A few minutes are what two computers differ by.
  moved = -10 * 60_000;
  expect(await reminder()).toMatchObject({ due: 'none', daysSinceSuccess: 0 });
  moved = 0;
  expect((await reminder()).due).toBe('none');
});

test('set back and opened again, it is said after the unlock as well, and by a later run', async () => {
  const target = await allWell();
  await bench.call('vault.lock', {});
  moved = -5 * DAY;
  await bench.unlock();
  expect((await reminder()).due).toBe('clockWrong');
  await bench.call('backup.run', { target });
  expect(await reminder()).toMatchObject({ due: 'clockWrong', daysSinceSuccess: null });
  // Set right again, the copy of the wrong days counts as older than it is, never as younger.
  moved = 0;
  expect(await reminder()).toMatchObject({ due: 'none', daysSinceSuccess: 5 });
});

test('a copy made while the clock ran ahead does not look fresh until that day comes', async () => {
  const target = await allWell();
  moved = 60 * DAY;
  await bench.call('backup.run', { target });
  moved = 0;
  for (const day of [0, 20, 59]) {
    moved = day * DAY;
    expect(await reminder()).toMatchObject({ due: 'clockWrong', daysSinceSuccess: null });
  }
  moved = 0;
  await bench.call('backup.run', { target });
  expect(await reminder()).toMatchObject({ due: 'none', daysSinceSuccess: 0 });
  moved = 20 * DAY;
  expect(await reminder()).toMatchObject({ due: 'old', daysSinceSuccess: 20 });
});

test('a look-through or a rehearsal of days that have not come does not count', async () => {
  const target = await allWell();
  moved = 300 * DAY;
  await bench.call('backup.verify', { target });
  await bench.call('backup.rehearse', { target, secret: SECRET });
  moved = 0;
  await bench.call('backup.run', { target });
  expect(await reminder()).toMatchObject({ due: 'unverified', daysSinceRehearsal: null });
});
