import { readFileSync } from 'node:fs';

const LOOK_MS = 250;

/** Resident memory of a process in bytes, from the kernel; null where that cannot be read. Linux only. */
export const residentBytes = (pid: number): number | null => {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
};

/**
 * Looks at a process several times a second and calls `tooLarge` once when it holds more than `maxBytes`. Heap
 * limits of Node do not count WebAssembly memory or what native code takes, and a foreign file decides how much.
 *
 * @returns ends the watching.
 */
export const watchMemory = (
  measure: () => number | null,
  maxBytes: number,
  tooLarge: () => void,
): (() => void) => {
  const timer = setInterval(() => {
    const bytes = measure();
    if (bytes === null || bytes <= maxBytes) return;
    clearInterval(timer);
    tooLarge();
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
};
