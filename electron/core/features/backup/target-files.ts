import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import {
  MAX_CATALOGUE_BYTES,
  parseCatalogue,
  type UnverifiedCatalogue,
} from '../../crypto/backup-catalogue.ts';
import { MAX_HEADER_BYTES } from '../../crypto/header.ts';
import { isTemporaryName, readSmallFile, removeQuietly, temporaryName } from '../../files/atomic-write.ts';
import { onDisk } from '../../files/disk-errors.ts';
import { assertNoLinks, childPath } from '../../files/safe-name.ts';
import type { Crypto, Disk, Random } from '../../ports/index.ts';
import { copyFile, type CopyOptions } from './copy-file.ts';

export const CATALOGUE_FILE = 'catalogue.json';
export const SNAPSHOTS_FOLDER = 'snapshots';
export const HEADERS_FOLDER = 'headers';
export const OBJECTS_FOLDER = 'objects';
const TEMPORARY_FOLDER = '.tmp';

const OBJECT_NAME = /^[0-9a-f]{32}$/u;
const FOLDER_NAME = /^[0-9a-f]{2}$/u;
const SNAPSHOT_NAME = /^[0-9a-f]{32}\.db$/u;
const HEADER_NAME = /^[0-9]+(?:-[0-9a-f]{16})?\.json$/u;
/** What systems put into any folder by themselves; a stick with nothing else on it is empty. */
const OF_THE_SYSTEM =
  /^(?:lost\+found|system volume information|\$recycle\.bin|\.trash.*|\.spotlight-v100|\.fseventsd|\.ds_store|desktop\.ini|thumbs\.db|\.temporaryitems)$/iu;

/** What may lie in our folders before the first list: no copy and no object, which come after it. */
const BEGUN: Readonly<Record<string, RegExp>> = {
  [SNAPSHOTS_FOLDER]: /^$/u,
  [HEADERS_FOLDER]: HEADER_NAME,
  [OBJECTS_FOLDER]: /^\.tmp$/u,
};

/** Looks at a target at once wait for the disk; this many wait together. */
const LOOKS_AT_ONCE = 32;

export type TargetPorts = { readonly disk: Disk; readonly random: Random; readonly crypto: Crypto };

/** The folder that a person chose for backups. Knows names and order of writing, no keys. */
export class TargetFiles {
  readonly root: string;
  readonly #ports: TargetPorts;

  constructor(ports: TargetPorts, root: string) {
    this.#ports = ports;
    this.root = root;
  }

  snapshotPath(name: string): string {
    return childPath(this.root, SNAPSHOTS_FOLDER, name);
  }

  headerPath(name: string): string {
    return childPath(this.root, HEADERS_FOLDER, name);
  }

  objectPath(name: string): string {
    if (!OBJECT_NAME.test(name)) throw new AppError('disk.unsafeName');
    return childPath(this.root, OBJECTS_FOLDER, name.slice(0, 2), name);
  }

