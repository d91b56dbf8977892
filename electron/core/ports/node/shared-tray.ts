import { closeSync, mkdtempSync, openSync, rmdirSync, statfsSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Memory that looks like a disk; nothing in it is ever written to one. */
const MEMORY_FOLDER = '/dev/shm';
const TMPFS = 0x01021994;
const SLOT_BYTES = 1024 * 1024;
const SLOTS = 4;

/**
 * Memory that the engine writes and one parser process reads, for pieces of large files. Through a pipe a piece takes a
 * dozen turns of both processes, each of which waits for the other; here it lies there at once. It is a file without a
 * name in memory that goes with the two processes. The parser's handle is for reading, but that is no wall: outside a
 * cage a captured parser can open the same file for writing through /proc. It could then spoil the pieces that it reads
 * itself, and where the limits of the kernel are missing (`prlimit`: no growing file) fill this memory, which may be
 * swapped. Nothing kept is harmed: the engine only writes here and never reads back.
 */
export class SharedTray {
  readonly #write: number;
  /** The parser's handle, to be handed over when it is started. */
  readonly readHandle: number;
  #open = true;

  private constructor(write: number, read: number) {
    this.#write = write;
    this.readHandle = read;
  }

  /** Gives null where there is no such memory: bytes then go through the pipe. */
  static make(): SharedTray | null {
    if (process.platform !== 'linux') return null;
    try {
      if (statfsSync(MEMORY_FOLDER).type !== TMPFS) return null;
      const folder = mkdtempSync(join(MEMORY_FOLDER, 'p-'));
      const path = join(folder, 'tray');
      try {
        const write = openSync(path, 'wx', 0o600);
        try {
          return new SharedTray(write, openSync(path, 'r'));
        } catch (thrown) {
          closeSync(write);
          throw thrown;
        } finally {
          unlinkSync(path);
        }
      } finally {
        rmdirSync(folder);
      }
    } catch {
      return null;
    }
  }

  /** Lays bytes into a slot and gives their place, or null where they do not fit: what lay there before is gone. */
  lay(bytes: Uint8Array, slot: number): number | null {
    if (!this.#open || bytes.length > SLOT_BYTES) return null;
    const at = (slot % SLOTS) * SLOT_BYTES;
    try {
      return writeSync(this.#write, bytes, 0, bytes.length, at) === bytes.length ? at : null;
    } catch {
      return null;
    }
  }

  /** Once the process has its own. */
  closeReadHandle(): void {
    closeSync(this.readHandle);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#write);
  }
}
