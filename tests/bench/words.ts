/** A seeded generator (mulberry32), so that two runs write the same texts. */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const SYLLABLES = [
  'ca',
  'mi',
  'ño',
  'ta',
  're',
  'lu',
  'són',
  'per',
  'ga',
  'li',
  'dor',
  'cha',
  'ne',
  'bró',
  'ves',
  'ti',
  'quo',
  'zal',
];
export const VOCABULARY = 6_000;

const make = (): string[] => {
  const random = seeded(7);
  const words = new Set<string>();
  while (words.size < VOCABULARY) {
    const length = 2 + Math.floor(random() * 3);
    let word = '';
    for (let i = 0; i < length; i += 1) word += SYLLABLES[Math.floor(random() * SYLLABLES.length)] ?? '';
    words.add(word);
  }
  return [...words];
};
const WORDS = make();

/** The word of a rank: 0 is the most frequent. */
export const wordAt = (rank: number): string => WORDS[rank % WORDS.length] ?? '';

/** A text in which a few words are frequent and most are rare, as in any language (Zipf). */
export const textOf = (random: () => number, count: number): string => {
  const words: string[] = [];
  for (let i = 0; i < count; i += 1) words.push(wordAt(Math.floor(VOCABULARY ** random()) - 1));
  return words.join(' ');
};
