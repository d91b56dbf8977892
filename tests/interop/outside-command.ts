import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';

const isThere = (command: string): boolean =>
  spawnSync('/bin/sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0;

/**
 * A group of tests against an outside command. Where it is not installed the group is skipped by name;
 * on the build machine (`CI=true`) it runs and fails.
 */
export const describeWith = (commands: readonly string[], name: string, tests: () => void): void => {
  const missing = commands.filter((command) => !isThere(command));
  if (missing.length === 0 || process.env['CI'] === 'true') describe(name, tests);
  else describe.skip(`${name} (not installed: ${missing.join(', ')})`, tests);
};

/** Runs a command and gives what it printed; throws where it fails. */
export const run = (command: string, args: readonly string[], cwd?: string): string =>
  execFileSync(command, [...args], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });

/** Exit code and output of a command that may fail. */
export const tryRun = (
  command: string,
  args: readonly string[],
  cwd?: string,
): { code: number | null; out: string } => {
  const result = spawnSync(command, [...args], { encoding: 'utf8', ...(cwd === undefined ? {} : { cwd }) });
  return { code: result.status, out: `${result.stdout}${result.stderr}` };
};

/** A folder for one test file, removed by `dispose`. */
export const scratch = (): { path: string; join: (...parts: string[]) => string; dispose: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'resguardo-interop-'));
  return {
    path,
    join: (...parts) => join(path, ...parts),
    dispose: () => rmSync(path, { recursive: true, force: true }),
  };
};
