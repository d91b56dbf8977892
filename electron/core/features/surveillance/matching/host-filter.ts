/**
 * A quick no. Most links of a phone match nothing; this looks at the ends of a host without making a string of
 * any of them, and says for which a real look-up is worth its time. It errs only towards yes.
 */
const BITS = 18;
const MASK = (1 << BITS) - 1;

export class HostFilter {
  readonly #bits = new Uint8Array(1 << BITS);

  constructor(hosts: Iterable<string>) {
    for (const host of hosts) this.#bits[hashBackwards(host, 0, host.length)] = 1;
  }

  /** Hash of `url[from..to)` read from its end may be one of the hosts. */
  mayHold(hash: number): boolean {
    return this.#bits[hash & MASK] === 1;
  }
}

/** One step of the hash; text is taken unit by unit from its end, so every end of a host is a prefix of the work. */
export const hashStep = (hash: number, unit: number): number => (Math.imul(hash, 31) + unit) | 0;

function hashBackwards(text: string, from: number, to: number): number {
  let hash = 0;
  for (let at = to - 1; at >= from; at -= 1) hash = hashStep(hash, text.charCodeAt(at));
  return hash & MASK;
}
