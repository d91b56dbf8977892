/**
 * A quick no. Most links of a phone match nothing; this looks at the ends of a host without making a string of
 * any of them, and says for which a real look-up is worth its time. It errs only towards yes.
 *
 * Two tables of bits, each asked by another part of the same hash: with a few thousand hosts one of them alone says yes
 * by chance to one end in a hundred, and every such yes costs as much as ten links; both together to one in ten
 * thousand. They are small enough to stay in the processor's nearest memory.
 */
const BITS = 18;
const MASK = (1 << BITS) - 1;
const SPREAD = 0x9e3779b1;

export class HostFilter {
  readonly #first = new Int32Array(1 << (BITS - 5));
  readonly #second = new Int32Array(1 << (BITS - 5));

  constructor(hosts: Iterable<string>) {
    for (const host of hosts) {
      const hash = hashBackwards(host);
      set(this.#first, hash & MASK);
      set(this.#second, Math.imul(hash, SPREAD) >>> (32 - BITS));
    }
  }

  /** `hash`: of the end of a host, read from its last unit to its first; whether it may be one of the hosts. */
  mayHold(hash: number): boolean {
    if (((this.#first[(hash & MASK) >>> 5] ?? 0) & (1 << hash)) === 0) return false;
    const spread = Math.imul(hash, SPREAD) >>> (32 - BITS);
    return ((this.#second[spread >>> 5] ?? 0) & (1 << spread)) !== 0;
  }
}

/** Shifting takes the lowest five bits alone. */
function set(table: Int32Array, bit: number): void {
  table[bit >>> 5] = (table[bit >>> 5] ?? 0) | (1 << bit);
}

/** One step of the hash; text is taken unit by unit from its end, so every end of a host is a prefix of the work. */
export const hashStep = (hash: number, unit: number): number => (Math.imul(hash, 31) + unit) | 0;

function hashBackwards(text: string): number {
  let hash = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) hash = hashStep(hash, text.charCodeAt(at));
  return hash;
}
