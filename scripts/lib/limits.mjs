import { execFileSync } from 'node:child_process';

/**
 * No process of the application may leave its memory on disk when it crashes. Set on this process, so that every
 * one started from it inherits it, the browser's own included, which begin before any code of ours runs in them.
 * Linux only; a system without the command goes on without.
 */
export const noCoreDumps = () => {
  if (process.platform !== 'linux') return;
  try {
    execFileSync('/usr/bin/prlimit', ['--pid', String(process.pid), '--core=0:0'], { stdio: 'ignore' });
  } catch {
    // Nothing more can be done from here; the engine tries for itself.
  }
};
