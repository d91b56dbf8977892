/**
 * Ids of the vault must not leave in any form: a record id tells the minute in which the record was made and
 * joins every export that holds it. Any UUID is refused unless this package itself made it.
 */
export interface IdSearch {
  /** Ids as 32 lower-case hex digits. */
  readonly known: ReadonlySet<string>;
  /** First twelve digits of each. */
  readonly heads: ReadonlySet<string>;
  /** UUIDs of this package, as 32 hex digits. */
  readonly allowed: ReadonlySet<string>;
}

export interface IdMatch {
  readonly start: number;
  readonly end: number;
  readonly hex: string;
  readonly how: 'uuid' | 'id' | 'start of id';
}

export const idSearch = (ids: Iterable<string>, allowed: Iterable<string> = []): IdSearch => {
  const known = new Set<string>();
  const heads = new Set<string>();
  for (const id of ids) {
    const hex = id.replace(/-/g, '').toLowerCase();
    if (!/^[0-9a-f]{32}$/.test(hex)) continue;
    known.add(hex);
    heads.add(hex.slice(0, 12));
  }
  return { known, heads, allowed: new Set([...allowed].map((id) => id.replace(/-/g, '').toLowerCase())) };
};

const UUID = /(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])/gi;
/** Hex digits, possibly in groups; hyphens and spaces do not hide an id. */
const HEX_TOKEN = /[0-9a-f](?:[ -]?[0-9a-f]){11,}/gi;

/** Ids and UUIDs in a text. */
export const findIds = (text: string, search: IdSearch): IdMatch[] => {
  const found: IdMatch[] = [];
  for (const match of text.matchAll(UUID)) {
    const hex = match[0].replace(/-/g, '').toLowerCase();
    if (!search.allowed.has(hex))
      found.push({ start: match.index, end: match.index + match[0].length, hex, how: 'uuid' });
  }
  if (search.heads.size === 0) return found;
  for (const match of text.matchAll(HEX_TOKEN)) {
    const offsets: number[] = [];
    let hex = '';
    for (let at = 0; at < match[0].length; at += 1) {
      const letter = match[0].charAt(at).toLowerCase();
      if (letter === ' ' || letter === '-') continue;
      offsets.push(at);
      hex += letter;
    }
    for (let at = 0; at + 12 <= hex.length; at += 1) {
      const head = hex.slice(at, at + 12);
      if (!search.heads.has(head)) continue;
      const whole = search.known.has(hex.slice(at, at + 32));
      const start = match.index + (offsets[at] ?? 0);
      const end = match.index + (offsets[Math.min(offsets.length, at + (whole ? 32 : 12)) - 1] ?? 0) + 1;
      if (!found.some((other) => other.start <= start && other.end >= end)) {
        found.push({ start, end, hex: head, how: whole ? 'id' : 'start of id' });
      }
    }
  }
  return found;
};

/** Time-ordered ids as sixteen bytes inside a binary; offsets. */
export const findIdBytes = (bytes: Uint8Array, search: IdSearch): number[] => {
  if (search.known.size === 0) return [];
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: number[] = [];
  // Times of this century begin with 01; version and variant narrow the rest before the set is asked.
  for (let at = buffer.indexOf(1); at >= 0 && at + 16 <= buffer.length; at = buffer.indexOf(1, at + 1)) {
    if (((buffer[at + 6] ?? 0) & 0xf0) !== 0x70 || ((buffer[at + 8] ?? 0) & 0xc0) !== 0x80) continue;
    if (search.known.has(buffer.toString('hex', at, at + 16))) found.push(at);
  }
  return found;
};
