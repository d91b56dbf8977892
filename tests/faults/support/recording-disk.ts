import { dirname } from 'node:path';
import { createNodeDisk } from '../../../electron/core/ports/node/node-disk.ts';
import type { Disk, DiskFile } from '../../../electron/core/ports/index.ts';

/** What our own code asks of the disk, in order. */
export type Call =
  | { readonly kind: 'content' | 'sync' | 'close' | 'name' | 'syncFolder'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  /** A use case has answered: what it promised must be durable by now. */
  | { readonly kind: 'answered' };

export interface RecordingDisk {
  readonly disk: Disk;
  readonly calls: Call[];
  syncs(): number;
  /** From here on sync calls are counted and may be left out. */
  arm(): void;
}

/**
 * The real disk, taking notes. The sync call with number `skip` is left out, as a mistaken change of ours would.
 *
 * @param armed false: counting begins with `arm`.
 */
export const recordingDisk = (skip: number, armed = true): RecordingDisk => {
  const real = createNodeDisk();
  const calls: Call[] = [];
  let syncs = 0;
  let counting = armed;
  const left = (): boolean => {
    if (!counting) return false;
    syncs += 1;
    return syncs - 1 === skip;
  };
  const wrap = (path: string, file: DiskFile): DiskFile => ({
    read: (buffer, position) => file.read(buffer, position),
    write: (buffer, position) => {
      calls.push({ kind: 'content', path });
      return file.write(buffer, position);
    },
    sync: () => {
      if (left()) return Promise.resolve();
      calls.push({ kind: 'sync', path });
      return file.sync();
    },
    stat: () => file.stat(),
    setTimes: (seconds) => file.setTimes(seconds),
    close: () => {
      calls.push({ kind: 'close', path });
      return file.close();
    },
  });
  const disk: Disk = {
    ...real,
    open: async (path, mode) => {
      const file = await real.open(path, mode);
      if (mode.startsWith('create')) calls.push({ kind: 'name', path });
      return mode === 'read' ? file : wrap(path, file);
    },
    makeFolder: async (path) => {
      const made = await real.makeFolder(path);
      if (made) calls.push({ kind: 'name', path });
      return made;
    },
    rename: (from, to) => {
      calls.push({ kind: 'rename', path: from, to });
      return real.rename(from, to);
    },
    syncFolder: (path) => {
      if (left()) return Promise.resolve();
      calls.push({ kind: 'syncFolder', path });
      return real.syncFolder(path);
    },
    writeInPlaceSync: (path, bytes, position) => {
      // The heartbeat of the lock file promises nothing.
      if (path.endsWith('vault.anchor')) calls.push({ kind: 'content', path });
      real.writeInPlaceSync(path, bytes, position);
    },
    syncFileSync: (path) => {
      if (left()) return;
      calls.push({ kind: 'sync', path });
      real.syncFileSync(path);
    },
  };
  return {
    disk,
    calls,
    syncs: () => syncs,
    arm: () => {
      counting = true;
    },
  };
};

/** Rules of durability that a list of calls breaks. */
export const brokenRules = (calls: readonly Call[]): string[] => {
  const broken = new Set<string>();
  const dirty = new Set<string>();
  const unsyncedNames = new Map<string, Set<string>>();
  const renamed = new Set<string>();
  const name = (path: string): void => {
    const folder = dirname(path);
    if (renamed.has(folder)) broken.add('a name changed before the rename in its folder was durable');
    const names = unsyncedNames.get(folder) ?? new Set();
    names.add(path);
    unsyncedNames.set(folder, names);
  };
  const settle = (): void => {
    if (dirty.size > 0) broken.add('a file was never made durable');
    for (const names of unsyncedNames.values()) {
      // Who holds a vault open is of no interest after a power cut.
      if ([...names].some((path) => !path.endsWith('vault.lock')))
        broken.add('a name was never made durable');
    }
  };
  for (const call of calls) {
    if (call.kind === 'answered') settle();
    else if (call.kind === 'content') dirty.add(call.path);
    else if (call.kind === 'sync') dirty.delete(call.path);
    else if (call.kind === 'close' && dirty.has(call.path))
      broken.add('a file was closed before it was durable');
    else if (call.kind === 'name') {
      if (call.path.endsWith('vault.json') && (unsyncedNames.get(dirname(call.path))?.size ?? 0) > 0) {
        broken.add('a header was written before the names it stands for were durable');
      }
      name(call.path);
    } else if (call.kind === 'rename') {
      if (dirty.has(call.path)) broken.add('a file took its place before it was durable');
      // What was in this place before is gone, durable or not.
      dirty.delete(call.to);
      // Nobody asks for the temporary name again.
      unsyncedNames.get(dirname(call.path))?.delete(call.path);
      name(call.to);
      renamed.add(dirname(call.to));
    } else if (call.kind === 'syncFolder') {
      unsyncedNames.delete(call.path);
      renamed.delete(call.path);
    }
  }
  return [...broken];
};
