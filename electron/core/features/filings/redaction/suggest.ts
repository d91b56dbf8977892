import { createHash } from 'node:crypto';
import { foldKey } from '#shared/rules/text-folding.ts';
import { findCoordinates } from './coordinates.ts';
import type { KnownPoint } from './coordinates.ts';
import { findPatterns } from './patterns.ts';
import { singlingPhrases } from './quasi-identifiers.ts';
import type { PatternKind } from './patterns.ts';
import type { TextMatcher } from './text-matcher.ts';
import type { Strength, ValueKind } from './value-strength.ts';

/** Stretch of a plain text that a person should decide about before the filing can be checked. */
export interface SpanSuggestion {
  /** Stable while the words and their surroundings stay the same. */
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly before: string;
  readonly after: string;
  readonly source: 'known' | 'pattern' | 'coordinate' | 'initials' | 'combination';
  readonly kind: ValueKind | PatternKind;
  /** Whom the value belongs to, where known. */
  readonly ref: string | null;
  readonly strength: Strength;
  /** Reads like another meaning of the word; listed, decided `keep` in bulk. */
  readonly otherMeaning: boolean;
}

export interface SuggestInput {
  /** Where the text stands, in words of the caller; part of the suggestion's id. */
  readonly where: string;
  readonly text: string;
  readonly matcher: TextMatcher;
  readonly points: readonly KnownPoint[];
  /** Days and hours are to be told by the month alone: each is offered for a decision. */
  readonly exactTimes?: boolean;
  /** Initials (folded, `rgl`) and whose they are. */
  readonly initials: ReadonlyMap<string, string>;
}

const CONTEXT = 40;
const INITIALS = /(?<![\p{L}\p{N}])(?:\p{Lu}\.?\s?){2,5}(?![\p{L}\p{N}])/gu;

const MONTH_NAMES =
  'enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|january|february|march|april|may|june|july|august|september|october|november|december';
/** A day of a month, in words or figures, and hours of the clock. */
const EXACT_TIMES = new RegExp(
  [
    `(?<![\\p{L}\\p{N}])(?:\\d{1,2}|primero)(?:[º°]|st|nd|rd|th)?\\s+(?:de\\s+|of\\s+)?(?:${MONTH_NAMES})(?:\\s+(?:del?\\s+)?\\d{4})?(?![\\p{L}\\p{N}])`,
    `(?<![\\p{L}\\p{N}])(?:${MONTH_NAMES})\\s+\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s+\\d{4})?(?![\\p{L}\\p{N}])`,
    `(?<![\\d/.-])(?:\\d{4}-\\d{2}-\\d{2}|\\d{1,2}[/.-]\\d{1,2}[/.-]\\d{2,4})(?![\\d/-])`,
    `(?<![\\d:.])(?:[01]?\\d|2[0-3])[:.][0-5]\\d(?:\\s*(?:h|hrs?|horas|[ap]\\.?\\s?m\\.?))(?![\\p{L}\\d])|(?<![\\d:])(?:[01]?\\d|2[0-3]):[0-5]\\d(?![\\d:])`,
  ].join('|'),
  'giu',
);

/**
 * Everything in a plain stretch of a narrative that belongs to somebody known or has the form of an
 * identifier. Where finds overlap, the more serious one stands, then the longer one.
 */
export const suggestSpans = (input: SuggestInput): SpanSuggestion[] => {
  const { text } = input;
  const raw: RawSpan[] = [];
  for (const match of input.matcher.find(text)) {
    raw.push({
      start: match.start,
      end: match.end,
      source: 'known',
      kind: match.form.kind,
      ref: match.form.ref,
      strength: match.form.strength,
      otherMeaning: match.otherMeaning,
    });
  }
  for (const match of findCoordinates(text, input.points)) {
    const strength = match.precise ? 'strong' : 'middle';
    raw.push({
      start: match.start,
      end: match.end,
      source: 'coordinate',
      kind: 'coordinate',
      ref: match.ref,
      strength,
      otherMeaning: false,
    });
  }
  for (const match of findPatterns(text)) {
    raw.push({
      start: match.start,
      end: match.end,
      source: 'pattern',
      kind: match.kind,
      ref: null,
      strength: 'strong',
      otherMeaning: false,
    });
  }
  for (const match of input.exactTimes === true ? text.matchAll(EXACT_TIMES) : []) {
    raw.push({
      start: match.index,
      end: match.index + match[0].length,
      source: 'pattern',
      kind: 'date',
      ref: null,
      strength: 'weak',
      otherMeaning: false,
    });
  }
  for (const match of text.matchAll(INITIALS)) {
    const ref = input.initials.get(foldKey(match[0]).replace(/[^\p{L}]/gu, ''));
    if (ref === undefined) continue;
    const end = match.index + match[0].trimEnd().length;
    raw.push({
      start: match.index,
      end,
      source: 'initials',
      kind: 'name',
      ref,
      strength: 'warn',
      otherMeaning: false,
    });
  }
  for (const match of singlingPhrases(text)) {
    raw.push({
      start: match.start,
      end: match.end,
      source: 'combination',
      kind: 'text',
      ref: null,
      strength: 'weak',
      otherMeaning: false,
    });
  }
  const kept = mergeOverlapping(raw);
  const seen = new Map<string, number>();
  return kept.map((span) => {
    const words = text.slice(span.start, span.end);
    const before = text.slice(Math.max(0, span.start - CONTEXT), span.start);
    const after = text.slice(span.end, span.end + CONTEXT);
    const base = createHash('sha256')
      .update(JSON.stringify([input.where, span.source, span.kind, before, words, after]))
      .digest('hex')
      .slice(0, 24);
    const nth = seen.get(base) ?? 0;
    seen.set(base, nth + 1);
    return { ...span, id: nth === 0 ? base : `${base}-${String(nth)}`, text: words, before, after };
  });
};

type RawSpan = Omit<SpanSuggestion, 'id' | 'text' | 'before' | 'after'>;

/**
 * Spans that overlap become one that covers both, with the facts of the more serious one: a decision about
 * half of `Olmedo, Maricela Xochimitl` must not leave the other half standing.
 */
const mergeOverlapping = (raw: readonly RawSpan[]): RawSpan[] => {
  const rank = { warn: 0, weak: 1, middle: 2, strong: 3 } as const;
  const weight = (span: RawSpan): number =>
    rank[span.strength] * 1e6 + (span.ref === null ? 0 : 1e5) + (span.end - span.start);
  const sorted = [...raw].sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: RawSpan[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) {
      merged.push(span);
      continue;
    }
    const [best, other] = weight(span) > weight(last) ? [span, last] : [last, span];
    const end = Math.max(last.end, span.end);
    const bestCovers = best.start === last.start && best.end === end;
    merged[merged.length - 1] = {
      ...best,
      start: last.start,
      end,
      // Two owners in one stretch: no single pseudonym is right.
      ref: bestCovers || best.ref === other.ref || other.ref === null ? best.ref : null,
    };
  }
  return merged;
};
