/**
 * Finds many byte strings in a stream of any length in one pass. Every pattern's four-byte grams are
 * remembered; the stream is sampled so far apart that no pattern can lie between two samples, and only where
 * a sample is a known gram are the patterns compared. Time hardly grows with the number of patterns.
 */
export interface BytePattern {
  readonly bytes: Uint8Array;
  /** Compare ASCII letters without regard to case. */
  readonly anyCase: boolean;
}

export interface ByteScanner {
  readonly count: number;
  /** Length of the longest pattern: how much of a chunk must be repeated before the next one. */
  readonly longest: number;
  /** Calls `onMatch(pattern, offset)` for each occurrence in `bytes`. */
  scan(bytes: Uint8Array, onMatch: (pattern: number, offset: number) => void): void;
}

const GRAM = 4;
export const SHORTEST_PATTERN = 6;
const BITS = 24;

const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

/** Builds a scanner. Patterns shorter than six bytes are refused: they would hit by chance. */
export const byteScanner = (patterns: readonly BytePattern[]): ByteScanner => {
  let shortest = 64;
  let longest = 0;
  for (const { bytes } of patterns) {
    if (bytes.length < SHORTEST_PATTERN) throw new RangeError('pattern too short');
    shortest = Math.min(shortest, bytes.length);
    longest = Math.max(longest, bytes.length);
  }
  const step = shortest - GRAM + 1;
  const filter = new Uint32Array(1 << (BITS - 5));
  const buckets = new Map<number, number[]>();
  patterns.forEach(({ bytes }, pattern) => {
    for (let offset = 0; offset < step; offset += 1) {
      const gram = gramAt(bytes, offset);
      const slot = Math.imul(gram, 0x9e3779b1) >>> (32 - BITS);
      filter[slot >>> 5] = (filter[slot >>> 5] ?? 0) | (1 << (slot & 31));
      const bucket = buckets.get(gram);
      // Pattern and offset in one number: offsets are below 64.
      if (bucket === undefined) buckets.set(gram, [pattern * 64 + offset]);
      else bucket.push(pattern * 64 + offset);
    }
  });
  return {
    count: patterns.length,
    longest,
    scan(bytes, onMatch) {
      if (patterns.length === 0) return;
      const end = bytes.length - GRAM;
      for (let at = 0; at <= end; at += step) {
        const gram =
          (LOWER[bytes[at] as number] as number) |
          ((LOWER[bytes[at + 1] as number] as number) << 8) |
          ((LOWER[bytes[at + 2] as number] as number) << 16) |
          ((LOWER[bytes[at + 3] as number] as number) << 24);
        const slot = Math.imul(gram, 0x9e3779b1) >>> (32 - BITS);
        if (((filter[slot >>> 5] as number) & (1 << (slot & 31))) === 0) continue;
        const bucket = buckets.get(gram);
        if (bucket === undefined) continue;
        for (const packed of bucket) {
          const pattern = Math.floor(packed / 64);
          const start = at - (packed % 64);
          const wanted = patterns[pattern];
          if (wanted !== undefined && matches(bytes, start, wanted)) onMatch(pattern, start);
        }
      }
    },
  };
};

const gramAt = (bytes: Uint8Array, offset: number): number => {
  let gram = 0;
  for (let at = 0; at < GRAM; at += 1) gram |= (LOWER[bytes[offset + at] ?? 0] ?? 0) << (8 * at);
  return gram;
};

const matches = (bytes: Uint8Array, start: number, { bytes: wanted, anyCase }: BytePattern): boolean => {
  if (start < 0 || start + wanted.length > bytes.length) return false;
  for (let at = 0; at < wanted.length; at += 1) {
    const byte = bytes[start + at] ?? 0;
    const other = wanted[at] ?? 0;
    if (byte !== other && !(anyCase && LOWER[byte] === LOWER[other])) return false;
  }
  return true;
};
