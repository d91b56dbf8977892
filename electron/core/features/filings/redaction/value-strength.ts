import { compactKey, foldWords } from '#shared/rules/text-folding.ts';
import { isCommonName, isCommonWord, isPlaceWord, isSharedPlace, PARTICLES } from './lexicon.ts';

export const VALUE_KINDS = [
  'name',
  'alias',
  'phone',
  'email',
  'handle',
  'plate',
  'address',
  'fileNumber',
  'coordinate',
  'curp',
  'rfc',
  'ine',
  'clabe',
  'url',
  'date',
  'age',
  'place',
  'organisation',
  'id',
  'hash',
  'path',
  'localName',
  'pseudonymKey',
  'text',
] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/**
 * - `strong`: searched in every byte and every decoding; a hit is final.
 * - `middle`: searched at word boundaries in decoded text; a hit blocks until a person has judged it.
 * - `weak`: searched as words in decoded text; each occurrence is listed and judged one by one.
 * - `warn`: initials; shown, never blocks.
 */
export const STRENGTHS = ['warn', 'weak', 'middle', 'strong'] as const;
export type Strength = (typeof STRENGTHS)[number];

export const weaker = (strength: Strength): Strength =>
  STRENGTHS[Math.max(1, STRENGTHS.indexOf(strength) - 1)] ?? 'weak';
export const strongest = (a: Strength, b: Strength): Strength =>
  STRENGTHS.indexOf(a) >= STRENGTHS.indexOf(b) ? a : b;

const IDENTIFIERS: ReadonlySet<ValueKind> = new Set<ValueKind>([
  'phone',
  'email',
  'curp',
  'rfc',
  'ine',
  'clabe',
  'coordinate',
  'id',
  'hash',
  'path',
  'url',
  'pseudonymKey',
]);

/** Strength by length alone: 8 letters or more, or 6 with a digit or `@`, are strong; 5 to 7 middle. */
const byLength = (text: string): Strength => {
  const { length } = compactKey(text);
  if (length >= 8 || (length >= 6 && /[\d@]/.test(text))) return 'strong';
  return length >= 5 ? 'middle' : 'weak';
};

/** Strength of one word of a name, place or alias (folded). */
export const wordStrength = (word: string): Strength => {
  if (PARTICLES.has(word) || isCommonWord(word) || isPlaceWord(word)) return 'weak';
  const strength = byLength(word);
  return isCommonName(word) ? weaker(strength) : strength;
};

/** Words people write where a name is missing; they are not values to search for. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(
  [
    'sin nombre',
    'no identificado',
    'no identificada',
    'no identificados',
    'sin identificar',
    'desconocido',
    'desconocida',
    'anónimo',
    'anónima',
    'se ignora',
    'no quiso decir',
    'no sabe',
    'no se preguntó',
    'nn',
    'n/a',
    'na',
    'unknown',
    'anonymous',
    'no name',
    'ninguno',
    'ninguna',
    'sin datos',
    'sin dato',
    'testigo',
    'persona',
    'reservado',
    'reservada',
    'lugar de refugio',
    'refugio',
  ].map(compactKey),
);

/** Whether a name or alias stands for "no name known". */
export const isPlaceholder = (text: string): boolean => {
  const key = compactKey(text);
  return key.length < 2 || PLACEHOLDERS.has(key);
};

/**
 * Strength of a value as a whole.
 *
 * Identifiers are always strong. A name or place of several words is as strong as its length says, unless
 * all of its words are words of the language and none is a name (`la vecina de la loma`): then it blocks
 * but may be judged.
 */
export const strengthOf = (kind: ValueKind, text: string): Strength => {
  if (IDENTIFIERS.has(kind)) return compactKey(text).length >= 4 ? 'strong' : 'weak';
  if (kind === 'age' || kind === 'date') return 'weak';
  if (kind === 'place' && isSharedPlace(text)) return 'weak';
  const words = foldWords(text);
  if (kind === 'fileNumber' || kind === 'plate' || kind === 'handle') {
    const strength = byLength(kind === 'handle' ? `@${text}` : text);
    return words.length === 1 && /^\p{L}+$/u.test(words[0] ?? '') && isCommonWord(words[0] ?? '')
      ? 'weak'
      : strength;
  }
  const bearing = words.filter((word) => !PARTICLES.has(word) && word.length > 1);
  if (bearing.length <= 1) {
    const word = bearing[0] ?? words[0] ?? '';
    // `don Beni` is more than `Beni`: the whole is searched as a phrase.
    return words.length > 1
      ? strongest(wordStrength(word), byLength(text) === 'weak' ? 'weak' : 'middle')
      : wordStrength(word);
  }
  if (bearing.every((word) => isCommonWord(word) && !isCommonName(word) && !isPlaceWord(word))) {
    return bearing.length >= 3 || compactKey(text).length >= 12 || kind === 'place' ? 'middle' : 'weak';
  }
  return byLength(text);
};
