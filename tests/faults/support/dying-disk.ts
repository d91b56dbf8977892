import { cpSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeDisk } from '../../../electron/core/ports/node/node-disk.ts';
import type { Disk, DiskFile } from '../../../electron/core/ports/index.ts';

/** Thrown once the process is to be dead: every later call to the disk throws as well. */
class Dead extends Error {}

export interface DyingDisk {
  readonly disk: Disk;
  readonly names: string[];
  /** From here on calls are counted. */
  arm(): void;
}

/**
 * The real disk until its call number `at`; from there on nothing reaches it any more. Two images of the folder are
 * taken at that moment: `killed`, as a kill leaves it, and `unpowered`, as a power cut may leave it: a database that
 * our own code had not yet synced is empty, and a header whose place in the folder was not synced is the old one.
 */
export const dyingDisk = (
  at: number,
  from: string,
  images: { killed: string; unpowered: string },
): DyingDisk => {
  const real = createNodeDisk();
  const names: string[] = [];
  const known = new Set<string>();
  const synced = new Set<string>();
  const headerPath = join(from, 'vault', 'vault.json');
  let headerBefore = Buffer.alloc(0);
  let headerMoved = false;
  let armed = false;
  let dead = false;
  const step = (name: string): void => {
    if (dead) throw new Dead();
    if (!armed) return;
    names.push(name);
    if (names.length - 1 !== at) return;
    dead = true;
    cpSync(from, images.killed, { recursive: true });
    cpSync(from, images.unpowered, { recursive: true });
    const folder = join(images.unpowered, 'vault');
    for (const one of readdirSync(folder)) {
      if (/^vault-.*\.db$/u.test(one) && !known.has(one) && !synced.has(one)) {
        truncateSync(join(folder, one));
        for (const log of [`${one}-wal`]) if (existsSync(join(folder, log))) truncateSync(join(folder, log));
      }
    }
    if (headerMoved) writeFileSync(join(folder, 'vault.json'), headerBefore);
    throw new Dead();
  };
  const short = (path: string): string => path.split('/').at(-1) ?? '';
  const wrap = (path: string, file: DiskFile): DiskFile => ({
    read: (buffer, position) => file.read(buffer, position),
    stat: () => file.stat(),
    setTimes: (seconds) => file.setTimes(seconds),
    close: () => file.close(),
    write: async (buffer, position) => {
      step(`write ${short(path)}`);
      const half = buffer.length >> 1;
      await file.write(buffer.subarray(0, half), position);
      step(`write second half of ${short(path)}`);
      await file.write(buffer.subarray(half), position + half);
    },
    sync: async () => {
      step(`sync ${short(path)}`);
      await file.sync();
      synced.add(short(path));
    },
  });
  const disk: Disk = {
    ...real,
    open: async (path, mode) => {
      step(`open ${mode} ${short(path)}`);
      return wrap(path, await real.open(path, mode));
    },
    remove: (path) => {
      step(`remove ${short(path)}`);
      return real.remove(path);
    },
    rename: async (one, other) => {
      step(`rename to ${short(other)}`);
      await real.rename(one, other);
      if (armed && other === headerPath) headerMoved = true;
    },
    syncFolder: async (path) => {
      step('sync folder');
      await real.syncFolder(path);
      headerMoved = false;
    },
    writeInPlaceSync: (path, bytes, position) => {
      step(`in place ${short(path)}`);
      real.writeInPlaceSync(path, bytes, position);
    },
    syncFileSync: (path) => {
      step(`sync in place ${short(path)}`);
      real.syncFileSync(path);
    },
  };
  return {
    disk,
    names,
    arm: () => {
      for (const name of readdirSync(join(from, 'vault'))) known.add(name);
      headerBefore = readFileSync(headerPath);
      armed = true;
    },
  };
};
