import { randomBytes } from 'node:crypto';
import { basename, resolve } from 'node:path';
import type { CallInput, CallOutput, MethodName } from '#shared/contract/index.ts';
import type { CoreEvent } from '#shared/contract/events.ts';
import type { Credentials } from '#shared/contract/slots.ts';
import { AppError, type ErrorCode } from '#shared/errors.ts';
import { targetIdSchema, type TargetId } from '#shared/model/ids.ts';
import { createCore, type Core } from '../core/create-core.ts';
import { credentialsOf, readAccess } from './access.ts';
import type { Arguments } from './arguments.ts';
import { createPorts } from './cli-ports.ts';
import type { Messages } from './messages.ts';
import { needPath } from './paths.ts';
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

/** Nobody stands behind a command to end it after half a second; what it wrote in clear goes also from a slow stick. */
const TASKS_END_MS = 10_000;

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
  let closing: Promise<void> | null = null;
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
      const found = await needPath(path);
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
    // One end, whoever asks for it: who asks second waits for it as well.
    close: () => (closing ??= core.close(TASKS_END_MS)),
  };
};

/** Codes that mean "this passphrase may not come from the environment": wrong usage, not a failed call. */
const PRACTICE_CODES: readonly ErrorCode[] = ['vault.practiceOnly'];

/** Signals that end a command. Not SIGHUP: `nohup` would no longer hold. */
const ENDING = ['SIGINT', 'SIGTERM'] as const;

/**
 * A command that is told to end locks first: what was read is written, keys are zeroed, the lock file goes. Ended
 * otherwise, its session would count as cut off. A derivation is not waited for, whose end may be many seconds away.
 *
 * Then the process ends by the signal itself, as whoever sent it expects; `process.exit` would wait for a derivation in
 * its thread. From the first signal on nobody listens any more, so a second one, of either kind, ends it at once.
 * Gives what takes the listeners away.
 */
const closeOnSignal = (client: Client): (() => void) => {
  const takeAway = (): void => {
    for (const signal of ENDING) process.off(signal, end);
  };
  const end = (signal: NodeJS.Signals): void => {
    takeAway();
    // A question that hides what is typed leaves the terminal like that; nobody else would put it right.
    if (process.stdin.isTTY && process.stdin.isRaw) process.stdin.setRawMode(false);
    void client.close().finally(() => process.kill(process.pid, signal));
  };
  for (const signal of ENDING) process.on(signal, end);
  return takeAway;
};

/** Runs `work` with the core and closes it, whatever happens, also when a signal ends the command. */
export const withCore = async <T>(
  args: Arguments,
  options: { practiceOnly: boolean },
  work: (client: Client) => Promise<T>,
): Promise<T> => {
  const client = await openClient({ ...options, profileFolder: args.value('profile-folder') ?? null });
  const takeAway = closeOnSignal(client);
  try {
    return await work(client);
  } finally {
    await client.close();
    takeAway();
  }
};

/**
 * Unlocks the vault named by `--vault` (or `folder`), runs `work`, and locks again. `own` is what unlocked it, for
 * methods that want to see it once more.
 */
export const withVault = async <T>(
  args: Arguments,
  messages: Messages,
  work: (client: Client, own: Credentials) => Promise<T>,
  folder = args.need('vault'),
): Promise<T> => {
  const access = await readAccess(args, messages);
  const practiceOnly = access.passphrase?.from === 'environment';
  return withCore(args, { practiceOnly }, async (client) => {
    const own = await credentialsOf(client, access);
    try {
      await client.call('vault.unlock', { folder: client.grantVault(folder, 'open'), ...own });
    } catch (thrown) {
      if (practiceOnly && thrown instanceof AppError && PRACTICE_CODES.includes(thrown.code)) {
        throw new UsageError('passphrase.environmentPracticeOnly');
      }
      throw thrown;
    }
    return work(client, own);
  });
};
