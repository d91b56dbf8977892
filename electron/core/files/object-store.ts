import { AppError } from '#shared/errors.ts';
import { secretBuffer } from '../crypto/bytes.ts';
import { objectHeader, objectSizes } from '../crypto/object-format.ts';
import type { Ports } from '../ports/index.ts';
import { removeQuietly } from './atomic-write.ts';
import { onDisk, toDiskError } from './disk-errors.ts';
import { ObjectReader, type ObjectReference } from './object-reader.ts';
import { throwIfCancelled, UNCACHED_FROM_BYTES, writeChunks, type ObjectProgress } from './object-writer.ts';
import type { ObjectSource } from './object-source.ts';
import { assertNoLinks, childPath } from './safe-name.ts';

const OBJECT_NAME = /^[0-9a-f]{32}$/u;
const FOLDER_NAME = /^[0-9a-f]{2}$/u;
const TEMPORARY_FOLDER = '.tmp';

/** Temporary files that this process is writing; whatever else lies beside them is a leftover. */
const beingWritten = new Set<string>();

/** Folders whose names this process made durable; at most 257 a vault. */
const durableFolders = new Set<string>();

export interface WrittenObject {
  readonly objectId: Buffer;
  /** 32 bytes; the caller wraps it for the database and wipes it. */
  readonly key: Buffer;
  readonly sizeBytes: number;
  readonly sha256: Buffer;
}

/** The folder `objects` of a vault. Everything in it is written once and never changed. */
export class ObjectStore {
  readonly #ports: Pick<Ports, 'disk' | 'random' | 'crypto'>;
  readonly #root: string;

  /** `folder`: the vault's. */
  constructor(ports: Pick<Ports, 'disk' | 'random' | 'crypto'>, folder: string) {
    this.#ports = ports;
    this.#root = childPath(folder, 'objects');
  }

  #pathOf(objectId: Buffer): { readonly folder: string; readonly path: string } {
    const name = objectId.toString('hex');
    if (!OBJECT_NAME.test(name)) throw new RangeError('object id');
    const folder = childPath(this.#root, name.slice(0, 2));
    return { folder, path: childPath(folder, name) };
  }

