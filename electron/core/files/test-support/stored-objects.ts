import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { createSodiumCrypto } from '../../crypto/sodium-crypto.ts';
import type { Disk } from '../../ports/disk.ts';
import { createNodeDisk } from '../../ports/node/node-disk.ts';
import { createNodeRandom } from '../../ports/node/node-random.ts';
import type { Random } from '../../ports/random.ts';
import { ObjectStore } from '../object-store.ts';

export const crypto = createSodiumCrypto();
export const disk = createNodeDisk();
export const random = createNodeRandom();

/** Bytes in which no place looks like its neighbour. */
export const content = (length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => (7 * i + 3) % 256));
export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Hands out the given values first, in the order in which the store draws them: id, key, prefix. */
export const scripted = (...values: Buffer[]): Random => ({
  bytes: (count) => {
    const next = values[0];
    return next !== undefined && next.length === count ? values.shift()! : random.bytes(count);
  },
});

export const filesBelow = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** An empty folder for each test of the file that calls this, gone after it, and stores that lie in it. */
export const storedObjects = () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'objects-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder: (): string => folder,
    store: (parts: { disk?: Disk; random?: Random } = {}): ObjectStore =>
      new ObjectStore({ crypto, disk: parts.disk ?? disk, random: parts.random ?? random }, folder),
  };
};
