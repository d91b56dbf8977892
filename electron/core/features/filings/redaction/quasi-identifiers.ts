import { foldKey, foldText } from '#shared/rules/text-folding.ts';

/** Things about one person that this filing (or an earlier one to the same audience) would say. */
export interface PersonAttributes {
  readonly ref: string;
  readonly municipality: string | null;
  readonly occupation: string | null;
  readonly date: string | null;
  readonly group: string | null;
  /** Size of the group, where known: a group of nine hides nobody. */
  readonly groupSize: number | null;
  readonly age: string | null;
  /** Filings that say it; the union is what counts. */
  readonly sources: readonly string[];
}

export interface QuasiFlag {
  readonly ref: string;
  readonly fields: readonly ('municipality' | 'occupation' | 'date' | 'group' | 'age')[];
  readonly onlyInUnion: boolean;
}

/** Fewer people than this behind a combination single somebody out. */
export const SMALL_GROUP = 5;
const FIELDS = ['municipality', 'occupation', 'date', 'group', 'age'] as const;

const key = (value: string | null): string | null =>
  value === null || value.trim() === '' ? null : foldKey(value);

/**
 * Combinations of two or more traits that no other person of the population shares, where the place is
 * named or the group is small. `population` is everybody the vault knows with the same kind of trait.
 */
export const quasiIdentifiers = (
  people: readonly PersonAttributes[],
  population: readonly PersonAttributes[] = people,
): QuasiFlag[] => {
  const flags: QuasiFlag[] = [];
  for (const person of people) {
    const present = FIELDS.filter((field) => key(person[field]) !== null);
    const small = person.groupSize !== null && person.groupSize < SMALL_GROUP * 4;
    const combined = present.filter((field) => field !== 'group' || small);
    if (combined.length < 2) continue;
    if (!combined.includes('municipality') && !combined.includes('group')) continue;
    const alike = population.filter(
      (other) =>
        other.ref !== person.ref && combined.every((field) => key(other[field]) === key(person[field])),
    );
    if (alike.length + 1 >= SMALL_GROUP) continue;
    flags.push({ ref: person.ref, fields: combined, onlyInUnion: person.sources.length > 1 });
  }
  return flags;
};

/** What each audience would know about each person when all filings that reach it are laid side by side. */
export const unionAttributes = (filings: readonly (readonly PersonAttributes[])[]): PersonAttributes[] => {
  const union = new Map<string, PersonAttributes>();
  for (const person of filings.flat()) {
    const known = union.get(person.ref);
    if (known === undefined) {
      union.set(person.ref, person);
      continue;
    }
    union.set(person.ref, {
      ref: person.ref,
      municipality: known.municipality ?? person.municipality,
      occupation: known.occupation ?? person.occupation,
      date: known.date ?? person.date,
      group: known.group ?? person.group,
      groupSize: known.groupSize ?? person.groupSize,
      age: known.age ?? person.age,
      sources: [...new Set([...known.sources, ...person.sources])],
    });
  }
  return [...union.values()];
};

const SINGLES = /(?<![\p{L}])(?:unic[oa]s?|only)(?: \p{L}+){1,3}/gu;

/** Phrases that single somebody out by themselves: `única médica de ...`. Offsets are of the given text. */
export const singlingPhrases = (text: string): { start: number; end: number; text: string }[] => {
  const folded = foldText(text);
  return [...folded.text.matchAll(SINGLES)].map((match) => {
    const start = folded.starts[match.index] ?? 0;
    const end = folded.ends[match.index + match[0].length - 1] ?? start;
    return { start, end, text: text.slice(start, end) };
  });
};
