import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { LogEntry, Logger } from '../logger.ts';

const MAX_BYTES = 1_000_000;

/**
 * The local log: one JSON line for each entry, two files of at most a megabyte. The entry's type is a closed
 * list of codes and numbers, so no value, path or foreign message can get in. A log that cannot be written
 * stops nothing.
 */
export const createFileLogger = (folder: string, clock: Clock): Logger => {
  const path = join(folder, 'resguardo.log');
  let written = 0;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    written = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    written = 0;
  }
  return {
    write: (entry: LogEntry) => {
      const line = `${JSON.stringify({ at: new Date(clock.now()).toISOString(), ...entry })}\n`;
      try {
        if (written + line.length > MAX_BYTES) {
          renameSync(path, `${path}.1`);
          written = 0;
        }
        appendFileSync(path, line, { mode: 0o600 });
        written += line.length;
      } catch {
        // Nothing to be done about it, and nobody to tell.
      }
    },
  };
};

/** For hosts that keep no log. */
export const silentLogger: Logger = { write: () => undefined };
