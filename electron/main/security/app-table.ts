import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One file of the interface, as listed when the application was built. */
export interface AppTableEntry {
  /** Name inside the renderer's folder; written by the build, never taken from a request. */
  readonly file: string;
  readonly type: string;
  readonly sha256: string;
}

/** Path of a request (exactly, with its leading slash) to the file that answers it. */
export type AppTable = Readonly<Record<string, AppTableEntry>>;

export const APP_TABLE_FILE = 'renderer-table.json';

export interface AppFiles {
  /** Bytes and type for exactly this request target, or null. */
  get(target: string): { bytes: Buffer; type: string } | null;
}

/**
 * Opens the table in `folder` (the build's output). Files are read on first use and compared with the
 * hash of the build, so a file changed or swapped later is not served.
 * @throws when the table is missing: the application was not built.
 */
export const openAppFiles = (folder: string): AppFiles => {
  const listed = JSON.parse(readFileSync(join(folder, APP_TABLE_FILE), 'utf8')) as AppTable;
  const table = new Map(Object.entries(listed));
  const read = new Map<string, Buffer>();
  return {
    get(target) {
      const entry = table.get(target);
      if (entry === undefined) return null;
      let bytes = read.get(target);
      if (bytes === undefined) {
        bytes = readFileSync(join(folder, 'renderer', entry.file));
        if (createHash('sha256').update(bytes).digest('hex') !== entry.sha256) return null;
        read.set(target, bytes);
      }
      return { bytes, type: entry.type };
    },
  };
};
