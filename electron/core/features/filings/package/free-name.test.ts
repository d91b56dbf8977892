import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createNodeDisk } from '../../../ports/node/node-disk.ts';
import { freeName } from './free-name.ts';

const DAY = '2026-11-22';
const disk = createNodeDisk();
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resguardo-name-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string): void => writeFileSync(join(folder, name), 'x');
const name = (kind: 'paquete' | 'escrito' = 'paquete'): Promise<string> => freeName(disk, folder, kind, DAY);

it('is the plain name in an empty folder, in one that is not there yet, and beside other things', async () => {
  expect(await name()).toBe('paquete-2026-11-22');
  expect(await freeName(disk, join(folder, 'none'), 'escrito', DAY)).toBe('escrito-2026-11-22');
  put('paquete-2026-11-21.zip');
  put('paquete-2026-11-22.pdf');
  mkdirSync(join(folder, 'escrito-2026-11-22'));
  put('escrito-2026-11-22/escrito.pdf');
  expect(await name()).toBe('paquete-2026-11-22');
});

it.each(['.zip', '.age', '.ZIP'])(
  'counts on where a file ends with %s, whatever is written now',
  async (ending) => {
    put(`paquete-2026-11-22${ending}`);
    expect(await name()).toBe('paquete-2026-11-22-2');
    put('Paquete-2026-11-22-2.zip');
    put('paquete-2026-11-22-4.zip');
    expect(await name()).toBe('paquete-2026-11-22-3');
  },
);

it('never goes into a folder in which something lies, nor through a link', async () => {
  const taken = join(folder, 'escrito-2026-11-22');
  mkdirSync(join(taken, 'annexes', 'more'), { recursive: true });
  expect(await name('escrito'), 'what an interrupted export left').toBe('escrito-2026-11-22');
  writeFileSync(join(taken, 'annexes', 'more', 'a.png'), 'x');
  expect(await name('escrito')).toBe('escrito-2026-11-22-2');
  symlinkSync(tmpdir(), join(folder, 'escrito-2026-11-22-2'));
  expect(await name('escrito')).toBe('escrito-2026-11-22-3');
});

it('refuses where every name is taken', async () => {
  put('paquete-2026-11-22.zip');
  for (let number = 2; number <= 999; number += 1) put(`paquete-2026-11-22-${String(number)}.zip`);
  await expect(name()).rejects.toMatchObject({ code: 'disk.targetExists' });
});
