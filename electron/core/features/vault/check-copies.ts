import { z } from 'zod';
import { nodeSha256Stream } from '../../crypto/node-sha256.ts';
import type { Reader } from '../../db/index.ts';
import { copyAfter, type CheckedCopy } from './check-repo.ts';

const signedPayload = z.object({ frozenSha256: z.string() });

/** The hash that the journal signed when the delivery left; null where the entry's payload was emptied since. */
const signedHash = (payload: Buffer | null): string | null => {
  if (payload === null) return null;
  try {
    return signedPayload.parse(JSON.parse(payload.toString('utf8'))).frozenSha256;
  } catch {
    // The entry of a delivery always says it. One that does not was written by something else.
    return '';
  }
};

const hashOf = (bytes: Buffer): string => {
  const hash = nodeSha256Stream();
  hash.update(bytes);
  return hash.digest().toString('hex');
};

const holds = ({ frozen, erased, payload }: CheckedCopy): boolean => {
  if (frozen === null) return false;
  // An erased copy has no bytes left; one that has some again came back out of an old page.
  if (erased === 1) return frozen.length === 0;
  const signed = signedHash(payload);
  return signed === null ? frozen.length > 0 : hashOf(frozen) === signed;
};

/**
 * Compares the copy that was kept of each delivery with the hash in its signed journal entry. The table of copies is
 * not audited row by row, so nothing else would notice a copy that was exchanged. Where an erasure emptied the payload
 * of that entry, the hash went with it: then only that there is a copy can be said.
 *
 * @returns one delivery at a time: its id where the copy is missing or another one, else null.
 */
export function* alteredCopies(db: Reader): Generator<string | null, void, undefined> {
  for (let last = ''; ;) {
    const copy = copyAfter(db, last);
    if (copy === null) return;
    last = copy.id;
    yield holds(copy) ? null : copy.id;
  }
}
