import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Disk } from '../ports/disk.ts';
import { createNodeDisk } from '../ports/node/node-disk.ts';
import { createNodeRandom } from '../ports/node/node-random.ts';
import { readSmallFile, writeFileAtomically } from './atomic-write.ts';
import { assertNoLinks, childPath, isSafeName, safeFileName, shownName } from './safe-name.ts';

const disk = createNodeDisk();
const random = createNodeRandom();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'names-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('names', () => {
  test.each([
    '',
    '.',
    '..',
    'a/b',
    'a\\b',
    '/a',
    'C:x',
    'x::$DATA',
    'a\u0000b',
    'a\nb',
    'a\u0085b',
    'CON',
    'con.txt',
    'LPT1',
    'x.',
    'x ',
    ' x',
    'a\ud800',
    'x'.repeat(201),
    'ñ'.repeat(101),
  ])('%j is refused', (name) => {
    expect(isSafeName(name)).toBe(false);
    expect(() => childPath(folder, name)).toThrow('disk.unsafeName');
    expect(() => childPath(folder, 'fine', name)).toThrow('disk.unsafeName');
  });

  test('ordinary names pass', () => {
    for (const name of ['a', 'vault.json', '.tmp', 'Año 2026 (2).pdf', '..a', 'console', 'ñ'.repeat(100)]) {
      expect(childPath(folder, name)).toBe(join(folder, name));
    }
    expect(() => childPath(folder)).toThrow('disk.unsafeName');
  });

  test('any path built from any names stays inside', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 3 }), (names) => {
        try {
          expect(childPath('/root/vault', ...names).startsWith('/root/vault/')).toBe(true);
        } catch (thrown) {
          expect((thrown as Error).message).toBe('disk.unsafeName');
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('a foreign name is shown without its tricks', () => {
    expect(shownName('../../etc/passwd')).toBe('passwd');
    expect(shownName('C:\\Users\\x\\foto.jpg')).toBe('foto.jpg');
    expect(shownName('cv_\u202egpj.exe')).toBe('cv_\ufffdgpj.exe');
    expect(shownName('a\nb\u0007')).toBe('a\ufffdb\ufffd');
    expect(shownName('sen\u0303al.txt')).toBe('señal.txt');
    expect(shownName('..')).toBe('\ufffd');
    expect(shownName('')).toBe('\ufffd');
    expect([...shownName('😀'.repeat(400))].length).toBe(255);
  });

  test('every foreign name becomes a safe one', () => {
    expect(safeFileName('acta: "final"?.pdf', 'x')).toBe('acta_ _final__.pdf');
    expect(safeFileName('con.pdf', 'x')).toBe('_con.pdf');
    expect(safeFileName('...', 'evidence-1')).toBe('evidence-1');
    expect(safeFileName(`${'ñ'.repeat(300)}.jpeg`, 'x')).toMatch(/^ñ+\.jpeg$/u);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (foreign) => {
        expect(isSafeName(safeFileName(foreign, 'evidence-1'))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('links', () => {
  test('no link on the way, none at the end, nothing outside', async () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync(tmpdir(), join(folder, 'link'));
    await assertNoLinks(disk, folder, join(folder, 'real', 'new'));
    await assertNoLinks(disk, folder, join(folder, 'absent', 'deeper'));
    for (const path of [
      join(folder, 'link'),
      join(folder, 'link', 'x'),
      join(folder, '..', 'x'),
      folder,
      '/etc/passwd',
    ]) {
      await expect(assertNoLinks(disk, folder, path)).rejects.toMatchObject({ code: 'disk.unsafeName' });
    }
  });
});

describe('atomic write', () => {
  const target = (): string => join(folder, 'file');
  const ports = (changes: Partial<Disk> = {}) => ({ disk: { ...disk, ...changes }, random });
  const fails = (code: string) => () =>
    Promise.reject(Object.assign(new Error(`${code} ${folder}`), { code }));

  test('writes new, replaces whole, leaves nothing beside it', async () => {
    await writeFileAtomically(ports(), target(), Buffer.from('one'));
    await writeFileAtomically(ports(), target(), Buffer.from('two'));
    expect(readFileSync(target(), 'utf8')).toBe('two');
    expect(readdirSync(folder)).toEqual(['file']);
    expect(await readSmallFile(disk, target(), 10)).toEqual(Buffer.from('two'));
    expect(await readSmallFile(disk, join(folder, 'none'), 10)).toBeNull();
    await expect(readSmallFile(disk, target(), 2)).rejects.toMatchObject({ code: 'disk.notReadable' });
  });

  const failingFile = (part: 'write' | 'sync', code: string): Partial<Disk> => ({
    async open(path, mode) {
      const file = await disk.open(path, mode);
      return {
        read: (b, p) => file.read(b, p),
        write: (b, p) => file.write(b, p),
        sync: () => file.sync(),
        stat: () => file.stat(),
        setTimes: (s) => file.setTimes(s),
        close: () => file.close(),
        [part]: fails(code),
      };
    },
  });

  test.each([
    ['open', { open: fails('EACCES') }, 'disk.notWritable'],
    ['write', failingFile('write', 'ENOSPC'), 'disk.full'],
    ['sync', failingFile('sync', 'EIO'), 'disk.notWritable'],
    ['rename', { rename: fails('EDQUOT') }, 'disk.full'],
  ] as const)(
    '%s fails: the old file is whole, no temporary file stays, no path in the error',
    async (_n, change, code) => {
      writeFileSync(target(), 'old');
      const error = await writeFileAtomically(ports(change), target(), Buffer.from('new')).catch(
        (e: unknown) => e,
      );
      expect(error).toMatchObject({ code });
      expect(JSON.stringify(error)).not.toContain(folder);
      expect((error as Error).message).not.toContain(folder);
      expect(readFileSync(target(), 'utf8')).toBe('old');
      expect(readdirSync(folder)).toEqual(['file']);
    },
  );

  test('a file that cannot even be cleaned up still gives the first error', async () => {
    const change = { rename: fails('ENOSPC'), remove: fails('EIO') };
    await expect(writeFileAtomically(ports(change), target(), Buffer.from('x'))).rejects.toMatchObject({
      code: 'disk.full',
    });
  });

  test('order: content is durable before the name, the name before the return', async () => {
    const calls: string[] = [];
    const recording: Partial<Disk> = {
      async open(path, mode) {
        const file = await disk.open(path, mode);
        return {
          read: (b, p) => file.read(b, p),
          stat: () => file.stat(),
          setTimes: (s) => file.setTimes(s),
          write: (b, p) => (calls.push('write'), file.write(b, p)),
          sync: () => (calls.push('sync'), file.sync()),
          close: () => (calls.push('close'), file.close()),
        };
      },
      rename: (from, to) => (calls.push('rename'), disk.rename(from, to)),
      syncFolder: (path) => (calls.push('syncFolder'), disk.syncFolder(path)),
    };
    await writeFileAtomically(ports(recording), target(), Buffer.from('x'));
    expect(calls).toEqual(['write', 'sync', 'close', 'rename', 'syncFolder']);
  });
});
