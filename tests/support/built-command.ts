import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../scripts/lib/build.mjs';

/** How a command ended and what it said. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Key derivation at the lowest cost that a header may have: each command derives a key. */
export const CHEAP = ['--kdf-passes', '3', '--kdf-memory-mib', '64'] as const;

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What stands on standard input. */
  readonly input?: string;
  /** What stands on descriptors 3, 4 ... */
  readonly fds?: readonly string[];
  /** Another program than the command itself, started in the same way. */
  readonly program?: string;
}

const ROOT = join(import.meta.dirname, '../..');
const ENTRIES = {
  cli: 'electron/cli/index.ts',
  'parser-wasm': 'electron/parser/wasm-process.ts',
  'parser-image': 'electron/parser/image-process.ts',
};

/** The command line as it is built for delivery, run as child processes in a folder of its own. */
export class BuiltCommand {
  /** Home and working folder of the commands. */
  readonly folder: string;
  readonly program: string;
  readonly #built: string;
  readonly #locale: string;

  private constructor(folder: string, built: string, program: string, locale: string) {
    this.folder = folder;
    this.#built = built;
    this.program = program;
    this.#locale = locale;
  }

  /**
   * Builds the command.
   *
   * @param name of the test, for its folders.
   * @param locale that the commands speak in, such as `es_MX.UTF-8`.
   */
  static async make(name: string, locale: string): Promise<BuiltCommand> {
    const built = join(ROOT, '.build', `${name}-${String(process.pid)}`);
    if (!(await bundle(ENTRIES, built))) throw new Error('the command could not be built');
    const program = join(built, 'run.mjs');
    writeFileSync(
      program,
      "import { main } from './cli.js';\nprocess.exitCode = await main(process.argv.slice(2));\n",
    );
    return new BuiltCommand(mkdtempSync(join(tmpdir(), `resguardo-${name}-`)), built, program, locale);
  }

  /** All that the commands find in their environment; nothing of whoever runs the tests. */
  environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
    return { PATH: process.env['PATH'], HOME: this.folder, LANG: this.#locale, ...extra };
  }

  /** Starts a command whose standard input stays open, for tests that answer it. */
  start(
    args: readonly string[],
    { env, fds = [], program = this.program }: Omit<RunOptions, 'input'> = {},
  ): { readonly child: ChildProcess; readonly ended: Promise<Ran>; readonly said: () => Omit<Ran, 'code'> } {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: this.folder,
      env: this.environment(env),
      stdio: ['pipe', 'pipe', 'pipe', ...fds.map(() => 'pipe' as const)],
    });
    fds.forEach((text, at) => {
      const pipe = child.stdio[3 + at];
      if (pipe !== null && pipe !== undefined && 'end' in pipe) {
        // A command that refuses early never reads it.
        pipe.on('error', () => undefined);
        pipe.end(text);
      }
    });
    child.stdin?.on('error', () => undefined);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (part: Buffer) => (stdout += part.toString()));
    child.stderr?.on('data', (part: Buffer) => (stderr += part.toString()));
    const ended = new Promise<Ran>((resolve) => {
      child.on('close', (code) => {
        resolve({ code, stdout, stderr });
      });
    });
    return { child, ended, said: () => ({ stdout, stderr }) };
  }

  /** Runs a command to its end. */
  run(args: readonly string[], { input = '', ...options }: RunOptions = {}): Promise<Ran> {
    const { child, ended } = this.start(args, options);
    child.stdin?.end(input);
    return ended;
  }

  /** A file that only its owner may read, as the command asks of files with passphrases; gives its path. */
  secret(name: string, text: string, mode = 0o600): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode });
    return path;
  }

  /** Removes what was built and what the commands wrote. */
  end(): void {
    rmSync(this.#built, { recursive: true, force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }
}
