import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { CallInput, CallOutput, MethodName } from '#shared/contract/index.ts';
import { targetIdSchema, type TargetId } from '#shared/model/ids.ts';
import { createCore, type Core } from '../../../electron/core/create-core.ts';
import type { Ports } from '../../../electron/core/ports/index.ts';
import { COST, freshFolder, PASSPHRASE, realPorts } from './ports.ts';

export const SECRET = { kind: 'passphrase', passphrase: PASSPHRASE } as const;
const ROOT = join(import.meta.dirname, '../../..');

/** A core on a folder of its own with a vault `vault` and a stick `usb`. */
export class BackupBench {
  readonly base: ReturnType<typeof freshFolder>;
  readonly ports: Ports;
  core: Core;

  constructor(ports: Ports = realPorts(), base = freshFolder()) {
    this.base = base;
    this.ports = ports;
    this.core = createCore(ports);
    mkdirSync(this.usb, { recursive: true });
  }

  get usb(): string {
    return join(this.base.path, 'usb');
  }

  get vaultFolder(): string {
    return join(this.base.path, 'vault');
  }

  grant(path: string, kind: 'targetFolder' | 'vault' | 'file' = 'targetFolder'): TargetId {
    const id = targetIdSchema.parse(randomBytes(16).toString('hex'));
    const place = { id, path, name: basename(path) };
    if (kind === 'vault') this.core.grant({ ...place, kind, mode: 'open' });
    else if (kind === 'file') this.core.grant({ ...place, kind, sizeBytes: 0 });
    else this.core.grant({ ...place, kind });
    return id;
  }

  async call<M extends MethodName>(method: M, input: CallInput<M>): Promise<CallOutput<M>> {
    const answer = await this.core.dispatch({ method, input, surface: 'unlock' });
    if (!answer.ok) throw Object.assign(new Error(method), { code: answer.error.code });
    return answer.value as CallOutput<M>;
  }

  create(): Promise<unknown> {
    return this.call('vault.create', {
      folder: this.grant(this.vaultFolder, 'vault'),
      use: 'practice',
      ownerName: 'Ana Ruiz',
      passphrase: PASSPHRASE,
      cost: { ops: COST.ops, memoryBytes: COST.memBytes },
    });
  }

  unlock(folder = this.vaultFolder): Promise<CallOutput<'vault.unlock'>> {
    return this.call('vault.unlock', { folder: this.grant(folder, 'vault'), passphrase: PASSPHRASE });
  }

  lock(): Promise<unknown> {
    return this.call('vault.lock', {});
  }

  openCase(code: string): Promise<unknown> {
    return this.call('cases.open', {
      code,
      title: 'Caso',
      state: 'active',
      summary: '',
      openedDay: '2026-03-01',
      language: { kind: 'notAsked' },
      interpreter: 'needed',
      safeChannel: { medium: '', hours: '', avoid: '' },
      placeOrigin: '',
      placeRefuge: '',
    });
  }

  async take(name: string, bytes: Buffer): Promise<string> {
    const path = join(this.base.path, name);
    writeFileSync(path, bytes);
    const { id } = await this.call('evidence.take', { source: this.grant(path, 'file') });
    rmSync(path);
    return id;
  }

  run(): Promise<CallOutput<'backup.run'>> {
    return this.call('backup.run', { target: this.grant(this.usb) });
  }

  verify(): Promise<CallOutput<'backup.verify'>> {
    return this.call('backup.verify', { target: this.grant(this.usb) });
  }

  async end(): Promise<void> {
    await this.core.close();
    this.base.remove();
  }
}

let bundle: Promise<string> | null = null;

/** Bundles the program once for a test file; Node 20 does not run TypeScript. */
const backupProgram = (): Promise<string> => {
  const outfile = join(ROOT, '.build', 'faults', `backup-${process.pid}.mjs`);
  bundle ??= build({
    entryPoints: [join(ROOT, 'tests/faults/programs/backup.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  }).then(() => outfile);
  return bundle;
};

/** How a run or restore in its own process ended. */
export interface Ended {
  readonly done: boolean;
  readonly began: boolean;
  readonly failed: string | null;
  /** Milliseconds from its beginning to its end. */
  readonly tookMs: number;
}

/** Starts the program and kills it `afterMs` after it said that it began; null: lets it end. */
export const runKilled = async (args: readonly string[], afterMs: number | null): Promise<Ended> => {
  const child = spawn(process.execPath, [await backupProgram(), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen = { done: false, began: false, failed: null as string | null };
  let began = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as { began?: true; done?: true; failed?: string };
    if (said.began === true) {
      seen.began = true;
      began = performance.now();
      if (afterMs !== null) setTimeout(() => child.kill('SIGKILL'), afterMs);
    }
    if (said.done === true) seen.done = true;
    if (said.failed !== undefined) seen.failed = said.failed;
  });
  await new Promise((resolve) => child.once('close', resolve));
  return { ...seen, tookMs: performance.now() - began };
};
