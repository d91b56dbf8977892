/** One piece of what a person typed into the search box. */
interface Term {
  readonly words: string;
  readonly phrase: boolean;
  readonly exclude: boolean;
}

const TERM = /(-?)"([^"]*)"|(-?)([^\s"]+)/gu;

/** FTS5 takes a string between double quotes as words in order; a quote inside is doubled. */
const quoted = (words: string): string => `"${words.replaceAll('"', '""')}"`;

const hasWordCharacter = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

/**
 * Turns the search box into an FTS5 query: every word is also a beginning, `"..."` is a phrase, `-word`
 * excludes. Whatever else people type is taken as words, never as query language.
 *
 * @returns null where nothing is left to look for.
 */
export function ftsQuery(typed: string): string | null {
  const terms: Term[] = [];
  for (const match of typed.matchAll(TERM)) {
    const phrase = match[2] !== undefined;
    const words = match[2] ?? match[4] ?? '';
    const exclude = (match[1] ?? match[3]) === '-';
    if (hasWordCharacter(words)) terms.push({ words, phrase, exclude });
  }
  const wanted = terms
    .filter((term) => !term.exclude)
    .map((term) => (term.phrase ? quoted(term.words) : `${quoted(term.words)}*`));
  if (wanted.length === 0) return null;
  const unwanted = terms.filter((term) => term.exclude).map((term) => quoted(term.words));
  const all = wanted.join(' AND ');
  return unwanted.length === 0 ? all : `(${all}) NOT (${unwanted.join(' OR ')})`;
}
