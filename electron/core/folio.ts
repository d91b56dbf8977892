import type { Random } from './ports/index.ts';

/** Letters and digits that nobody confuses when a paper is read aloud. */
const SIGNS = 'ABCDEFGHJKMNPQRTUVWXY346789';
/** The largest multiple of their number that a byte reaches: what lies above would favour the first ones. */
const BOUND = SIGNS.length * Math.floor(256 / SIGNS.length);

const drawn = (random: Random, count: number): string => {
  let signs = '';
  while (signs.length < count) {
    const byte = random.bytes(1)[0] ?? BOUND;
    if (byte < BOUND) signs += SIGNS[byte % SIGNS.length] ?? '';
  }
  return signs;
};

/**
 * The number of one paper: eight signs in two halves, each equally likely. It says nothing of how many papers there
 * are, nor of the year or the case, and is no id of the vault.
 */
export const newFolio = (random: Random): string => `${drawn(random, 4)}-${drawn(random, 4)}`;
