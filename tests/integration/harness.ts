import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createCore, type Core } from '../../electron/core/create-core.ts';
import { loadCrypto } from '../../electron/core/crypto/load-crypto.ts';
import { createNodeClock } from '../../electron/core/ports/node/node-clock.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import { createNodeParserLauncher } from '../../electron/core/ports/node/node-parser-launcher.ts';
import { createNodeRandom } from '../../electron/core/ports/node/node-random.ts';
import { loadPackageFonts } from '../../electron/core/ports/node/package-fonts.ts';
import type { LogEntry, Ports } from '../../electron/core/ports/index.ts';
import type { CallInput, CallOutput, MethodName } from '#shared/contract/index.ts';
import type { CoreEvent } from '#shared/contract/events.ts';
import { targetIdSchema, type TargetId } from '#shared/model/ids.ts';
import { AppError } from '#shared/errors.ts';
import { PARSER_BUNDLES } from '../setup/build-parser.ts';

const crypto = await loadCrypto();

export const PASSPHRASE = 'faro niebla cobre tejado luna';
/** The lowest cost that a header may have; tests derive often. */
export const TEST_COST = { ops: 3, memoryBytes: 64 * 1024 * 1024 } as const;

/** A core on real parts in a folder of its own. */
export class Bench {
  readonly folder: string;
  readonly ports: Ports;
  readonly core: Core;
  readonly events: CoreEvent[] = [];
  readonly logged: LogEntry[] = [];

  constructor(options: { folder?: string; ports?: Partial<Ports>; profile?: boolean } = {}) {
    this.folder = options.folder ?? mkdtempSync(join(tmpdir(), 'resguardo-test-'));
    this.ports = {
      clock: createNodeClock(),
      random: createNodeRandom(),
      disk: createNodeDisk(),
      crypto,
      logger: { write: (entry) => this.logged.push(entry) },
      parsers: createNodeParserLauncher(PARSER_BUNDLES),
      loadFonts: loadPackageFonts,
      platform: {
        host: 'test',
        practiceOnly: true,
        profileFolder: options.profile === true ? join(this.folder, 'profile') : null,
        localNames: [],
        version: '0.0.0',
      },
      ...options.ports,
    };
    this.core = createCore(this.ports);
    this.core.subscribe((event) => this.events.push(event));
  }

  get vaultFolder(): string {
    return join(this.folder, 'vault');
  }

  #id(): TargetId {
    return targetIdSchema.parse(this.ports.random.bytes(16).toString('hex'));
  }

  vaultTarget(mode: 'create' | 'open'): TargetId {
    const id = this.#id();
    this.core.grant({ id, kind: 'vault', path: this.vaultFolder, name: 'vault', mode });
    return id;
  }

  fileTarget(path: string): TargetId {
    const id = this.#id();
    this.core.grant({ id, kind: 'file', path, name: basename(path), sizeBytes: 0 });
    return id;
  }

  outTarget(kind: 'targetFolder' | 'targetFile', path: string): TargetId {
    const id = this.#id();
    this.core.grant({ id, kind, path, name: basename(path) });
    return id;
  }

  /** Calls a method as the unlock window or command line would; throws the error that came back. */
  async call<M extends MethodName>(method: M, input: CallInput<M>): Promise<CallOutput<M>> {
    const reply = await this.core.dispatch({ method, input, surface: 'unlock' });
    if (!reply.ok) throw new AppError(reply.error.code, reply.error);
    return reply.value as CallOutput<M>;
  }

  /** A fresh practice vault, left unlocked. */
  async create(): Promise<this> {
    await this.call('vault.create', {
      folder: this.vaultTarget('create'),
      use: 'practice',
      ownerName: 'Julia Bermejo Anaya',
      passphrase: PASSPHRASE,
      cost: TEST_COST,
    });
    return this;
  }

  async unlock(passphrase = PASSPHRASE): Promise<this> {
    await this.call('vault.unlock', { folder: this.vaultTarget('open'), passphrase });
    return this;
  }

  async end(): Promise<void> {
    await this.core.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
