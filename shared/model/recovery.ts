/** Words in a written-down secret of 32 bytes: 256 bits and 8 bits of checksum, 11 bits a word. */
export const RECOVERY_WORDS = 24;
/** Words on one page of a shared secret: 44 bytes, 11 bits a word. */
export const SHARE_WORDS = 32;
/** How many of the words are asked for by their number before they are typed whole. */
export const ASKED_WORDS = 6;
/** Most pages of one set; a slot is for the few people of an organisation. */
export const MAX_SHARES = 16;

/**
 * Pages of one set are printed on, or marked with, one colour, which comes from the random id of the set: it tells
 * two sets in one drawer apart and says nothing else.
 */
export const SHARE_COLOURS = [
  'red',
  'orange',
  'yellow',
  'lime',
  'green',
  'teal',
  'blue',
  'indigo',
  'violet',
  'pink',
  'brown',
  'grey',
] as const;
export type ShareColour = (typeof SHARE_COLOURS)[number];
