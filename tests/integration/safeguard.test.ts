import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { sql } from '../../electron/core/db/index.ts';
import { everyCell, openDirectly } from '../support/stored-text.ts';
import { back, codeOf, contentOf, freshBench, loseVault, restoreInput } from './backup-bench.ts';
import { Case } from './export-case.ts';
import { PASSPHRASE, type Bench } from './harness.ts';
import { addPerson, becomes, passphraseOf, takeOut } from './people.ts';
import { restoreWhole } from './restoring.ts';

/** The list for the hour before a visit is kept in the vault: it is there for whoever opens it next. */
let bench: Bench;
let marta: string;
const state = () => bench.call('safeguard.state', {});

beforeEach(async () => {
  bench = await freshBench();
  marta = await addPerson(bench, 'Marta Sol', 'team');
});
afterEach(async () => {
  await bench.end();
});

test('who ticked what and when outlives the lock, a change of the master key and another session', async () => {
  expect(await state()).toEqual({ steps: [], carriers: [], gone: [] });
  const { target } = await back();
  const before = Date.now();
  await bench.call('safeguard.tick', { step: 'paper', done: true });
  await bench.call('safeguard.carry', { target: target.id, slotId: marta });
  await becomes(bench, passphraseOf('Marta Sol'));
  const hers = await bench.call('safeguard.tick', { step: 'recovery', done: true });
  expect(hers.steps.map(({ step, by }) => [step, by])).toEqual([
    ['paper', 'Julia Bermejo Anaya'],
    ['recovery', 'Marta Sol'],
  ]);
  expect(hers.carriers).toMatchObject([{ target: target.id, slotId: marta, name: 'Marta Sol' }]);
  for (const { at } of hers.steps) expect(Date.parse(at)).toBeGreaterThanOrEqual(before);
  await becomes(bench, PASSPHRASE);
  await takeOut(bench, []);
  expect((await state()).steps).toHaveLength(2);
  expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
  // Taken back one by one, and all of it for the next time.
  expect((await bench.call('safeguard.tick', { step: 'paper', done: false })).steps).toMatchObject([
    { step: 'recovery' },
  ]);
  expect(await bench.call('safeguard.startOver', {})).toEqual({ steps: [], carriers: [], gone: [] });
});

test('nothing of it lies in a file that opens without a key', async () => {
  await bench.call('safeguard.tick', { step: 'paper', done: true });
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const cells = everyCell(vault);
  await vault.close();
  // Positive control: it is inside.
  expect(cells.filter(({ text }) => text.includes('"paper"')).map(({ table }) => table)).toEqual(['meta']);
  for (const [name, base64] of Object.entries(contentOf(bench.folder)))
    expect([name, Buffer.from(base64, 'base64').includes('"paper"')]).toEqual([name, false]);
});

test('a stick is carried by somebody who is in; who left carries nothing, and strangers are refused', async () => {
  const { target } = await back();
  const other = '0'.repeat(32);
  expect(await codeOf(bench.call('safeguard.carry', { target: target.id, slotId: other }))).toBe(
    'record.notFound',
  );
  expect(
    await codeOf(
      bench.call('safeguard.carry', { target: bench.outTarget('targetFolder', '/x'), slotId: marta }),
    ),
  ).toBe('record.notFound');
  await bench.call('safeguard.carry', { target: target.id, slotId: marta });
  await takeOut(bench, [marta]);
  expect((await state()).carriers).toEqual([]);
});

test('that a delivered copy is gone stands with the delivery, and is not told to who may not see the case', async () => {
  const example = await new Case(bench).build();
  const id = await example.prepare('CIDH');
  await example.decideAll(id);
  await bench.call('exports.check', { id, form: 'filing' });
  await example.judgeAll(id);
  await bench.call('exports.confirmInventory', { id });
  await example.release(id, join(bench.folder, 'salida'), 'filing');
  const { rows } = await bench.call('exports.ledger', {});
  const ledgerId = rows[0]?.id ?? '';
  expect(await codeOf(bench.call('safeguard.copyGone', { ledgerId: 'none', gone: true }))).toBe(
    'record.notFound',
  );
  const { gone } = await bench.call('safeguard.copyGone', { ledgerId, gone: true });
  expect(gone).toMatchObject([{ ledgerId, by: 'Julia Bermejo Anaya' }]);
  // Of the next list it is part as well: the copy does not come back.
  expect((await bench.call('safeguard.startOver', {})).gone).toHaveLength(1);
  const { rows: done } = await bench.call('activity.ofPerson', {
    slotId: (await bench.call('access.people', {})).rows.find((one) => one.own)?.slotId ?? '',
  });
  expect(done.some((one) => one.method === 'safeguard.copyGone' && one.id === ledgerId)).toBe(true);
  await becomes(bench, passphraseOf('Marta Sol'));
  expect((await state()).gone).toEqual([]);
  expect(await codeOf(bench.call('safeguard.copyGone', { ledgerId, gone: false }))).toBe('record.notFound');
  rmSync(join(bench.folder, 'salida'), { recursive: true });
}, 240_000);

/** Changes the kept list as another version of the program would have written it. */
const rewritten = async (change: (stored: { steps: unknown[] }) => unknown): Promise<void> => {
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const { connection } = vault.db;
  const { value } = connection.need(
    sql`SELECT value FROM meta WHERE key = 'safeguard'`,
    z.object({ value: z.instanceof(Uint8Array) }),
  );
  const next = change(
    z
      .object({ steps: z.array(z.unknown()) })
      .loose()
      .parse(JSON.parse(Buffer.from(value).toString())),
  );
  connection.run(sql`UPDATE meta SET value = ${Buffer.from(JSON.stringify(next))} WHERE key = 'safeguard'`);
  await vault.close();
  await bench.unlock();
};

test('an entry that this version does not know takes no other with it', async () => {
  const { target } = await back();
  await bench.call('safeguard.tick', { step: 'paper', done: true });
  await bench.call('safeguard.carry', { target: target.id, slotId: marta });
  await rewritten((stored) => ({
    ...stored,
    steps: [...stored.steps, { step: 'something newer', by: 'Julia', at: 1 }],
  }));
  const after = await bench.call('safeguard.tick', { step: 'recovery', done: true });
  expect(after.steps.map(({ step }) => step)).toEqual(['paper', 'recovery']);
  expect(after.carriers).toMatchObject([{ target: target.id, slotId: marta }]);
  await rewritten((stored) => ({ ...stored, steps: 'no list' }));
  expect(await state()).toMatchObject({ steps: [], carriers: [{ slotId: marta }] });
});

test('a restored vault begins with an empty list', async () => {
  await bench.call('safeguard.tick', { step: 'paper', done: true });
  await back();
  await loseVault();
  await restoreWhole(bench, restoreInput());
  await bench.unlock();
  expect(await state()).toEqual({ steps: [], carriers: [], gone: [] });
});
