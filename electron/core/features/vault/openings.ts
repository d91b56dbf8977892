import { AppError } from '#shared/errors.ts';
import type { CoreContext } from '../../context.ts';
import type { OpenVault } from './open-vault.ts';

interface Openings {
  readonly ended: AbortController;
  /** Settle when the unlocking or creation has handed its vault over, or has put everything away again. */
  readonly running: Set<Promise<unknown>>;
}

/** By core, as the counter of attempts is. */
const known = new WeakMap<CoreContext, Openings>();

const openingsOf = (core: CoreContext): Openings => {
  let openings = known.get(core);
  if (openings === undefined) {
    openings = { ended: new AbortController(), running: new Set() };
    known.set(core, openings);
  }
  return openings;
};

/**
 * Runs an unlocking or a creation so that the end of the core finds it. Until the vault is handed over no session
 * stands for it, while its lock file and its first entry are on the disk already.
 *
 * @param open opens the vault; ends early where the signal says so.
 * @param handOver makes it the session; not called once the core is ending.
 * @throws AppError `call.cancelled` where the core is ending, and whatever `open` throws.
 */
export const tracked = async <T>(
  core: CoreContext,
  open: (signal: AbortSignal) => Promise<OpenVault>,
  handOver: (vault: OpenVault) => T,
): Promise<T> => {
  const { ended, running } = openingsOf(core);
  const { signal } = ended;
  const work = async (): Promise<T> => {
    requireGoingOn(signal);
    const vault = await open(signal);
    if (!signal.aborted) return handOver(vault);
    await vault.close();
    throw new AppError('call.cancelled');
  };
  const mine = work();
  running.add(mine);
  try {
    return await mine;
  } finally {
    running.delete(mine);
  }
};

/** Ends what is being opened, in order, and lets nothing be opened until `allowOpenings`. Never fails. */
export const endOpenings = async (core: CoreContext): Promise<void> => {
  const { ended, running } = openingsOf(core);
  ended.abort();
  await Promise.allSettled([...running]);
};

/** Once all is ended: whoever asks from here on begins anew. */
export const allowOpenings = (core: CoreContext): void => {
  known.delete(core);
};

/** @throws AppError `call.cancelled` once the core is ending. */
export const requireGoingOn = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) throw new AppError('call.cancelled');
};

/**
 * A derivation cannot be stopped, and may take many seconds: once the core is ending nobody waits for it.
 *
 * @param late wipes what it gives although nobody waits any more.
 * @throws AppError `call.cancelled`, and whatever `derivation` throws.
 */
export const unlessEnding = async <T>(
  signal: AbortSignal | undefined,
  derivation: Promise<T>,
  late: (value: T) => void,
): Promise<T> => {
  if (signal === undefined) return derivation;
  let stop = (): void => undefined;
  const ending = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(new AppError('call.cancelled'));
    };
  });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([derivation, ending]);
  } catch (thrown) {
    // What is to be wiped comes only where it was not waited for; where it failed, this fails in the same way.
    if (signal.aborted) void derivation.then(late, () => undefined);
    throw thrown;
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
