import type { Grant } from '#shared/contract/engine-wire.ts';
import { AppError } from '#shared/errors.ts';
import type { Grants } from '../context.ts';

/** Grants kept at once; the oldest are forgotten, so that a long session cannot grow without bound. */
const MAX_GRANTS = 5_000;
/** Bytes of pasted or dragged content that wait to be taken in; they are somebody's evidence, in clear. */
const MAX_HELD_BYTES = 256 * 1024 * 1024;

const heldBytes = (grant: Grant): number => (grant.kind === 'bytes' ? grant.bytes.length : 0);

/** The table from opaque ids to what a person chose. It lives as long as the engine: lock empties it. */
export function createGrants(): Grants {
  const known = new Map<string, Grant>();
  let held = 0;
  const forget = (id: string): void => {
    const grant = known.get(id);
    if (grant === undefined) return;
    held -= heldBytes(grant);
    known.delete(id);
  };
  return {
    add: (grant) => {
      forget(grant.id);
      known.set(grant.id, grant);
      held += heldBytes(grant);
      for (const [id, old] of known) {
        if (known.size > MAX_GRANTS) forget(id);
        else if (held <= MAX_HELD_BYTES) break;
        // The newest stays even where it alone is too much: whoever sent it was measured before.
        else if (id !== grant.id && heldBytes(old) > 0) forget(id);
      }
    },
    need: (id) => {
      const grant = known.get(id);
      if (grant === undefined) throw new AppError('evidence.targetUnknown');
      return grant;
    },
  };
}
