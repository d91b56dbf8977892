import { createHash } from 'node:crypto';
import type { PersonId } from '#shared/model/ids.ts';
import { compactKey } from '#shared/rules/text-folding.ts';
import { createTextMatcher, searchForms, type KnownValue } from '../filings/index.ts';

/** A place in a text that names her, or may. Offsets of the text that was searched. */
export interface Named {
  readonly start: number;
  readonly end: number;
  /** Beyond doubt: replaced without asking. */
  readonly certain: boolean;
}

/** Finds one person in any text. */
export interface HerText {
  /** Places in reading order, none inside another. */
  find(text: string): Named[];
}

const MENTION = /@\[([^\]\n]{0,500})\]\(person:([0-9a-f-]{36})\)/gu;

/** Marks of what somebody typed as a mention: hers, and those of others, whose labels are theirs. */
const mentionsIn = (text: string, id: string): { hers: Named[]; others: Named[] } => {
  const hers: Named[] = [];
  const others: Named[] = [];
  if (!text.includes('](person:')) return { hers, others };
  for (const match of text.matchAll(MENTION)) {
    const start = match.index + 2;
    const end = start + (match[1] ?? '').length;
    if (match[2] === id) hers.push({ start, end, certain: true });
    else others.push({ start, end, certain: false });
  }
  return { hers, others };
};

/** Labels under which she is mentioned in a text: names that nobody entered in her record. */
export const labelsOf = (text: string, id: PersonId): string[] =>
  text.includes(`](person:${id})`)
    ? [...text.matchAll(MENTION)].flatMap((match) => (match[2] === id ? [match[1] ?? ''] : []))
    : [];

/**
 * Builds the search for one person.
 *
 * @param values everything she is known by.
 * @param shared compact keys of what other people are known by as well (a telephone of the house, a namesake): such a
 *   hit may be somebody else, so a person decides.
 */
export const herText = (
  id: PersonId,
  values: readonly KnownValue[],
  shared: ReadonlySet<string>,
): HerText => {
  const matcher = createTextMatcher(searchForms(values));
  return {
    find: (text) => {
      const { hers, others } = mentionsIn(text, id);
      const covered = [...hers, ...others];
      const found = matcher.find(text).filter((match) => match.outcome !== 'warn');
      const free = found
        .filter((match) => !covered.some((one) => match.start < one.end && match.end > one.start))
        .map(({ start, end, outcome, form, reversed }) => ({
          start,
          end,
          // One part of a name may be anybody's; the whole of it, or a number, is hers.
          certain: outcome === 'final' && form.relation !== 'part' && !reversed && !shared.has(form.key),
        }));
      return withoutOverlaps([...hers.filter((one) => one.end > one.start), ...free]);
    },
  };
};

/**
 * Certain places that overlap become one (`Olmedo, Maricela` begins inside the name before it); doubts that touch one
 * of them are settled with it, and of two doubts the longer one is asked about.
 */
const withoutOverlaps = (places: readonly Named[]): Named[] => {
  const kept: Named[] = [];
  const touches = (place: Named): boolean =>
    kept.some((one) => place.start < one.end && place.end > one.start);
  for (const place of places.filter((one) => one.certain).sort((a, b) => a.start - b.start)) {
    const last = kept.at(-1);
    if (last === undefined || place.start >= last.end) kept.push(place);
    else if (place.end > last.end) kept[kept.length - 1] = { ...last, end: place.end };
  }
  const doubts = places.filter((one) => !one.certain);
  for (const place of doubts.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start))
    if (!touches(place)) kept.push(place);
  return kept.sort((a, b) => a.start - b.start);
};

/** What follows the label of a mention of a person; with `@[` before it, all of it is the mention. */
export const MENTION_END = /^\]\(person:[0-9a-f-]{36}\)/u;

/** Puts `word` in the places that `wanted` picks. A mention goes whole: what it led to is not there any more. */
export const replaceIn = (
  text: string,
  places: readonly Named[],
  word: string,
  wanted: (place: Named) => boolean,
): string => {
  let out = '';
  let at = 0;
  for (const place of places) {
    if (!wanted(place)) continue;
    const end = MENTION_END.exec(text.slice(place.end, place.end + 60));
    const whole = end !== null && text.slice(at, place.start).endsWith('@[');
    out += text.slice(at, whole ? place.start - 2 : place.start) + word;
    at = whole ? place.end + end[0].length : place.end;
  }
  return out + text.slice(at);
};

/** Names a place for as long as the text does not change. */
export const placeId = (where: readonly string[], text: string, place: Named): string =>
  createHash('sha256')
    .update(JSON.stringify([...where, place.start, place.end, compactKey(text).length]))
    .update(text)
    .digest('hex')
    .slice(0, 32);

/** A text inside a cell: the cell itself, or a string inside its JSON. */
export interface Leaf {
  readonly path: string;
  readonly text: string;
}

const isContainer = (text: string): boolean => text.startsWith('{') || text.startsWith('[');

const parsed = (text: string): unknown => {
  if (!isContainer(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const walk = (value: unknown, path: string, change: (leaf: Leaf) => string): unknown => {
  if (typeof value === 'string') return change({ path, text: value });
  if (Array.isArray(value)) return value.map((one, at) => walk(one, `${path}/${String(at)}`, change));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, walk(one, `${path}/${key}`, change)]),
    );
  return value;
};

/** Runs over every text of a cell and gives the cell as it then is; a cell that is JSON stays JSON. */
export const mapLeaves = (cell: string, change: (leaf: Leaf) => string): string => {
  const value = parsed(cell);
  if (value === undefined) return change({ path: '', text: cell });
  let changed = false;
  const next = walk(value, '', (leaf) => {
    const text = change(leaf);
    if (text !== leaf.text) changed = true;
    return text;
  });
  // Untouched cells keep their very bytes: their row's hash must not change.
  return changed ? JSON.stringify(next) : cell;
};
