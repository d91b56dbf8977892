import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Root folder of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * Runs a program with arguments (never through a shell) and waits.
 * Gives its exit code; 127 where the program does not exist. `quiet` keeps the output and gives it back; `aside` says
 * everything on stderr, where stdout belongs to somebody else's answer.
 */
export const run = (
  program,
  args = [],
  { env = {}, quiet = false, aside = false, cwd = root, timeoutMs = 0 } = {},
) =>
  new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', aside ? 2 : 'inherit', 'inherit'],
      windowsHide: true,
    });
    let output = '';
    child.stdout?.on('data', (part) => (output += part));
    child.stderr?.on('data', (part) => (output += part));
    const timer = timeoutMs > 0 ? setTimeout(() => child.kill('SIGKILL'), timeoutMs) : undefined;
    child.on('error', () => {
      clearTimeout(timer);
      resolve({ code: 127, output });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output });
    });
  });

/** Runs a JavaScript file of the project, or of an installed package, with this Node. */
export const runNode = (file, args = [], options = {}) => run(process.execPath, [file, ...args], options);

/** A heading in the output of a long run. */
export const heading = (text) => process.stdout.write(`\n=== ${text}\n`);
