import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { blockBuffer, DISK_BLOCK_BYTES } from '../disk.ts';
import { createNodeClock } from './node-clock.ts';
import { createNodeDisk } from './node-disk.ts';
import { createNodeRandom } from './node-random.ts';

const disk = createNodeDisk();
let folder: string;
let umask: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disk-'));
  umask = process.umask(0);
});
afterEach(() => {
  process.umask(umask);
  rmSync(folder, { recursive: true, force: true });
});

test('files and folders are for this user alone, with the loosest umask', async () => {
  const path = join(folder, 'sub');
  expect(await disk.makeFolder(path)).toBe(true);
  expect(await disk.makeFolder(path)).toBe(false);
  const file = await disk.open(join(path, 'f'), 'create');
  await file.write(Buffer.from('hello'), 0);
  await file.setTimes(0);
  await file.sync();
  await file.close();
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(path, 'f')).mode & 0o777).toBe(0o600);
  expect(await disk.stat(join(path, 'f'))).toMatchObject({ kind: 'file', sizeBytes: 5, modifiedMs: 0 });
  await disk.syncFolder(path);
});

test('create never opens what is there, not even through a link', async () => {
  writeFileSync(join(folder, 'there'), 'x');
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'link'));
  await expect(disk.open(join(folder, 'there'), 'create')).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(disk.open(join(folder, 'link'), 'create')).rejects.toMatchObject({ code: 'EEXIST' });
  expect((await disk.stat(join(folder, 'link')))?.kind).toBe('link');
  await expect(disk.open(join(folder, 'link'), 'update')).rejects.toMatchObject({ code: 'ELOOP' });
  expect(await disk.stat(join(folder, 'none'))).toBeNull();
  expect(await disk.stat(join(folder, 'there', 'below'))).toBeNull();
});

test('positioned reads and writes, rename, remove, list', async () => {
  const file = await disk.open(join(folder, 'a'), 'create');
  await file.write(Buffer.from('0123456789'), 0);
  await file.write(Buffer.from('AB'), 4);
  await file.close();
  const reader = await disk.open(join(folder, 'a'), 'read');
  const part = Buffer.alloc(4);
  expect(await reader.read(part, 8)).toBe(2);
  expect(part.subarray(0, 2).toString()).toBe('89');
  expect(await reader.read(part, 10)).toBe(0);
  await reader.close();
  await disk.rename(join(folder, 'a'), join(folder, 'b'));
  expect(await disk.list(folder)).toEqual(['b']);
  expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('0123AB6789');
  disk.writeInPlaceSync(join(folder, 'b'), Buffer.from('__'), 1);
  disk.syncFileSync(join(folder, 'b'));
  const whole = Buffer.alloc(20);
  expect(disk.readInPlaceSync(join(folder, 'b'), whole, 1)).toBe(9);
  expect(whole.subarray(0, 9).toString()).toBe('__3AB6789');
  expect(disk.readInPlaceSync(join(folder, 'none'), whole, 0)).toBe(-1);
  expect(() => disk.writeInPlaceSync(join(folder, 'none'), Buffer.from('x'), 0)).toThrow();
  expect(await disk.remove(join(folder, 'b'))).toBe(true);
  expect(await disk.remove(join(folder, 'b'))).toBe(false);
  expect(await disk.freeBytes(folder)).toBeGreaterThan(0);
  expect(await disk.fileSystemType(folder)).toEqual(expect.any(Number));
});

test('random bytes differ and own their memory', () => {
  const random = createNodeRandom();
  const bytes = random.bytes(32);
  expect(bytes.buffer.byteLength).toBe(32);
  expect(random.bytes(32)).not.toEqual(bytes);
  expect(random.bytes(0).length).toBe(0);
});

test('the clock', () => {
  const clock = createNodeClock();
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
  const first = clock.monotonic();
  expect(clock.monotonic()).toBeGreaterThanOrEqual(first);
  expect(clock.zone()).not.toBe('');
});

test.each([
  ['memory on a block boundary', (bytes: Buffer) => bytes],
  // A file system that took the flag refuses such memory: the ordinary way takes over.
  ['memory off the boundary', (bytes: Buffer) => blockBuffer(bytes.length + 1).subarray(1, bytes.length + 1)],
])('whole blocks and a rest past the cache, from %s', async (_, memory) => {
  const bytes = blockBuffer(3 * DISK_BLOCK_BYTES);
  bytes.forEach((_byte, at) => (bytes[at] = at % 251));
  const source = memory(bytes);
  bytes.copy(source);
  const path = join(folder, 'large');
  const file = await disk.open(path, 'createUncached');
  await file.write(source.subarray(0, 2 * DISK_BLOCK_BYTES), 0);
  await file.write(source.subarray(2 * DISK_BLOCK_BYTES, 2 * DISK_BLOCK_BYTES + 10), 2 * DISK_BLOCK_BYTES);
  await file.sync();
  expect((await file.stat()).sizeBytes).toBe(2 * DISK_BLOCK_BYTES + 10);
  await file.close();
  expect(readFileSync(path).equals(bytes.subarray(0, 2 * DISK_BLOCK_BYTES + 10))).toBe(true);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await expect(disk.open(path, 'createUncached')).rejects.toMatchObject({ code: 'EEXIST' });
});

test('where no aligned memory is to be had, ordinary memory serves and the bytes are the same', async () => {
  vi.stubGlobal('WebAssembly', {
    Memory: class {
      constructor() {
        throw new RangeError('could not allocate memory');
      }
    },
  });
  try {
    const bytes = blockBuffer(DISK_BLOCK_BYTES + 1);
    expect(bytes.length).toBe(2 * DISK_BLOCK_BYTES);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    bytes.fill(7);
    const file = await disk.open(join(folder, 'large'), 'createUncached');
    await file.write(bytes, 0);
    await file.close();
    expect(readFileSync(join(folder, 'large')).equals(Buffer.from(bytes))).toBe(true);
  } finally {
    vi.unstubAllGlobals();
  }
});
