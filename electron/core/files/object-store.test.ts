import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkCipher, objectHeader, objectSizes, padme, sizesOfFile } from '../crypto/object-format.ts';
import { createPortableCrypto } from '../crypto/portable-crypto.ts';
import { sequence } from '../crypto/test-support/sequence.ts';
import type { Disk } from '../ports/disk.ts';
import { bytesSource } from './object-source.ts';
import { ObjectStore } from './object-store.ts';
import {
  content,
  crypto,
  disk,
  filesBelow,
  random,
  scripted,
  sha256,
  storedObjects,
} from './test-support/stored-objects.ts';

const portable = await createPortableCrypto();
const { folder, store } = storedObjects();

const VECTORS = [
  [0, 4176, '05f5d0136d58f0634132edcb5f0fbc1ac7998a7e666a60f62e432a9769a6297c'],
  [1, 4176, '668bc74d314d1f249ac03ca4078443cad8365b70f4bbe49c84e1a147169a0829'],
  [4088, 4176, '5d762a5ab51e3885cf29c212638fec15589a877ee72ade8b93465ef828cce0ac'],
  [4089, 4432, 'e2e0867a68d7e2ffac56ebfc38c02354a1d1276dded3593666dbc1825e62c4bc'],
  [65528, 65616, 'e6e76db3cd16d591bd017ffc281b4967749ea2f71e37dc76267ace8426adabd4'],
  [65529, 67680, 'a817d530e34210e3653c66b9faa5497dfe10d45cefb350db8ffb258ca95c879d'],
  [131064, 131168, '2b507d00233bd49a00ab084d43671d7554e61ab68eadbf6723be35794f03d953'],
  [200000, 200832, '0f4364f9bfec8850d10c0b443b91b8ce8a34889f5102c0402e7b546e67678a8b'],
] as const;

describe.each([crypto, portable])('vectors', (implementation) => {
  test.each(VECTORS)(`${implementation.implementation}, %i bytes`, async (length, size, hash) => {
    const fixed = new ObjectStore(
      {
        crypto: implementation,
        disk,
        random: scripted(sequence(0x20, 16), sequence(0, 32), sequence(0x30, 15)),
      },
      folder(),
    );
    const written = await fixed.write(bytesSource(content(length)));
    expect(written.key).toEqual(sequence(0, 32));
    expect(written.sha256).toEqual(sha256(content(length)));
    const file = readFileSync(join(folder(), 'objects', '20', sequence(0x20, 16).toString('hex')));
    expect(file.length).toBe(size);
    expect(sha256(file).toString('hex')).toBe(hash);
    const reader = await fixed.open(written);
    expect((await reader.read(0, length)).equals(content(length))).toBe(true);
    await reader.verify(written.sha256);
    await reader.close();
  });
});

test('large objects, written past the cache or not, are the same bytes and open', async () => {
  const length = 20_000_003;
  const cached: Disk = {
    ...disk,
    open: (path, mode) => disk.open(path, mode === 'createUncached' ? 'create' : mode),
  };
  const path = join(folder(), 'objects', '20', sequence(0x20, 16).toString('hex'));
  const files: Buffer[] = [];
  for (const each of [disk, cached]) {
    rmSync(path, { force: true });
    const objects = new ObjectStore(
      { crypto, disk: each, random: scripted(sequence(0x20, 16), sequence(0, 32), sequence(0x30, 15)) },
      folder(),
    );
    const written = await objects.write(bytesSource(content(length)));
    files.push(readFileSync(path));
    const reader = await objects.open(written);
    await reader.verify(sha256(content(length)));
    expect((await reader.read(length - 100_000, length)).equals(content(length).subarray(-100_000))).toBe(
      true,
    );
    await reader.close();
  }
  expect(files[0]?.length).toBe(objectSizes(length).file);
  expect(files[0]?.equals(files[1] ?? Buffer.alloc(0))).toBe(true);
});