  /**
   * Whether the folder can be used. `absent`: no such folder (or a stick that is not there). `empty`: nothing of
   * anybody's in it. `other`: somebody else's files and no catalogue.
   */
  async look(): Promise<'absent' | 'empty' | 'backup' | 'other'> {
    const { disk } = this.#ports;
    return onDisk('reading', async () => {
      const stat = await disk.stat(this.root);
      if (stat === null) return 'absent';
      if (stat.kind !== 'folder') return 'other';
      const names = await disk.list(this.root);
      if (names.includes(CATALOGUE_FILE)) return 'backup';
      for (const name of names) {
        if (OF_THE_SYSTEM.test(name) || isTemporaryName(name)) continue;
        if (!(await this.#isBegun(name))) return 'other';
      }
      return 'empty';
    });
  }

  /** What a first run leaves that died before its first list: our folders, and at most a header in them. */
  async #isBegun(name: string): Promise<boolean> {
    const { disk } = this.#ports;
    const path = join(this.root, name);
    const allowed = BEGUN[name];
    if (allowed === undefined || (await disk.stat(path))?.kind !== 'folder') return false;
    return (await disk.list(path)).every((inside) => allowed.test(inside) || isTemporaryName(inside));
  }

  /**
   * The list, as it lies there. Null where there is none.
   *
   * @throws AppError `backup.catalogueUnreadable`, `vault.newerFormat`, `disk.*`.
   */
  async readCatalogue(): Promise<UnverifiedCatalogue | null> {
    const { disk } = this.#ports;
    const path = join(this.root, CATALOGUE_FILE);
    const stat = await onDisk('reading', () => disk.stat(path));
    if (stat === null) return null;
    if (stat.kind !== 'file' || stat.sizeBytes > MAX_CATALOGUE_BYTES) {
      throw new AppError('backup.catalogueUnreadable');
    }
    const bytes = await readSmallFile(disk, path, MAX_CATALOGUE_BYTES);
    return bytes === null ? null : parseCatalogue(bytes);
  }

  /** Bytes of a header file; null where there is none. Throws `backup.headerDamaged` for what cannot be one. */
  async readHeader(name: string): Promise<Buffer | null> {
    const { disk } = this.#ports;
    const path = this.headerPath(name);
    const stat = await onDisk('reading', () => disk.stat(path));
    if (stat === null) return null;
    if (stat.kind !== 'file' || stat.sizeBytes > MAX_HEADER_BYTES) throw new AppError('backup.headerDamaged');
    return readSmallFile(disk, path, MAX_HEADER_BYTES);
  }

  /** Makes what is missing of the folders, their names durable. Refuses links in their places. */
  async makeFolders(): Promise<void> {
    const { disk } = this.#ports;
    await onDisk('writing', async () => {
      for (const names of [
        [SNAPSHOTS_FOLDER],
        [HEADERS_FOLDER],
        [OBJECTS_FOLDER],
        [OBJECTS_FOLDER, TEMPORARY_FOLDER],
      ]) {
        const path = join(this.root, ...names);
        await assertNoLinks(disk, this.root, path);
        await disk.makeFolder(path);
      }
      await disk.syncFolder(join(this.root, OBJECTS_FOLDER));
      await disk.syncFolder(this.root);
    });
  }

  /** Puts a small file in its place: whole old or whole new after a power cut. Constant times. */
  async putFile(folder: string, name: string, bytes: Buffer): Promise<void> {
    const { disk, random } = this.#ports;
    const temporary = join(folder, temporaryName(random));
    await onDisk('writing', async () => {
      try {
        const file = await disk.open(temporary, 'create');
        try {
          await file.write(bytes, 0);
          await file.setTimes(0);
          await file.sync();
        } finally {
          await file.close();
        }
        await disk.rename(temporary, join(folder, name));
      } catch (thrown) {
        await removeQuietly(disk, temporary);
        throw thrown;
      }
      await disk.syncFolder(folder);
    });
  }

  /** The one commit point of a run. */
  putCatalogue(bytes: Buffer): Promise<void> {
    return this.putFile(this.root, CATALOGUE_FILE, bytes);
  }

  putHeader(name: string, bytes: Buffer): Promise<void> {
    return this.putFile(join(this.root, HEADERS_FOLDER), name, bytes);
  }

  /**
   * Copies one object in; `from` is the vault's file. Its name is durable after `syncObjectFolders`.
   *
   * @throws AppError `evidence.objectTruncated` where the vault's file has not the size that it must have.
   */
  async putObject(from: string, name: string, options: CopyOptions): Promise<void> {
    const { disk, random } = this.#ports;
    const path = this.objectPath(name);
    const folder = join(this.root, OBJECTS_FOLDER, name.slice(0, 2));
    const temporary = join(this.root, OBJECTS_FOLDER, TEMPORARY_FOLDER, temporaryName(random));
    await onDisk('writing', async () => {
      await assertNoLinks(disk, this.root, folder);
      await disk.makeFolder(folder);
    });
    await copyFile(this.#ports, from, temporary, options);
    try {
      await onDisk('writing', () => disk.rename(temporary, path));
    } catch (thrown) {
      await removeQuietly(disk, temporary);
      throw thrown;
    }
  }

  /** Makes the names of copied objects durable: their folders, then the folder of those. */
  async syncObjectFolders(names: Iterable<string>): Promise<void> {
    const { disk } = this.#ports;
    const folders = new Set([...names].map((name) => name.slice(0, 2)));
    await onDisk('writing', async () => {
      for (const folder of folders) await disk.syncFolder(join(this.root, OBJECTS_FOLDER, folder));
      if (folders.size > 0) await disk.syncFolder(join(this.root, OBJECTS_FOLDER));
    });
  }

  /** Copies a finished snapshot in; durable, name included, when this returns. Gives size and SHA-256. */
  async putSnapshot(
    from: string,
    name: string,
    options: CopyOptions,
  ): Promise<{ bytes: number; sha256: Buffer }> {
    const { disk, random } = this.#ports;
    const folder = join(this.root, SNAPSHOTS_FOLDER);
    const temporary = join(folder, temporaryName(random));
    const copied = await copyFile(this.#ports, from, temporary, options);
    try {
      await onDisk('writing', () => disk.rename(temporary, this.snapshotPath(name)));
      await onDisk('writing', () => disk.syncFolder(folder));
    } catch (thrown) {
      await removeQuietly(disk, temporary);
      throw thrown;
    }
    return copied;
  }

  /** Sizes of all objects, by name. What is not named like an object is left alone and not listed. */
  async objects(signal?: AbortSignal): Promise<Map<string, number>> {
    const { disk } = this.#ports;
    const root = join(this.root, OBJECTS_FOLDER);
    const found = new Map<string, number>();
    await onDisk('reading', async () => {
      if ((await disk.stat(root))?.kind !== 'folder') return;
      for (const folder of await disk.list(root)) {
        if (!FOLDER_NAME.test(folder)) continue;
        if (signal?.aborted === true) throw new AppError('call.cancelled');
        const at = join(root, folder);
        if ((await disk.stat(at))?.kind !== 'folder') continue;
        const names = (await disk.list(at)).filter(
          (name) => OBJECT_NAME.test(name) && name.startsWith(folder),
        );
        for (let from = 0; from < names.length; from += LOOKS_AT_ONCE) {
          const some = names.slice(from, from + LOOKS_AT_ONCE);
          const stats = await Promise.all(some.map((name) => disk.stat(join(at, name))));
          some.forEach((name, index) => {
            const stat = stats[index];
            // A link or folder in the place of an object counts as one that is not there.
            if (stat?.kind === 'file') found.set(name, stat.sizeBytes);
          });
        }
      }
    });
    return found;
  }

  /** Size of a snapshot's file; null where there is none. */
  async snapshotBytes(name: string): Promise<number | null> {
    const stat = await onDisk('reading', () => this.#ports.disk.stat(this.snapshotPath(name)));
    return stat?.kind === 'file' ? stat.sizeBytes : null;
  }

  /** Removes objects; they are gone from the list or from the vault. */
  async removeObjects(names: readonly string[]): Promise<void> {
    const { disk } = this.#ports;
    await onDisk('writing', async () => {
      for (const name of names) await disk.remove(this.objectPath(name));
      for (const folder of new Set(names.map((name) => name.slice(0, 2)))) {
        await disk.syncFolder(join(this.root, OBJECTS_FOLDER, folder));
      }
    });
  }

  /** Removes snapshots and headers that the catalogue on disk does not name. Gives the names of the snapshots. */
  async removeUnlisted(snapshots: ReadonlySet<string>, headers: ReadonlySet<string>): Promise<string[]> {
    const { disk } = this.#ports;
    return onDisk('writing', async () => {
      const removed: string[] = [];
      const inSnapshots = join(this.root, SNAPSHOTS_FOLDER);
      for (const name of await disk.list(inSnapshots)) {
        if (!SNAPSHOT_NAME.test(name) || snapshots.has(name)) continue;
        if (await disk.remove(join(inSnapshots, name))) removed.push(name);
      }
      const inHeaders = join(this.root, HEADERS_FOLDER);
      for (const name of await disk.list(inHeaders)) {
        if (HEADER_NAME.test(name) && !headers.has(name)) await disk.remove(join(inHeaders, name));
      }
      await disk.syncFolder(inSnapshots);
      await disk.syncFolder(inHeaders);
      return removed;
    });
  }

  /** Removes what interrupted runs left. A vault has one writer, so nobody else is writing here. */
  async removeTemporaries(): Promise<void> {
    const { disk } = this.#ports;
    await onDisk('writing', async () => {
      for (const names of [[], [SNAPSHOTS_FOLDER], [HEADERS_FOLDER], [OBJECTS_FOLDER, TEMPORARY_FOLDER]]) {
        const folder = join(this.root, ...names);
        if ((await disk.stat(folder))?.kind !== 'folder') continue;
        for (const name of await disk.list(folder)) {
          if (isTemporaryName(name)) await disk.remove(join(folder, name));
        }
      }
    });
  }
}