  /**
   * Encrypts and hashes a source in one pass into a new object, durable when this returns. Id, key and nonce
   * prefix are drawn for this attempt and never used again, whatever becomes of it. On any failure nothing
   * stays behind. The source stays open. Throws `evidence.changedWhileReading`, `disk.full`,
   * `disk.notReadable`, `disk.notWritable`, `call.cancelled`.
   */
  async write(source: ObjectSource, options: ObjectProgress = {}): Promise<WrittenObject> {
    const { disk, random, crypto } = this.#ports;
    const sizes = objectSizes(source.sizeBytes);
    const objectId = random.bytes(16);
    const key = secretBuffer(32);
    crypto.lockMemory(key);
    const drawn = random.bytes(32);
    drawn.copy(key);
    crypto.zero(drawn);
    const header = objectHeader(crypto, key, objectId, random.bytes(15));
    const temporary = childPath(this.#root, TEMPORARY_FOLDER, random.bytes(16).toString('hex'));
    const { folder, path } = this.#pathOf(objectId);
    let renamed = false;
    beingWritten.add(temporary);
    try {
      throwIfCancelled(options.signal);
      await this.#makeFolders(folder);
      if ((await disk.freeBytes(this.#root)) < sizes.file) throw new AppError('disk.full');
      const file = await disk.open(temporary, sizes.file < UNCACHED_FROM_BYTES ? 'create' : 'createUncached');
      let sha256: Buffer;
      try {
        sha256 = await writeChunks(crypto, source, file, { header, key, sizes }, options);
        await source.assertUnchanged();
        if ((await file.stat()).sizeBytes !== sizes.file) throw new AppError('disk.notWritable');
        await file.setTimes(0);
        await file.sync();
      } finally {
        await file.close();
      }
      throwIfCancelled(options.signal);
      await disk.rename(temporary, path);
      renamed = true;
      await disk.syncFolder(folder);
      // Opening proves header, key, length and last chunk of what is now on disk.
      await (await this.open({ objectId, key, sizeBytes: sizes.content })).close();
      return { objectId, key, sizeBytes: sizes.content, sha256 };
    } catch (thrown) {
      crypto.zero(key);
      await removeQuietly(disk, renamed ? path : temporary);
      throw toDiskError(thrown, 'writing');
    } finally {
      beingWritten.delete(temporary);
    }
  }

  async #makeFolders(folder: string): Promise<void> {
    const { disk } = this.#ports;
    const temporary = childPath(this.#root, TEMPORARY_FOLDER);
    await disk.makeFolder(this.#root);
    for (const path of [temporary, folder]) {
      await assertNoLinks(disk, this.#root, path);
      const made = await disk.makeFolder(path);
      // A folder's own name has to be durable before files in it count as kept. One that is there already may have
      // been made by a process that died, or by an intake beside this one, before its name was.
      if (!made && durableFolders.has(path)) continue;
      await disk.syncFolder(this.#root);
      durableFolders.add(path);
    }
  }

  /**
   * Opens an object and proves that it is the one that was asked for, whole. Throws `evidence.objectMissing`,
   * `evidence.objectTruncated`, `evidence.objectSwapped`, `evidence.objectDamaged`.
   */
  async open(reference: ObjectReference): Promise<ObjectReader> {
    const { disk, crypto } = this.#ports;
    const { path } = this.#pathOf(reference.objectId);
    const file = await onDisk('reading', async () => {
      const stat = await disk.stat(path);
      if (stat === null) throw new AppError('evidence.objectMissing');
      if (stat.kind !== 'file') throw new AppError('evidence.objectDamaged');
      return disk.open(path, 'read');
    });
    return ObjectReader.open(crypto, file, reference);
  }

  /** Removes an object's file; false where there was none. Its key is gone before this is called. */
  async remove(objectId: Buffer): Promise<boolean> {
    const { disk } = this.#ports;
    const { folder, path } = this.#pathOf(objectId);
    return onDisk('writing', async () => {
      const removed = await disk.remove(path);
      if (removed) await disk.syncFolder(folder);
      return removed;
    });
  }

  /** Ids of all objects on disk. What is not named like an object is left alone and not listed. */
  async list(): Promise<Buffer[]> {
    const { disk } = this.#ports;
    return onDisk('reading', async () => {
      const ids: Buffer[] = [];
      if ((await disk.stat(this.#root)) === null) return ids;
      for (const name of await disk.list(this.#root)) {
        const folder = childPath(this.#root, name);
        if (!FOLDER_NAME.test(name) || (await disk.stat(folder))?.kind !== 'folder') continue;
        for (const object of await disk.list(folder)) {
          if (OBJECT_NAME.test(object) && object.startsWith(name)) ids.push(Buffer.from(object, 'hex'));
        }
      }
      return ids;
    });
  }

  /**
   * Removes what interrupted writes left: the vault has a single writer, so whatever lies there and is not being
   * written by this process belongs to one that is gone. Gives the count.
   */
  async removeTemporaries(): Promise<number> {
    const { disk } = this.#ports;
    const folder = childPath(this.#root, TEMPORARY_FOLDER);
    return onDisk('writing', async () => {
      if ((await disk.stat(folder))?.kind !== 'folder') return 0;
      let count = 0;
      for (const name of await disk.list(folder)) {
        const path = childPath(folder, name);
        if (!OBJECT_NAME.test(name) || beingWritten.has(path)) continue;
        if (await disk.remove(path)) count += 1;
      }
      return count;
    });
  }

  /** Bytes that an object of this content size takes on disk. */
  static fileBytes(sizeBytes: number): number {
    return objectSizes(sizeBytes).file;
  }
}
