import { withoutEnd } from '../trim-ends.ts';
import { asList, members, type Observed } from './rule.ts';

/** Spaces of Python's regular expressions, which are not those of JavaScript. */
const LINK =
  // eslint-disable-next-line no-control-regex -- the separators U+001C to U+001F are spaces in Python
  /https?:\/\/[^\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/giu;

/** Links in a text as the reference finds them: a scheme, then everything up to the next space. */
export const linksIn = (text: unknown): string[] =>
  typeof text === 'string' && /http/iu.test(text) ? [...text.matchAll(LINK)].map(([link]) => link) : [];

/** Marks that close a sentence or a quotation and are not part of a link that stands before them. */
const TRAILING = '\t\n\r "\'<>.,;:!?)]}»”’*_';
/** Links with a scheme, in clear or made harmless, and bare hosts with a top-level label of letters. */
const LOOSE =
  /(?:h(?:tt|xx|\*\*|__)ps?|ftp)(?::|\[:\])\/{2}[^\s"'<>]+|\b(?:[a-z0-9](?:[a-z0-9-]{0,62})(?:\.|\[\.\]|\(\.\))){1,10}[a-z]{2,24}\b(?:\/[^\s"'<>]*)?/giu;
const MAX_LOOSE_CHARS = 65_536;
const MAX_LOOSE_LINKS = 256;

/** What a person would take for a link in a text, bounded in time and number. */
export const looseLinks = (field: string, text: unknown): Observed[] => {
  if (typeof text !== 'string' || !text.includes('.')) return [];
  const found: Observed[] = [];
  for (const [link] of text.slice(0, MAX_LOOSE_CHARS).matchAll(LOOSE)) {
    found.push({ field, value: withoutEnd(link, TRAILING) });
    if (found.length === MAX_LOOSE_LINKS) break;
  }
  return found;
};

/** Members of a list of links, and what the texts beside it hold. */
export const listedLinks = (key: string, list: unknown): Observed[] => members(key, asList(list));
