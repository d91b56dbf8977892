import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isAppError } from '#shared/errors.ts';
import { DUMP_CONFIRMATIONS } from '#shared/contract/dump.ts';
import { Bench } from './harness.ts';

/* The end of the core while a task writes something in clear outside the vault. */

let bench: Bench;
let out = '';
beforeEach(async () => {
  bench = await new Bench().create();
  const file = join(bench.folder, 'grande.bin');
  writeFileSync(file, randomBytes(40_000_000));
  await bench.call('evidence.take', { source: bench.fileTarget(file) });
  out = join(bench.folder, 'out');
  mkdirSync(out);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await bench.end();
});

const partial = (): string[] => readdirSync(out).filter((name) => name.endsWith('.part'));
const dumping = async (): Promise<string> => {
  const plan = await bench.call('dump.prepare', { lock: { kind: 'plain' }, language: 'es' });
  return bench
    .call('dump.write', {
      id: plan.id,
      target: bench.outTarget('targetFolder', out),
      typedPlain: DUMP_CONFIRMATIONS.plain.es,
      typedReserved: '',
    })
    .then(
      () => 'written',
      (thrown: unknown) => (isAppError(thrown) ? thrown.code : String(thrown)),
    );
};

test('half a dump in clear is gone when the core has ended, also from a stick that takes its time', async () => {
  const remove = bench.ports.disk.remove.bind(bench.ports.disk);
  vi.spyOn(bench.ports.disk, 'remove').mockImplementation(async (path) => {
    if (path.endsWith('.part')) await pause(60);
    return remove(path);
  });
  const dump = dumping();
  while (partial().length === 0) await pause(1);
  await bench.core.close();
  expect(readdirSync(out)).toEqual([]);
  expect(existsSync(join(bench.vaultFolder, 'vault.lock'))).toBe(false);
  expect(await dump).toBe('call.cancelled');
});

test('a task that does not end keeps no vault open, and none begins meanwhile', async () => {
  const remove = bench.ports.disk.remove.bind(bench.ports.disk);
  let goOn = (): void => undefined;
  const stuck = new Promise<void>((resolve) => (goOn = resolve));
  vi.spyOn(bench.ports.disk, 'remove').mockImplementation(async (path) => {
    if (path.endsWith('.part')) await stuck;
    return remove(path);
  });
  const dump = dumping();
  while (partial().length === 0) await pause(1);
  const began = performance.now();
  const closing = bench.core.close();
  await expect(bench.call('vault.check', { objects: 'presence' })).rejects.toMatchObject({
    code: 'call.cancelled',
  });
  await closing;
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(existsSync(join(bench.vaultFolder, 'vault.lock'))).toBe(false);
  goOn();
  expect(await dump).toBe('call.cancelled');
  // The core can begin anew, and with it tasks.
  await bench.unlock();
  expect(await bench.call('vault.check', { objects: 'presence' })).toMatchObject({ ok: true });
});

test('a dump that is stopped before it writes takes no file that lies there meanwhile', async () => {
  let put = '';
  bench.core.subscribe((event) => {
    if (event.name !== 'tasks.changed' || event.payload.stage !== 'evidence' || put !== '') return;
    // A second dump of this day into the same folder was whole before this one.
    put = join(out, event.payload.subject);
    writeFileSync(put, 'whole');
    void bench.call('tasks.cancel', { id: event.payload.id });
  });
  expect(await dumping()).toBe('call.cancelled');
  expect(put).toMatch(/volcado-.*\.zip$/u);
  expect(existsSync(put)).toBe(true);
});
