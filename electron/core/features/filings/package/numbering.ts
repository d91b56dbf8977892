import type { Random } from '../../../ports/index.ts';

/** Numbers of one kind of thing in one package; the table stays in the disclosure ledger. */
export interface Numbering {
  /** 1 up to the number of things. Throws a `RangeError` for an id that was not given. */
  numberOf(id: string): number;
  /** For the ledger: vault id to number. */
  readonly table: ReadonlyMap<string, number>;
}

/** An unbiased number below `bound` from the random port. */
const below = (random: Random, bound: number): number => {
  const limit = Math.floor(0x1_0000_0000 / bound) * bound;
  for (;;) {
    const value = random.bytes(4).readUInt32LE(0);
    if (value < limit) return value % bound;
  }
};

/** The items in a random order (Fisher-Yates, unbiased). */
export const shuffled = <T>(items: readonly T[], random: Random): T[] => {
  const out = [...items];
  for (let at = out.length - 1; at > 0; at -= 1) {
    const other = below(random, at + 1);
    const held = out[at] as T;
    out[at] = out[other] as T;
    out[other] = held;
  }
  return out;
};

/**
 * Gives each id of the vault a number from 1, in an order made for this package alone: vault ids begin with
 * the minute of creation and are the same in every export, so they never leave.
 */
export const numberShuffled = (ids: readonly string[], random: Random): Numbering => {
  const table = new Map<string, number>();
  // Sorted first, so that the order in which the database gave the rows has no part in the result.
  const unique = [...new Set(ids)].sort((a, b) => (a < b ? -1 : 1));
  shuffled(unique, random).forEach((id, at) => table.set(id, at + 1));
  return {
    table,
    numberOf: (id) => {
      const number = table.get(id);
      if (number === undefined) throw new RangeError('id without a number');
      return number;
    },
  };
};
