import { AppError, isAppError, type ErrorCode } from '#shared/errors.ts';
import type { CoreContext } from '../../context.ts';
import type { Clock } from '../../ports/index.ts';

const FREE_ATTEMPTS = 3;
const MAX_WAIT_MS = 60_000;

/**
 * Slows down guessing at the desk. It lives in this process only: somebody who has the folder guesses with
 * their own program, and only the passphrase itself stands against that.
 */
export class Attempts {
  readonly #clock: Clock;
  #wrong = 0;
  #notBefore = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws AppError `vault.slowDown` with `seconds` to wait. */
  requireAllowed(): void {
    const waitMs = this.#notBefore - this.#clock.monotonic();
    if (waitMs > 0) throw new AppError('vault.slowDown', { params: { seconds: Math.ceil(waitMs / 1000) } });
  }

  wrong(): void {
    this.#wrong += 1;
    const over = this.#wrong - FREE_ATTEMPTS;
    if (over >= 0) this.#notBefore = this.#clock.monotonic() + Math.min(MAX_WAIT_MS, 1000 * 2 ** over);
  }

  right(): void {
    this.#wrong = 0;
    this.#notBefore = 0;
  }
}

/** Wrong attempts of one core; they outlive the unlock window, whose process ends after each. */
const known = new WeakMap<CoreContext, Attempts>();

/** The counter of a core: one for unlocking and for every ticket, so that a ticket is no faster way to guess. */
export const attemptsOf = (core: CoreContext): Attempts => {
  let attempts = known.get(core);
  if (attempts === undefined) {
    attempts = new Attempts(core.ports.clock);
    known.set(core, attempts);
  }
  return attempts;
};

const WRONG: ReadonlySet<ErrorCode> = new Set([
  'vault.wrongPassphrase',
  'vault.wrongFactors',
  'recovery.wordsDoNotOpen',
  'recovery.pagesDoNotFit',
]);

/**
 * Runs one attempt: refused while there is to be waited, counted when what was given opens nothing.
 *
 * A right attempt forgives the wrong ones before it only where it unlocks the vault: that leaves an entry in the
 * journal. Anywhere else (a ticket, a second person, a backup) somebody who guesses at a colleague's passphrase could
 * show their own in between, as often as they like, and would never be slowed.
 *
 * @param unlocks whether this attempt is the unlocking itself.
 * @throws AppError `vault.slowDown`, and whatever `attempt` throws.
 */
export const slowed = async <T>(
  core: CoreContext,
  attempt: () => Promise<T>,
  { unlocks = false }: { readonly unlocks?: boolean } = {},
): Promise<T> => {
  const attempts = attemptsOf(core);
  attempts.requireAllowed();
  try {
    const value = await attempt();
    if (unlocks) attempts.right();
    return value;
  } catch (thrown) {
    if (isAppError(thrown) && WRONG.has(thrown.code)) attempts.wrong();
    throw thrown;
  }
};
