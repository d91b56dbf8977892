import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { CallInput } from '#shared/contract/index.ts';
import { Bench } from './harness.ts';

const benches: Bench[] = [];
const made = (options: ConstructorParameters<typeof Bench>[0] = {}): Bench => {
  const bench = new Bench(options);
  benches.push(bench);
  return bench;
};
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.end();
});

const incident = (narrative: string): CallInput<'incidents.record'> => ({
  caseId: null,
  title: '',
  happened: { kind: 'day', day: '2026-05-03' },
  narrative,
});
const hits = async (bench: Bench, text: string): Promise<number> =>
  (await bench.call('search.everything', { text, limit: 50 })).hits.length;

test('what was saved a moment ago is found, also by the next session, and nothing in the check minds what waits', async () => {
  const first = await made().create();
  await first.call('incidents.record', incident('Una camioneta gris esperaba afuera.'));
  expect(await hits(first, 'camioneta')).toBe(1);
  await first.call('incidents.record', incident('Otra camioneta, roja.'));
  const check = await first.call('vault.check', { objects: 'presence' });
  expect(check.findings).toEqual([]);
  await first.core.close();

  const second = await made({ folder: first.folder }).unlock();
  expect(await hits(second, 'roja')).toBe(1);
  expect(await hits(second, 'camioneta')).toBe(2);
});

test('a vault that may only be looked at is searched whole, twice over', async () => {
  const first = await made().create();
  await first.call('incidents.record', incident('Llamada desde un número oculto.'));
  await first.core.close();
  const database = readdirSync(first.vaultFolder).find((name) => name.endsWith('.db')) ?? '';
  const kept = join(first.folder, 'kept.db');
  copyFileSync(join(first.vaultFolder, database), kept);

  const second = await made({ folder: first.folder }).unlock();
  await second.call('incidents.record', incident('Segunda llamada.'));
  await second.core.close();
  copyFileSync(kept, join(first.vaultFolder, database));

  const third = await made({ folder: first.folder }).unlock();
  expect((await third.call('vault.status', {})).readOnlyBecause).toBe('vault.changesMissing');
  expect(await hits(third, 'oculto')).toBe(1);
  expect(await hits(third, 'oculto')).toBe(1);
});
