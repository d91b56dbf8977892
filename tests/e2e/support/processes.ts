import { readFileSync } from 'node:fs';

import type { RunningApp } from './host.ts';

/** A process that has ended and is waited for by nobody yet is gone as well: it has no memory any more. */
export const lives = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (thrown) {
    // It may go between any two looks: the file is not there, or is there and belongs to nobody.
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return false;
    throw thrown;
  }
};

export const enginePid = async (app: RunningApp): Promise<number> => {
  const pid = (await app.childPids()).findLast(({ name }) => name.includes('engine'))?.pid;
  if (pid === undefined) throw new Error('no engine was started');
  return pid;
};
