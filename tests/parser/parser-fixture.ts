import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { createParserClient } from '../../electron/core/parser-host/index.ts';
import type { ParserClientOptions } from '../../electron/core/parser-host/index.ts';
import { createNodeParserLauncher } from '../../electron/core/ports/node/node-parser-launcher.ts';
import type { ParserChannel, ParserLauncher } from '../../electron/core/ports/parser.ts';
import type { DecodedPart, ParserClient } from '../../shared/parser/jobs.ts';
import { PARSER_BUNDLES } from '../setup/build-parser.ts';

export interface WatchedLauncher extends ParserLauncher {
  /** Process ids in order of their start. */
  readonly pids: number[];
  readonly ended: Set<number>;
}

/** The real launcher, with a note of every process that it starts. */
export const watchedLauncher = (wasmBundle: string = PARSER_BUNDLES.wasm): WatchedLauncher => {
  const launcher = createNodeParserLauncher({ wasm: wasmBundle, image: PARSER_BUNDLES.image });
  const pids: number[] = [];
  const ended = new Set<number>();
  return {
    pids,
    ended,
    start: async (kind) => {
      const channel = (await launcher.start(kind)) as ParserChannel & { pid: number };
      pids.push(channel.pid);
      channel.onExit(() => ended.add(channel.pid));
      return channel;
    },
  };
};

export const realClient = (options?: ParserClientOptions): ParserClient =>
  createParserClient(watchedLauncher(), options);

/** Runs `use` with a folder that is removed afterwards. */
export const withFolder = <T>(use: (folder: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), 'parser-test-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Puts `input` in a file, runs an outside command on it, and gives the file that it left. */
export const throughCommand = (
  input: Uint8Array,
  name: string,
  command: string,
  args: (path: string) => string[],
  result: (path: string) => string = (path) => path,
): Buffer =>
  withFolder((folder) => {
    const path = join(folder, name);
    writeFileSync(path, input);
    execFileSync(command, args(path), { stdio: ['ignore', 'pipe', 'pipe'] });
    return readFileSync(result(path));
  });

/** What an outside command prints about a file. */
export const outputOf = (
  input: Uint8Array,
  name: string,
  command: string,
  args: (path: string) => string[],
): string =>
  withFolder((folder) => {
    const path = join(folder, name);
    writeFileSync(path, input);
    return execFileSync(command, args(path), { stdio: ['ignore', 'pipe', 'pipe'] }).toString('utf8');
  });

const present = (command: string): boolean =>
  ['/usr/bin', '/usr/local/bin', '/bin'].some((folder) => existsSync(join(folder, command)));

/** A test that needs outside commands: skipped where one is missing, failing there under CI. */
export const testWith = (...commands: string[]): typeof test | typeof test.skip => {
  const missing = commands.filter((command) => !present(command));
  if (missing.length === 0) return test;
  if (process.env['CI'] === 'true') {
    return ((name: string) =>
      test(name, () => Promise.reject(new Error(`missing: ${missing.join(', ')}`)))) as typeof test;
  }
  return test.skip;
};

/** All decoded content as one string, bytes as Latin-1, for searching. */
export const flatten = (parts: readonly DecodedPart[]): string =>
  parts.map((part) => part.text ?? Buffer.from(part.bytes ?? []).toString('latin1')).join('\n');

/** Where `needle` was found. */
export const placesOf = (parts: readonly DecodedPart[], needle: string): string[] =>
  parts.filter((part) => flatten([part]).includes(needle)).map(({ where }) => where);
