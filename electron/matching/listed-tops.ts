import { isListedTop } from './python-url.ts';

/** Longest label that is packed into a number; ten of 38 signs stay below 2^53. */
const MAX_PACKED = 10;
const SIGNS = 38;
const MAX_KNOWN = 10_000;

/** A sign of a label, in any case, as a number from 1 to 37, or 0. */
const PACKED = Uint8Array.from({ length: 256 }, (_, unit) => {
  if (unit >= 97 && unit <= 122) return unit - 96;
  if (unit >= 65 && unit <= 90) return unit - 64;
  if (unit >= 48 && unit <= 57) return unit - 21;
  return unit === 45 ? 37 : 0;
});

/**
 * Top-level labels that are in the public suffix list, by a number that is made of their signs: exact, so that two labels
 * are never taken for one, and without a text for every link. Takes labels of letters in any case, digits and hyphens.
 */
export class ListedTops {
  readonly #known = new Map<number, boolean>();

  /** Whether the label at `from` to `to` of the bytes is listed; a longer one than all that are listed is not. */
  hasBytes(bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from > MAX_PACKED) return isListedTop(textOf(bytes, from, to));
    let label = 0;
    for (let at = from; at < to; at += 1) label = label * SIGNS + (PACKED[bytes[at] ?? 0] ?? 0);
    return this.#known.get(label) ?? this.#learn(label, textOf(bytes, from, to));
  }

  /** The same of a text. */
  hasText(text: string, from: number, to: number): boolean {
    if (to - from > MAX_PACKED) return isListedTop(text.slice(from, to).toLowerCase());
    let label = 0;
    for (let at = from; at < to; at += 1) label = label * SIGNS + (PACKED[text.charCodeAt(at)] ?? 0);
    return this.#known.get(label) ?? this.#learn(label, text.slice(from, to).toLowerCase());
  }

  #learn(label: number, text: string): boolean {
    const listed = isListedTop(text);
    // Hosts come from devices: a file full of invented ones must not fill the memory.
    if (this.#known.size > MAX_KNOWN) this.#known.clear();
    this.#known.set(label, listed);
    return listed;
  }
}

const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
