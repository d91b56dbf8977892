import type { ViewSource, Views } from '../context.ts';
import type { Random } from '../ports/index.ts';

/** Things on show at once; offering one more closes the oldest. */
const MAX_VIEWS = 32;

/** Tokens of 128 random bits for the viewer's own origin; none tells what it stands for. */
export function createViews(random: Random): Views {
  const offered = new Map<string, ViewSource>();
  return {
    offer: (view) => {
      const token = random.bytes(16).toString('hex');
      offered.set(token, view);
      if (offered.size > MAX_VIEWS) {
        const [oldest] = offered;
        if (oldest !== undefined) {
          offered.delete(oldest[0]);
          void oldest[1].close();
        }
      }
      return token;
    },
    find: (token) => offered.get(token) ?? null,
  };
}
