import type { Grant } from '#shared/contract/engine-wire.ts';
import { AppError } from '#shared/errors.ts';
import type { Grants } from '../context.ts';

/** Grants kept at once; the oldest are forgotten, so that a long session cannot grow without bound. */
const MAX_GRANTS = 5_000;

/** The table from opaque ids to what a person chose. It lives as long as the engine: lock empties it. */
export function createGrants(): Grants {
  const known = new Map<string, Grant>();
  return {
    add: (grant) => {
      known.delete(grant.id);
      known.set(grant.id, grant);
      if (known.size > MAX_GRANTS) {
        const [oldest] = known.keys();
        if (oldest !== undefined) known.delete(oldest);
      }
    },
    need: (id) => {
      const grant = known.get(id);
      if (grant === undefined) throw new AppError('evidence.targetUnknown');
      return grant;
    },
  };
}
