import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { CallInput, CallOutput, MethodName } from '#shared/contract/index.ts';
import type { CoreEvent } from '#shared/contract/events.ts';
import { AppError, type ErrorCode } from '#shared/errors.ts';
import { targetIdSchema, type TargetId } from '#shared/model/ids.ts';
import { createCore, type Core } from '../core/create-core.ts';
import type { Arguments } from './arguments.ts';
import { createPorts } from './cli-ports.ts';
import type { Messages } from './messages.ts';
import { readPassphrase, type Passphrase } from './passphrase.ts';
import { UsageError } from './usage-error.ts';

/** The core as a command sees it: typed calls that throw, and paths turned into grants. */
export interface Client {
  readonly core: Core;
  call<M extends MethodName>(method: M, input: CallInput<M>): Promise<CallOutput<M>>;
  /** The same for a method whose name came from a person. */
  callUntyped(method: string, input: unknown): Promise<unknown>;
  grantFile(path: string): Promise<TargetId>;
  /** A file or folder to write to; it need not exist. */
  grantTarget(path: string, kind: 'targetFile' | 'targetFolder'): TargetId;
  grantFolder(path: string): TargetId;
  grantVault(path: string, mode: 'create' | 'open'): TargetId;
  onEvent(listener: (event: CoreEvent) => void): void;
  close(): Promise<void>;
}

const newTarget = (): TargetId => targetIdSchema.parse(randomBytes(16).toString('hex'));

/**
 * Starts the core in this process.
 *
 * @param practiceOnly refuses real vaults, as it must when the passphrase came from the environment.
 */
export const openClient = async (options: {
  practiceOnly: boolean;
  profileFolder: string | null;
}): Promise<Client> => {
  const core = createCore(await createPorts(options));
  const callUntyped = async (method: string, input: unknown): Promise<unknown> => {
    /* Whoever runs the command line is in the process that holds the keys: there is no window to keep apart. */
    const answer = await core.dispatch({ method, input, surface: 'unlock' });
    if (answer.ok) return answer.value;
    const { code, field, params } = answer.error;
    throw new AppError(code, {
      ...(field === undefined ? {} : { field }),
      ...(params === undefined ? {} : { params }),
    });
  };
  const place = (path: string): { path: string; name: string } => {
    const full = resolve(path);
    return { path: full, name: basename(full) };
  };
  return {
    core,
    callUntyped,
    call: async <M extends MethodName>(method: M, input: CallInput<M>) =>
      (await callUntyped(method, input)) as CallOutput<M>,
    grantFile: async (path) => {
      const id = newTarget();
      const found = await stat(path).catch(() => null);
      if (found === null) throw new AppError('disk.notFound');
      if (found.isDirectory()) throw new AppError('disk.isFolder');
      core.grant({ id, kind: 'file', ...place(path), sizeBytes: found.size });
      return id;
    },
    grantFolder: (path) => {
      const id = newTarget();
      core.grant({ id, kind: 'folder', ...place(path), sizeBytes: 0 });
      return id;
    },
    grantTarget: (path, kind) => {
      const id = newTarget();
      core.grant({ id, kind, ...place(path) });
      return id;
    },
    grantVault: (path, mode) => {
      const id = newTarget();
      core.grant({ id, kind: 'vault', ...place(path), mode });
      return id;
    },
    onEvent: (listener) => {
      core.subscribe(listener);
    },
    close: () => core.close(),
  };
};

/** Codes that mean "this passphrase may not come from the environment": wrong usage, not a failed call. */
const PRACTICE_CODES: readonly ErrorCode[] = ['vault.practiceOnly'];

/** Runs `work` with the core and closes it, whatever happens. */
export const withCore = async <T>(
  args: Arguments,
  options: { practiceOnly: boolean },
  work: (client: Client) => Promise<T>,
): Promise<T> => {
  const client = await openClient({ ...options, profileFolder: args.value('profile-folder') ?? null });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
};

/** Unlocks the vault named by `--vault` (or `folder`), runs `work`, and locks again. */
export const withVault = async <T>(
  args: Arguments,
  messages: Messages,
  work: (client: Client) => Promise<T>,
  folder = args.need('vault'),
): Promise<T> => {
  const passphrase: Passphrase = await readPassphrase(args, messages);
  const practiceOnly = passphrase.from === 'environment';
  return withCore(args, { practiceOnly }, async (client) => {
    try {
      await client.call('vault.unlock', {
        folder: client.grantVault(folder, 'open'),
        passphrase: passphrase.text,
      });
    } catch (thrown) {
      if (practiceOnly && thrown instanceof AppError && PRACTICE_CODES.includes(thrown.code)) {
        throw new UsageError('passphrase.environmentPracticeOnly');
      }
      throw thrown;
    }
    return work(client);
  });
};
