import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const PRLIMIT = ['/usr/bin/prlimit', '/bin/prlimit'];
const PATIENCE_MS = 5_000;

/** True where the kernel already writes no core file for this process, whatever it later asks for. */
const hasNoCore = (): boolean => {
  try {
    return /^Max core file size\s+0\s+0\s/mu.test(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    return false;
  }
};

const ignore = (): undefined => undefined;

/** Takes the place of what Node does on SIGUSR1. One listener, however often it is asked for. */
export const refuseDebuggerSignal = (): void => {
  if (process.platform === 'win32' || process.listeners('SIGUSR1').includes(ignore)) return;
  process.on('SIGUSR1', ignore);
};

/**
 * For every process that holds keys or case text, before it holds any: no core file and no diagnostic report
 * (both are memory on disk), and no debugger. SIGUSR1 makes Node listen on a port through which any program of
 * this user could read the keys; a listener of our own takes the signal's place. The core limit is Linux only
 * (there is no such call in Node, hence the command) and is inherited by the processes that this one starts.
 */
export const guardProcess = (): void => {
  if (process.report !== undefined) {
    process.report.reportOnFatalError = false;
    process.report.reportOnSignal = false;
    process.report.reportOnUncaughtException = false;
  }
  refuseDebuggerSignal();
  if (process.platform !== 'linux' || hasNoCore()) return;
  const program = PRLIMIT.find((path) => existsSync(path));
  if (program === undefined) return;
  try {
    execFileSync(program, ['--pid', String(process.pid), '--core=0:0'], {
      env: {},
      stdio: 'ignore',
      timeout: PATIENCE_MS,
    });
  } catch {
    // A system that does not let us lower a limit of our own: nothing more can be done from here.
  }
};
