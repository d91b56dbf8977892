import { compactText, foldText, isWordCharacter } from '#shared/rules/text-folding.ts';
import { isCommonName, isCommonWord, isPlaceWord, isState } from './lexicon.ts';
import { multiPattern } from '../../../text/multi-pattern.ts';
import type { SearchForm } from './search-forms.ts';

/**
 * - `final`: certain; nobody may wave it through.
 * - `blocks`: stops until a person has judged it.
 * - `listed`: shown for judgement.
 * - `warn`: shown only.
 */
export type Outcome = 'final' | 'blocks' | 'listed' | 'warn';

export interface TextMatch {
  readonly form: SearchForm;
  /** Offsets in the text that was searched. */
  readonly start: number;
  readonly end: number;
  readonly outcome: Outcome;
  /** For `listed`: the place reads like another meaning of the word (`la paz de la comunidad`). */
  readonly otherMeaning: boolean;
  readonly reversed: boolean;
}

export interface TextMatcher {
  readonly forms: readonly SearchForm[];
  find(text: string): TextMatch[];
}

/** How a match lies in the text: whole words, and where it is broken by spaces or punctuation. */
interface Lie {
  readonly aligned: boolean;
  readonly pieces: readonly number[];
}

/**
 * Builds the search over forms. It looks at letters and digits only, and then decides by strength and by
 * how the match lies in the text whether it counts.
 */
export const createTextMatcher = (forms: readonly SearchForm[]): TextMatcher => {
  const entries: { form: SearchForm; reversed: boolean }[] = forms.map((form) => ({ form, reversed: false }));
  for (const form of forms) {
    // Text stored in visual order of a right-to-left run stands backwards.
    if (form.strength === 'strong' && form.key.length >= 8) entries.push({ form, reversed: true });
  }
  const patterns = multiPattern(
    entries.map(({ form, reversed }) => (reversed ? [...form.key].reverse().join('') : form.key)),
  );
  return {
    forms,
    find(text) {
      const folded = foldText(text);
      const compact = compactText(folded);
      const found: TextMatch[] = [];
      patterns.scan(compact.text, (pattern, end) => {
        const entry = entries[pattern];
        if (entry === undefined) return;
        const from = end - entry.form.key.length;
        const first = compact.folded[from] ?? 0;
        const last = compact.folded[end - 1] ?? 0;
        const start = compact.starts[from] ?? 0;
        const stop = compact.ends[end - 1] ?? 0;
        const lie = lieOf(folded.text, first, last, text, start, stop);
        const outcome = outcomeOf(entry.form, lie, entry.reversed);
        if (outcome === null) return;
        found.push({
          form: entry.form,
          start,
          end: stop,
          outcome,
          otherMeaning:
            outcome === 'listed' && readsAsOtherMeaning(entry.form, text, start, stop, folded.text, first),
          reversed: entry.reversed,
        });
      });
      return withoutCovered(found);
    },
  };
};

const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57;

const boundary = (folded: string, before: number, after: number): boolean => {
  if (!isWordCharacter(folded, before) || !isWordCharacter(folded, after)) return true;
  return isDigit(folded.charCodeAt(before)) !== isDigit(folded.charCodeAt(after));
};

const UPPER = /^\p{Lu}/u;
const LOWER = /\p{Ll}$/u;
/** `audioRosario`, `RosarioAudio`: a border inside a file name or handle that case alone shows. */
const camel = (text: string, at: number): boolean =>
  at > 0 && LOWER.test(text.slice(Math.max(0, at - 1), at)) && UPPER.test(text.slice(at, at + 2));

const lieOf = (
  folded: string,
  first: number,
  last: number,
  text: string,
  start: number,
  end: number,
): Lie => {
  const pieces: number[] = [];
  let piece = 0;
  for (let at = first; at <= last; at += 1) {
    if (isWordCharacter(folded, at)) piece += 1;
    else if (piece > 0) {
      pieces.push(piece);
      piece = 0;
    }
  }
  pieces.push(piece);
  const startsWord = boundary(folded, first - 1, first) || camel(text, start);
  const endsWord = boundary(folded, last, last + 1) || camel(text, end);
  return { aligned: startsWord && endsWord, pieces };
};

/** Broken only where the value itself has word borders (or fewer), or spelled letter by letter. */
const brokenAsExpected = (pieces: readonly number[], words: readonly number[]): boolean => {
  if (pieces.length === 1) return true;
  if (pieces.length >= 3 && pieces.every((piece) => piece === 1)) return true;
  const borders = new Set<number>();
  let at = 0;
  for (const word of words) borders.add((at += word));
  let seen = 0;
  return pieces.every((piece) => borders.has((seen += piece)));
};

const outcomeOf = (form: SearchForm, lie: Lie, reversed: boolean): Outcome | null => {
  switch (form.strength) {
    case 'strong':
      if (reversed) return lie.aligned ? 'blocks' : null;
      // Inside one unbroken run of letters, or on whole words: certain. `tomar Isela` is for a person.
      if (lie.pieces.length === 1 || lie.aligned) return 'final';
      return /^\d+$/.test(form.key) ? 'final' : 'blocks';
    case 'middle':
      if (!lie.aligned) return null;
      return /^\d+$/.test(form.key) || brokenAsExpected(lie.pieces, form.words) ? 'blocks' : 'listed';
    case 'weak':
      return lie.aligned && brokenAsExpected(lie.pieces, form.words) ? 'listed' : null;
    case 'warn':
      return lie.aligned && lie.pieces.length === 1 ? 'warn' : null;
  }
};

/**
 * A dictionary word written small, or the name of a state after `estado de`: said to the person who
 * judges, so that sixty harmless places can be closed at once; still listed.
 */
const readsAsOtherMeaning = (
  form: SearchForm,
  text: string,
  start: number,
  end: number,
  folded: string,
  first: number,
): boolean => {
  const written = text.slice(start, end);
  const word = form.key;
  if (!UPPER.test(written) && (isCommonWord(word) || isPlaceWord(word))) return true;
  if (form.kind === 'date' || form.kind === 'age') return false;
  if (!isCommonName(word) && !isPlaceWord(word) && !isCommonWord(word)) return false;
  const before = folded.slice(Math.max(0, first - 30), first);
  return (
    isState(written) &&
    /\b(?:estado(?: libre y soberano)? de|gobierno de|congreso de|entidad de) $/.test(before)
  );
};

/** Drops matches that lie inside a match at least as serious: the full name says it all. */
const withoutCovered = (found: readonly TextMatch[]): TextMatch[] => {
  const rank = { warn: 0, listed: 1, blocks: 2, final: 3 } as const;
  const sorted = [...found].sort(
    (a, b) => a.start - b.start || b.end - a.end || rank[b.outcome] - rank[a.outcome],
  );
  const kept: TextMatch[] = [];
  for (const match of sorted) {
    const covered = kept
      .slice(-24)
      .some(
        (other) =>
          other.start <= match.start && other.end >= match.end && rank[other.outcome] >= rank[match.outcome],
      );
    if (!covered) kept.push(match);
  }
  return kept;
};