describe('sizes', () => {
  test('padded sizes grow, cost at most 6.2 % above 4 KiB, and are their own padding', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 46 }), (x) => {
        const padded = padme(x);
        expect(padded).toBeGreaterThanOrEqual(x);
        expect(padme(padded)).toBe(padded);
        expect(padme(x + 1)).toBeGreaterThanOrEqual(padded);
        if (x >= 4096) expect(padded / x).toBeLessThan(1.062);
      }),
      { numRuns: 2000 },
    );
    expect(padme(2 ** 52)).toBe(2 ** 52);
    expect(padme(2 ** 40 - 1)).toBe(2 ** 40);
  });

  test('the size of a file gives back its padded size, and impossible sizes are refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 45 }), (length) => {
        const sizes = objectSizes(length);
        expect(sizesOfFile(sizes.file)).toEqual({ padded: sizes.padded, chunks: sizes.chunks });
      }),
      { numRuns: 2000 },
    );
    let possible = 0;
    for (let size = 0; size < 300_000; size += 1) if (sizesOfFile(size) !== null) possible += 1;
    // 4 KiB to 300 kB in steps of a thirty-second to a sixteenth: a hundred sizes, not three hundred thousand.
    expect(possible).toBeLessThan(150);
    for (const size of [0, 63, 64, 80, 4175, 4177, 65616 + 16]) expect(sizesOfFile(size)).toBeNull();
  });

  test('files of nearly the same size become objects of the same size', () => {
    expect(objectSizes(48_123_991).file).toBe(objectSizes(48_200_000).file);
  });
});

test('any part of any content comes back, and times are constant', async () => {
  const objects = store();
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.integer({ min: 0, max: 9000 }),
        fc.integer({ min: 65_000, max: 66_500 }),
        fc.integer({ min: 0, max: 3_000_000 }),
      ),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(200_000)), { maxLength: 4 }),
      async (length, parts) => {
        const bytes = random.bytes(length);
        const written = await objects.write(bytesSource(bytes));
        const reader = await objects.open(written);
        try {
          for (const [fraction, count] of parts) {
            const start = Math.floor(fraction * length);
            expect(
              (await reader.read(start, start + count)).equals(bytes.subarray(start, start + count)),
            ).toBe(true);
          }
          const pieces: Buffer[] = [];
          const hash = await reader.stream((piece) => void pieces.push(Buffer.from(piece)));
          expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
          expect(hash).toEqual(sha256(bytes));
          await reader.verify(sha256(bytes));
        } finally {
          await reader.close();
        }
        const path = filesBelow(join(folder(), 'objects')).find((p) =>
          p.endsWith(written.objectId.toString('hex')),
        )!;
        expect(statSync(path).mtimeMs).toBe(0);
        expect(statSync(path).atimeMs).toBe(0);
        expect(statSync(path).mode & 0o777).toBe(0o600);
        await objects.remove(written.objectId);
      },
    ),
    { numRuns: 40 },
  );
  expect(filesBelow(folder())).toEqual([]);
});

