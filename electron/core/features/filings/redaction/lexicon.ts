import { foldKey } from '#shared/rules/text-folding.ts';
import data from '#resources/lexicon/es.json' with { type: 'json' };

/**
 * What Spanish prose of this work is full of anyway: common words, the commonest names, places whose name
 * is also a surname. A search value made of such words is weaker, because most of its occurrences mean
 * something else; it is listed for a person rather than allowed to stop every filing.
 */
const split = (words: string): ReadonlySet<string> => new Set(words.split(' '));

const WORDS = split(data.words);
const GIVEN_NAMES = split(data.givenNames);
const SURNAMES = split(data.surnames);
const OFFICIAL = split(data.official);
const STATES: ReadonlySet<string> = new Set(data.states);
const MUNICIPALITIES: ReadonlySet<string> = new Set(data.municipalities);
export const LEXICON_VERSION: number = data.version;

/** Particles inside names and places: never searched alone. */
export const PARTICLES: ReadonlySet<string> = new Set([
  'a',
  'al',
  'da',
  'de',
  'del',
  'do',
  'don',
  'dona',
  'dos',
  'e',
  'el',
  'la',
  'las',
  'lo',
  'los',
  'san',
  'santa',
  'van',
  'von',
  'y',
]);

const PLACE_WORDS: ReadonlySet<string> = new Set(
  [...data.states, ...data.municipalities]
    .flatMap((place) => place.split(' '))
    .filter((word) => !PARTICLES.has(word)),
);

/** A word of the language (folded), whatever else it may be. */
export const isCommonWord = (word: string): boolean => WORDS.has(word) || PARTICLES.has(word);
/** One of the commonest given names or surnames (folded). */
export const isCommonName = (word: string): boolean => GIVEN_NAMES.has(word) || SURNAMES.has(word);
export const isGivenName = (word: string): boolean => GIVEN_NAMES.has(word);
/** Part of the name of a state or of a municipality that shares its name with others (folded). */
export const isPlaceWord = (word: string): boolean => PLACE_WORDS.has(word);
/** The whole name (any spelling) of a state or widely shared municipality. */
export const isSharedPlace = (place: string): boolean =>
  STATES.has(foldKey(place)) || MUNICIPALITIES.has(foldKey(place));
/** A word written with a capital in official prose: Comisión, Artículo, Enero. Folded. */
export const isOfficialWord = (word: string): boolean => OFFICIAL.has(word);
export const isState = (place: string): boolean => STATES.has(foldKey(place));
