import type { Suggestion } from '#shared/contract/exports.ts';
import { personIdSchema } from '#shared/model/ids.ts';
import type { Withheld } from './known-values.ts';
import {
  applyDecisions,
  createTextMatcher,
  parseNarrative,
  searchForms,
  suggestSpans,
} from './redaction/index.ts';
import type {
  RedactedRun,
  RenderPerson,
  SpanAction,
  SpanSuggestion,
  TextMatcher,
} from './redaction/index.ts';

const NAME_KINDS = new Set(['name', 'alias', 'organisation', 'age']);
const CONTACT_KINDS = new Set(['phone', 'email', 'handle', 'address']);
const PLACE_KINDS = new Set(['place', 'coordinate']);

const kindOf = (suggestion: SpanSuggestion): Suggestion['kind'] => {
  if (suggestion.source === 'initials') return 'initials';
  if (suggestion.source === 'combination') return 'combination';
  if (suggestion.source === 'pattern') return 'pattern';
  if (NAME_KINDS.has(suggestion.kind)) return 'knownName';
  if (CONTACT_KINDS.has(suggestion.kind)) return 'knownContact';
  return PLACE_KINDS.has(suggestion.kind) ? 'place' : 'identifier';
};

const actionsOf = (suggestion: SpanSuggestion): Suggestion['actions'] => {
  const ofPerson = suggestion.ref?.startsWith('person:') === true && NAME_KINDS.has(suggestion.kind);
  // The leak check is final about strong known values, so keeping one is not on offer.
  const mayKeep =
    suggestion.source === 'pattern' ||
    suggestion.source === 'combination' ||
    suggestion.strength !== 'strong';
  return [...(ofPerson ? (['pseudonym'] as const) : []), 'withhold', ...(mayKeep ? (['keep'] as const) : [])];
};

/** Redacts the texts of one export and gathers what is to be decided about them. */
export class Redactor {
  readonly suggestions: Suggestion[] = [];
  readonly matcher: TextMatcher;
  readonly #withheld: Withheld;
  readonly #decisions: ReadonlyMap<string, SpanAction>;
  readonly #person: (ref: string) => RenderPerson | null;
  readonly #token: string;
  readonly #exactTimes: boolean;

  constructor(
    withheld: Withheld,
    decisions: ReadonlyMap<string, SpanAction>,
    person: (ref: string) => RenderPerson | null,
    token: string,
    exactTimes = false,
  ) {
    this.#withheld = withheld;
    this.#decisions = decisions;
    this.#person = person;
    this.#token = token;
    this.#exactTimes = exactTimes;
    this.matcher = createTextMatcher(
      searchForms(withheld.values, withheld.allowedNames, withheld.allowedPlaces),
    );
  }

  /**
   * @param key stable name of the text inside the vault; makes suggestion ids, never shown.
   * @param where the same for people.
   */
  text(key: string, where: string, narrative: string): RedactedRun[] {
    const parts = parseNarrative(narrative);
    const found = new Map<number, readonly SpanSuggestion[]>();
    parts.forEach((part, at) => {
      if (part.kind !== 'text') return;
      const spans = suggestSpans({
        where: `${key} ${String(at)}`,
        text: part.text,
        matcher: this.matcher,
        points: this.#withheld.points,
        initials: this.#withheld.initials,
        exactTimes: this.#exactTimes,
      });
      found.set(at, spans);
      for (const span of spans) this.#offer(span, where);
    });
    return applyDecisions({
      parts,
      suggestions: found,
      decisionOf: (span) => this.#decisionOf(span),
      person: this.#person,
      token: () => this.#token,
    });
  }

  /** Whether a withheld value stands in a text, by what the leak check would stop at. */
  holdsWithheld(text: string): boolean {
    return this.matcher.find(text).some(({ outcome }) => outcome === 'final' || outcome === 'blocks');
  }

  /** Initials and words that read like something else are kept unless somebody says otherwise. */
  #decisionOf(span: SpanSuggestion): SpanAction | null {
    return this.#decisions.get(span.id) ?? (span.otherMeaning || span.source === 'initials' ? 'keep' : null);
  }

  #offer(span: SpanSuggestion, where: string): void {
    const person = personIdSchema.safeParse(span.ref?.replace(/^person:/, ''));
    this.suggestions.push({
      id: span.id,
      kind: kindOf(span),
      text: span.text,
      before: span.before,
      after: span.after,
      where,
      personId: person.success ? person.data : null,
      strength: span.strength === 'warn' ? 'weak' : span.strength,
      actions: actionsOf(span),
      decision: this.#decisionOf(span),
    });
  }
}
