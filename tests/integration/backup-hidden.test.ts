import { afterEach, beforeEach, expect, test } from 'vitest';
import { back, codeOf, freshBench, loseVault, openCase, restoreInput } from './backup-bench.ts';
import { PASSPHRASE, type Bench } from './harness.ts';
import { addPerson, becomes, passphraseOf, takeOut } from './people.ts';
import { restoreWhole } from './restoring.ts';

const LUIS = 'Luis Cano';
const HIS = passphraseOf(LUIS);
let bench: Bench;
beforeEach(async () => {
  bench = await freshBench();
  await openCase('O-1');
  await addPerson(bench, LUIS, 'coordination');
  await becomes(bench, HIS);
  expect((await bench.call('cases.list', {})).total).toBe(0);
});
afterEach(async () => {
  await bench.end();
});

test('a copy made by somebody who may not see every case has every case, and shows him none of them', async () => {
  await back();
  expect((await bench.call('cases.list', {})).total).toBe(0);
  expect((await bench.call('search.everything', { text: 'Caso' })).hits).toEqual([]);
  await loseVault();
  await restoreWhole(bench, restoreInput());
  await bench.unlock();
  expect((await bench.call('cases.list', {})).total).toBe(1);
  expect((await bench.call('vault.check', {})).findings).toEqual([]);
  await becomes(bench, HIS);
  expect((await bench.call('cases.list', {})).total).toBe(0);
});

test('he changes the keys as well, and sees no more afterwards', async () => {
  await takeOut(bench, [], { own: HIS });
  expect((await bench.call('cases.list', {})).total).toBe(0);
  await becomes(bench, PASSPHRASE);
  expect((await bench.call('cases.list', {})).total).toBe(1);
  expect((await bench.call('vault.check', {})).findings).toEqual([]);
  expect(await codeOf(back())).toBeNull();
});
