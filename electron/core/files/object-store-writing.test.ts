import {
  appendFileSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sequence } from '../crypto/test-support/sequence.ts';
import type { Disk, DiskFile } from '../ports/disk.ts';
import type { Random } from '../ports/random.ts';
import { bytesSource, openFileSource } from './object-source.ts';
import {
  content,
  disk,
  filesBelow,
  random,
  scripted,
  sha256,
  storedObjects,
} from './test-support/stored-objects.ts';

const { folder, store } = storedObjects();

describe('writing', () => {
  /** A disk whose n-th call of one kind fails, and which counts. */
  const failing = (
    kind: 'write' | 'sync' | 'rename' | 'syncFolder' | 'setTimes',
    nth: number,
    code: string,
  ): Disk => {
    let count = 0;
    const hit = (): void => {
      count += 1;
      if (count === nth) throw Object.assign(new Error(`${code}: '/a/path'`), { code });
    };
    const wrap = (file: DiskFile): DiskFile => ({
      read: (b, p) => file.read(b, p),
      stat: () => file.stat(),
      close: () => file.close(),
      async write(b, p) {
        if (kind === 'write') hit();
        await file.write(b, p);
      },
      async sync() {
        if (kind === 'sync') hit();
        await file.sync();
      },
      async setTimes(s) {
        if (kind === 'setTimes') hit();
        await file.setTimes(s);
      },
    });
    return {
      ...disk,
      open: async (path, mode) => wrap(await disk.open(path, mode)),
      async rename(from, to) {
        if (kind === 'rename') hit();
        await disk.rename(from, to);
      },
      async syncFolder(path) {
        if (kind === 'syncFolder') hit();
        await disk.syncFolder(path);
      },
    };
  };

  test.each([
    ['write', 1, 'ENOSPC', 'disk.full'],
    ['write', 2, 'EDQUOT', 'disk.full'],
    ['write', 3, 'EIO', 'disk.notWritable'],
    ['setTimes', 1, 'EPERM', 'disk.notWritable'],
    ['sync', 1, 'EIO', 'disk.notWritable'],
    ['rename', 1, 'EDQUOT', 'disk.full'],
    ['syncFolder', 3, 'EIO', 'disk.notWritable'],
  ] as const)('%s number %i fails with %s: %s, nothing stays', async (kind, nth, code, expected) => {
    const objects = store({ disk: failing(kind, nth, code) });
    const error = await objects.write(bytesSource(content(3_000_000))).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: expected, message: expected });
    expect((error as Error).cause).toBeUndefined();
    expect(filesBelow(folder())).toEqual([]);
  });

  test('a write-back that fails early is told once by the system and never lost', async () => {
    // 70 MB: the first sync is the early one, the second, before the rename, would succeed.
    const objects = store({ disk: failing('sync', 1, 'EIO') });
    await expect(objects.write(bytesSource(Buffer.alloc(70_000_000)))).rejects.toMatchObject({
      code: 'disk.notWritable',
    });
    expect(filesBelow(folder())).toEqual([]);
  });

  test('no room: refused before anything is written', async () => {
    const objects = store({ disk: { ...disk, freeBytes: () => Promise.resolve(1000) } });
    await expect(objects.write(bytesSource(content(10)))).rejects.toMatchObject({ code: 'disk.full' });
    expect(filesBelow(folder())).toEqual([]);
  });

  test('cancelled in the middle: nothing stays', async () => {
    const abort = new AbortController();
    const seen: number[] = [];
    const writing = store().write(bytesSource(content(8_000_000)), {
      signal: abort.signal,
      progress(done) {
        seen.push(done);
        if (done > 3_000_000) abort.abort();
      },
    });
    await expect(writing).rejects.toMatchObject({ code: 'call.cancelled' });
    expect(seen.at(-1)).toBeLessThan(8_000_000);
    expect(filesBelow(folder())).toEqual([]);
  });

  test.each([
    ['grows', (path: string) => appendFileSync(path, 'x')],
    ['shrinks', (path: string) => truncateSync(path, 2_500_000)],
    ['is replaced', (path: string) => (rmSync(path), writeFileSync(path, content(3_000_000)))],
    ['changes and keeps its size', (path: string) => writeFileSync(path, Buffer.alloc(3_000_000, 1))],
    ['disappears', (path: string) => rmSync(path)],
  ])('a source that %s while it is read is refused', async (_name, change) => {
    const path = join(folder(), 'source.bin');
    writeFileSync(path, content(3_000_000));
    const source = await openFileSource(disk, path);
    let changed = false;
    const writing = store().write(source, {
      progress() {
        if (!changed) change(path);
        changed = true;
      },
    });
    await expect(writing).rejects.toMatchObject({ code: 'evidence.changedWhileReading' });
    await source.close();
    expect(filesBelow(folder()).filter((p) => p !== path)).toEqual([]);
  });

  test('a file is stored as it is, and the source is not touched', async () => {
    const path = join(folder(), 'source.bin');
    writeFileSync(path, content(1_234_567));
    const before = statSync(path);
    const source = await openFileSource(disk, path);
    expect(source.modifiedMs).toBe(Math.floor(before.mtimeMs));
    const written = await store().write(source);
    await source.close();
    expect(written.sha256).toEqual(sha256(content(1_234_567)));
    expect(statSync(path).mtimeMs).toBe(before.mtimeMs);
  });

  test('what is not a file is refused', async () => {
    await expect(openFileSource(disk, folder())).rejects.toMatchObject({ code: 'disk.isFolder' });
    await expect(openFileSource(disk, join(folder(), 'none'))).rejects.toMatchObject({
      code: 'disk.notFound',
    });
    await expect(openFileSource(disk, '/dev/zero')).rejects.toMatchObject({ code: 'disk.notReadable' });
  });

  test('order of the durable steps: content, name, then the folder', async () => {
    const calls: string[] = [];
    const recording: Disk = {
      ...disk,
      async open(path, mode) {
        const file = await disk.open(path, mode);
        if (mode === 'read') return file;
        return {
          read: (b, p) => file.read(b, p),
          stat: () => file.stat(),
          close: () => file.close(),
          async write(b, p) {
            calls.push('write');
            await file.write(b, p);
          },
          async sync() {
            calls.push('sync');
            await file.sync();
          },
          async setTimes(s) {
            calls.push('times');
            await file.setTimes(s);
          },
        };
      },
      async rename(from, to) {
        calls.push('rename');
        await disk.rename(from, to);
      },
      async syncFolder(path) {
        calls.push('syncFolder');
        await disk.syncFolder(path);
      },
    };
    await store({ disk: recording }).write(bytesSource(content(10)));
    expect(calls).toEqual(['syncFolder', 'syncFolder', 'write', 'times', 'sync', 'rename', 'syncFolder']);
  });

  test('a folder() that a process made before it died is made durable all the same', async () => {
    mkdirSync(join(folder(), 'objects', '20'), { recursive: true });
    const synced: string[] = [];
    const recording: Disk = {
      ...disk,
      async syncFolder(path) {
        synced.push(path);
        await disk.syncFolder(path);
      },
    };
    const drawn = scripted(sequence(0x20, 16), sequence(0, 32), sequence(0x30, 15));
    await store({ disk: recording, random: drawn }).write(bytesSource(content(10)));
    const root = join(folder(), 'objects');
    expect(synced).toEqual([root, root, join(root, '20')]);
  });

  test('every attempt draws its own id, key and prefix', async () => {
    const drawn: string[] = [];
    const recording: Random = {
      bytes(count) {
        const bytes = random.bytes(count);
        drawn.push(bytes.toString('hex'));
        return bytes;
      },
    };
    const full = store({ random: recording, disk: failing('write', 1, 'ENOSPC') });
    await expect(full.write(bytesSource(content(10)))).rejects.toThrow();
    await store({ random: recording }).write(bytesSource(content(10)));
    expect(drawn.length).toBeGreaterThanOrEqual(6);
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  test('a folder() that became a link leads nowhere', async () => {
    const objects = store({ random: scripted(sequence(0x20, 16), sequence(0, 32), sequence(0x30, 15)) });
    await store().write(bytesSource(content(1)));
    symlinkSync(tmpdir(), join(folder(), 'objects', '20'));
    await expect(objects.write(bytesSource(content(1)))).rejects.toMatchObject({ code: 'disk.unsafeName' });
  });
});