describe('what was changed is refused', () => {
  const length = 200_000;
  const bytes = content(length);
  /** Opens and reads everything; gives the error's code, or null. */
  const outcome = async (reference: {
    objectId: Buffer;
    key: Buffer;
    sizeBytes: number;
  }): Promise<string | null> => {
    try {
      const reader = await store().open(reference);
      try {
        await reader.verify(sha256(bytes));
        return null;
      } finally {
        await reader.close();
      }
    } catch (thrown) {
      return (thrown as { code: string }).code;
    }
  };
  const make = async (): Promise<{
    reference: { objectId: Buffer; key: Buffer; sizeBytes: number };
    path: string;
    file: Buffer;
  }> => {
    const written = await store().write(bytesSource(bytes));
    const path = filesBelow(folder()).find((p) => p.endsWith(written.objectId.toString('hex')))!;
    return { reference: written, path, file: readFileSync(path) };
  };

  test('every byte of the header', async () => {
    const { reference, path, file } = await make();
    expect(await outcome(reference)).toBeNull();
    for (let at = 0; at < 64; at += 1) {
      const changed = Buffer.from(file);
      changed[at]! ^= 1 << (at % 8);
      writeFileSync(path, changed);
      const code = await outcome(reference);
      expect(code).toBe(at >= 16 && at < 32 ? 'evidence.objectSwapped' : 'evidence.objectDamaged');
    }
  });

  test('2,000 flipped bits anywhere', async () => {
    const { reference, path, file } = await make();
    let undetected = 0;
    for (let i = 0; i < 2000; i += 1) {
      const at = random.bytes(4).readUInt32BE() % file.length;
      const bit = 1 << (i % 8);
      file[at]! ^= bit;
      writeFileSync(path, file);
      if ((await outcome(reference)) === null) undetected += 1;
      file[at]! ^= bit;
    }
    expect(undetected).toBe(0);
    writeFileSync(path, file);
    expect(await outcome(reference)).toBeNull();
  }, 120_000);

  test('a flip is found when its part is read, and never gives bytes', async () => {
    const { reference, path, file } = await make();
    file[64 + 65552 + 9]! ^= 1;
    writeFileSync(path, file);
    const reader = await store().open(reference);
    expect((await reader.read(0, 65_536)).equals(bytes.subarray(0, 65_536))).toBe(true);
    await expect(reader.read(65_535, 65_537)).rejects.toMatchObject({ code: 'evidence.objectDamaged' });
    const seen: number[] = [];
    await expect(reader.stream((piece) => void seen.push(piece.length))).rejects.toThrow();
    expect(seen).toEqual([]);
    await reader.close();
  });

  test('swapped chunks, cut at every border, appended, cut to nothing', async () => {
    const { reference, path, file } = await make();
    const first = file.subarray(64, 64 + 65552);
    const second = file.subarray(64 + 65552, 64 + 2 * 65552);
    writeFileSync(path, Buffer.concat([file.subarray(0, 64), second, first, file.subarray(64 + 2 * 65552)]));
    expect(await outcome(reference)).toBe('evidence.objectDamaged');
    for (const size of [
      0,
      63,
      64,
      64 + 65552,
      64 + 2 * 65552,
      64 + 3 * 65552,
      file.length - 16,
      file.length - 1,
    ]) {
      writeFileSync(path, file);
      truncateSync(path, size);
      expect(await outcome(reference)).toBe('evidence.objectTruncated');
    }
    writeFileSync(path, file);
    appendFileSync(path, Buffer.alloc(16));
    expect(await outcome(reference)).toBe('evidence.objectDamaged');
  });

  test('the file of another object, another key, another length in the database, no file', async () => {
    const one = await make();
    const two = await make();
    writeFileSync(one.path, two.file);
    expect(await outcome(one.reference)).toBe('evidence.objectSwapped');
    writeFileSync(one.path, one.file);
    expect(await outcome({ ...one.reference, key: two.reference.key })).toBe('evidence.objectDamaged');
    expect(await outcome({ ...one.reference, sizeBytes: length - 1 })).toBe('evidence.objectDamaged');
    expect(await outcome({ ...one.reference, sizeBytes: length * 2 })).toBe('evidence.objectTruncated');
    rmSync(one.path);
    expect(await outcome(one.reference)).toBe('evidence.objectMissing');
  });

  test('well-sealed lies: inner chunk marked last, length too large, padding that is not zero', async () => {
    const key = sequence(0, 32);
    const objectId = sequence(0x20, 16);
    const path = join(folder(), 'objects', '20', objectId.toString('hex'));
    const header = objectHeader(crypto, key, objectId, sequence(0x30, 15));
    const sizes = objectSizes(length);
    const honest = Buffer.alloc(sizes.padded);
    bytes.copy(honest);
    honest.writeBigUInt64LE(BigInt(length), sizes.padded - 8);
    const build = (plain: Buffer, lastIndex: number): void => {
      const chunks: Buffer[] = [header];
      // With fewer chunks announced, the flag falls on an inner one.
      const cipher = new ChunkCipher(crypto, key, header, lastIndex + 1);
      for (let i = 0; i * 65_536 < plain.length; i += 1) {
        const part = plain.subarray(i * 65_536, (i + 1) * 65_536);
        const sealed = Buffer.alloc(part.length + 16);
        cipher.seal(i, part, sealed);
        chunks.push(sealed);
      }
      writeFileSync(path, Buffer.concat(chunks));
    };
    await store().write(bytesSource(Buffer.alloc(1)));
    await disk.makeFolder(join(folder(), 'objects', '20'));
    const reference = { objectId, key, sizeBytes: length };
    build(honest, sizes.chunks - 1);
    expect(await outcome(reference)).toBeNull();
    build(honest, 1);
    expect(await outcome(reference)).toBe('evidence.objectDamaged');
    const longer = Buffer.from(honest);
    longer.writeBigUInt64LE(BigInt(length + 1), sizes.padded - 8);
    build(longer, sizes.chunks - 1);
    expect(await outcome(reference)).toBe('evidence.objectDamaged');
    const dirty = Buffer.from(honest);
    dirty[length] = 1;
    build(dirty, sizes.chunks - 1);
    expect(await outcome(reference)).toBe('evidence.objectDamaged');
  });
});

test('lists what is there, removes leftovers of interrupted writes, leaves strangers alone', async () => {
  const objects = store();
  expect(await objects.list()).toEqual([]);
  expect(await objects.removeTemporaries()).toBe(0);
  const written = await objects.write(bytesSource(content(10)));
  writeFileSync(join(folder(), 'objects', '.tmp', sequence(0, 16).toString('hex')), 'half');
  writeFileSync(join(folder(), 'objects', 'README'), 'not ours');
  expect(await objects.list()).toEqual([written.objectId]);
  expect(await objects.removeTemporaries()).toBe(1);
  expect(readdirSync(join(folder(), 'objects', '.tmp'))).toEqual([]);
  expect(await objects.remove(written.objectId)).toBe(true);
  expect(await objects.remove(written.objectId)).toBe(false);
});
