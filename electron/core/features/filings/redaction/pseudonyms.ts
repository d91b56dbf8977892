import type { Random } from '../../../ports/index.ts';

const ALPHABET = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');

/** A uniform number below `limit` (at most 65,536) without modulo bias. */
const below = (random: Random, limit: number): number => {
  const ceiling = 65_536 - (65_536 % limit);
  for (;;) {
    const value = random.bytes(2).readUInt16BE(0);
    if (value < ceiling) return value % limit;
  }
};

/**
 * A letter for one more person of a role inside one series, at random among the free ones, so that order
 * of entry and alphabet tell nothing. After `Z` come two-letter codes. Letters are kept in the vault; two
 * recipients' series draw apart and so do not agree except by chance.
 *
 * @param taken letters of that role already given in this series.
 */
export const drawLetter = (random: Random, taken: ReadonlySet<string>): string => {
  const single = ALPHABET.filter((letter) => !taken.has(letter));
  if (single.length > 0) return single[below(random, single.length)] ?? 'A';
  const double = ALPHABET.flatMap((first) => ALPHABET.map((second) => first + second)).filter(
    (letter) => !taken.has(letter),
  );
  if (double.length === 0) throw new RangeError('no free letter');
  return double[below(random, double.length)] ?? 'AA';
};

/** A random order of `0 .. count - 1` (Fisher and Yates). */
export const shuffledOrder = (random: Random, count: number): number[] => {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let at = count - 1; at > 0; at -= 1) {
    const other = below(random, at + 1);
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
  return order;
};

/**
 * Role words of a pseudonym: what the person is in the case, in the most protective reading when several
 * roles apply. Never initials.
 */
export const ROLE_CODES = [
  'witness',
  'source',
  'child',
  'defender',
  'journalist',
  'relative',
  'representative',
  'alleged',
  'group',
  'person',
] as const;
export type RoleCode = (typeof ROLE_CODES)[number];

/** Toward State bodies a role would tell that a witness or a source exists: everybody is a person there. */
export const roleCodeFor = (
  roles: readonly string[],
  options: { readonly minor: boolean; readonly group: boolean; readonly plainRoles: boolean },
): RoleCode => {
  if (options.group) return 'group';
  const sensitive = roles.includes('witness') || roles.includes('source');
  if (options.plainRoles && (sensitive || options.minor)) return 'person';
  if (roles.includes('witness')) return 'witness';
  if (roles.includes('source')) return 'source';
  if (options.minor) return 'child';
  if (roles.includes('defender')) return 'defender';
  if (roles.includes('journalist')) return 'journalist';
  if (roles.includes('relative')) return 'relative';
  if (roles.includes('representative') || roles.includes('staff')) return 'representative';
  if (roles.includes('allegedPerpetrator')) return 'alleged';
  return 'person';
};
