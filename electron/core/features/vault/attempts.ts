import { AppError } from '#shared/errors.ts';
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
