import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../../..');

let bundle: Promise<string> | null = null;

/** Bundles the session program once for a test file; Node 20 does not run TypeScript. */
export const sessionProgram = (): Promise<string> => {
  const outfile = join(ROOT, '.build', 'faults', `session-${process.pid}.mjs`);
  bundle ??= build({
    entryPoints: [join(ROOT, 'tests/faults/programs/session.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@signalapp/sqlcipher', 'sodium-native', 'libsodium-wrappers-sumo'],
    logLevel: 'error',
  }).then(() => outfile);
  return bundle;
};

export interface Answer {
  readonly ready?: true;
  readonly readOnly?: string | null;
  readonly rows?: readonly string[];
  readonly wrote?: string;
  readonly code?: string | null;
  readonly beat?: string | null;
  readonly failed?: string;
}

/** A session of the program, alive until it is killed or closed. */
export class SessionProcess {
  readonly child: ChildProcess;
  readonly answers: Answer[] = [];
  readonly #waiting: ((answer: Answer) => void)[] = [];
  #read = 0;
  #ended = false;

  constructor(child: ChildProcess) {
    this.child = child;
    if (child.stdout === null) throw new Error('no output');
    child.once('close', () => {
      this.#ended = true;
      for (const waiting of this.#waiting.splice(0)) waiting({ failed: 'ended' });
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      this.answers.push(answer);
      this.#waiting.shift()?.(answer);
    });
  }

  /** `wrapper`: a command that the program runs under, such as strace with its options. */
  static async start(base: string, mode = '', wrapper: readonly string[] = []): Promise<SessionProcess> {
    const [command = '', ...args] = [...wrapper, process.execPath, await sessionProgram(), base, mode];
    return new SessionProcess(spawn(command, args, { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] }));
  }

  /** The next answer that was not yet taken. */
  async next(): Promise<Answer> {
    const known = this.answers[this.#read];
    this.#read += 1;
    if (known !== undefined) return known;
    if (this.#ended) return { failed: 'ended' };
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  async ask(line: string): Promise<Answer> {
    this.send(line);
    return this.next();
  }

  send(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** SIGKILL, and waits until the process and its output are gone. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('close', resolve));
    this.send('close');
    await gone;
  }
}
