import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disk, DiskFile } from '../../../ports/index.ts';
import { createNodeDisk } from '../../../ports/node/node-disk.ts';
import { openPackage } from './package-reader.ts';
import { writeOutput } from './write-output.ts';

async function* stream(...parts: string[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part);
  await Promise.resolve();
}
const disk = createNodeDisk();
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resguardo-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The real disk with one call that goes wrong. */
const failing = (change: Partial<DiskFile>): Disk => ({
  ...disk,
  async open(path, mode) {
    const file = await disk.open(path, mode);
    const bound: DiskFile = {
      read: (buffer, position) => file.read(buffer, position),
      write: (buffer, position) => file.write(buffer, position),
      sync: () => file.sync(),
      stat: () => file.stat(),
      setTimes: (seconds) => file.setTimes(seconds),
      close: () => file.close(),
    };
    return mode === 'create' ? { ...bound, ...change } : bound;
  },
});
const nodeError = (code: string): Error => Object.assign(new Error('/secret/path'), { code });

describe('writing an output', () => {
  it('gives size and hash, and times that tell the day and no hour', async () => {
    const written = await writeOutput(disk, folder, 'p.zip', stream('one', 'two'), '2026-11-22');
    expect(written).toEqual({ bytes: 6, sha256: createHash('sha256').update('onetwo').digest('hex') });
    expect(readFileSync(join(folder, 'p.zip'), 'utf8')).toBe('onetwo');
    expect(statSync(join(folder, 'p.zip')).mtime.toISOString()).toBe('2026-11-22T00:00:00.000Z');
    expect(readdirSync(folder)).toEqual(['p.zip']);
  });

  it('tells size and hash before the file has its name, and none of a file that gets none', async () => {
    const seen: unknown[] = [];
    const named = (file: object): void => void seen.push([file, readdirSync(folder)]);
    const write = (name: string) =>
      writeOutput(disk, folder, name, stream('one'), '2026-11-22', undefined, named);
    const written = await write('p.zip');
    expect(seen).toEqual([[written, ['p.zip.part']]]);
    await expect(write('p.zip')).rejects.toMatchObject({ code: 'disk.targetExists' });
    expect(seen).toHaveLength(1);
  });

  it('never replaces a file', async () => {
    writeFileSync(join(folder, 'p.zip'), 'kept');
    await expect(writeOutput(disk, folder, 'p.zip', stream('x'), '2026-11-22')).rejects.toMatchObject({
      code: 'disk.targetExists',
    });
    expect(readFileSync(join(folder, 'p.zip'), 'utf8')).toBe('kept');
  });

  it.each([
    ['ENOSPC', 'disk.full'],
    ['EIO', 'disk.notWritable'],
    ['EROFS', 'disk.notWritable'],
  ])('leaves nothing behind on %s, and no path in the error', async (code, ours) => {
    const bad = failing({ write: () => Promise.reject(nodeError(code)) });
    const error: unknown = await writeOutput(bad, folder, 'p.zip', stream('x'), '2026-11-22').catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: ours, message: ours });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not finish a file that reads back otherwise than it was written', async () => {
    const lying: Disk = {
      ...disk,
      async open(path, mode) {
        const file = await disk.open(path, mode);
        if (mode !== 'create') return file;
        return {
          read: (buffer, position) => file.read(buffer, position),
          write: (buffer, position) => file.write(Buffer.from(buffer).fill(0, 0, 1), position),
          sync: () => file.sync(),
          stat: () => file.stat(),
          setTimes: (seconds) => file.setTimes(seconds),
          close: () => file.close(),
        };
      },
    };
    await expect(writeOutput(lying, folder, 'p.zip', stream('x'), '2026-11-22')).rejects.toMatchObject({
      code: 'disk.notWritable',
    });
    expect(existsSync(join(folder, 'p.zip'))).toBe(false);
  });

  it('removes the beginning where the stream fails or is stopped', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('x');
      await Promise.reject(nodeError('OTHER'));
    }
    await expect(writeOutput(disk, folder, 'p.zip', broken(), '2026-11-22')).rejects.toThrow();
    const stop = AbortSignal.abort();
    await expect(writeOutput(disk, folder, 'p.zip', stream('x'), '2026-11-22', stop)).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('opening a package', () => {
  it.each([
    ['an age file', 'age-encryption.org/v1\n-> X25519 x\n', 'package.encrypted'],
    ['another file', 'hello', 'package.notAPackage'],
    ['an empty file', '', 'package.notAPackage'],
    ['the beginning of a zip', 'PK\u0003\u0004', 'package.unreadable'],
  ])('says what %s is', async (_, content, code) => {
    writeFileSync(join(folder, 'x'), content);
    await expect(openPackage(disk, join(folder, 'x'))).rejects.toMatchObject({ code });
    await expect(openPackage(disk, join(folder, 'none'))).rejects.toMatchObject({ code: 'disk.notFound' });
    await expect(openPackage(disk, folder)).rejects.toMatchObject({ code: 'package.notAPackage' });
  });
});
