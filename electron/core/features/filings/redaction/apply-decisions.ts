import { cleanText } from '#shared/model/filing-document.ts';
import type { NarrativePart } from './mentions.ts';
import type { SpanSuggestion } from './suggest.ts';

/** A stretch of redacted text. `pending` and `kept` exist for the screen; a finished filing has none. */
export interface RedactedRun {
  readonly mark: 'plain' | 'name' | 'pseudonym' | 'withheld' | 'pending';
  readonly text: string;
  readonly suggestionId?: string;
  readonly ref?: string;
}

export type SpanAction = 'pseudonym' | 'withhold' | 'keep';

export interface RenderPerson {
  readonly mark: 'name' | 'pseudonym' | 'withheld';
  readonly text: string;
}

export interface ApplyInput {
  readonly parts: readonly NarrativePart[];
  /** Suggestions of each text part, by the part's place in `parts`. */
  readonly suggestions: ReadonlyMap<number, readonly SpanSuggestion[]>;
  readonly decisionOf: (suggestion: SpanSuggestion) => SpanAction | null;
  /** What a mention prints; also what `pseudonym` puts in the place of a span with a known owner. */
  readonly person: (ref: string) => RenderPerson | null;
  /** Token for withheld spans: the same for every length, with the words of the profile. */
  readonly token: (kind: string) => string;
}

/**
 * Puts decisions into effect: mentions become what their person is called here, decided spans become
 * pseudonyms or tokens, the text flows on. The label of a mention is never printed, because it is whatever
 * the documenter saw while writing.
 */
export const applyDecisions = (input: ApplyInput): RedactedRun[] => {
  const runs: RedactedRun[] = [];
  const push = (run: RedactedRun): void => {
    if (run.text === '') return;
    const last = runs.at(-1);
    // Two tokens side by side would count the withheld words.
    if (run.mark === 'withheld' && withheldBefore(runs, run.text)) {
      if (last?.mark === 'plain') runs.pop();
      return;
    }
    if (last?.mark === run.mark && last.suggestionId === run.suggestionId && run.mark === 'plain') {
      runs[runs.length - 1] = { ...last, text: last.text + run.text };
    } else runs.push(run);
  };
  input.parts.forEach((part, at) => {
    if (part.kind === 'mention') {
      const rendered = input.person(`${part.target}:${part.id}`);
      push(
        rendered === null
          ? { mark: 'withheld', text: input.token('mention') }
          : { ...rendered, ref: `${part.target}:${part.id}` },
      );
      return;
    }
    let from = 0;
    for (const suggestion of input.suggestions.get(at) ?? []) {
      push({ mark: 'plain', text: part.text.slice(from, suggestion.start) });
      from = suggestion.end;
      push(runOf(input, suggestion));
    }
    push({ mark: 'plain', text: part.text.slice(from) });
  });
  return runs;
};

const runOf = (input: ApplyInput, suggestion: SpanSuggestion): RedactedRun => {
  switch (input.decisionOf(suggestion)) {
    case null:
      return { mark: 'pending', text: suggestion.text, suggestionId: suggestion.id };
    case 'keep':
      return { mark: 'plain', text: suggestion.text };
    case 'withhold':
      return { mark: 'withheld', text: input.token(suggestion.kind) };
    case 'pseudonym': {
      const rendered = suggestion.ref === null ? null : input.person(suggestion.ref);
      // A person shown by name elsewhere still has no pseudonym to give: the token is the safe answer.
      return rendered === null || rendered.mark === 'name'
        ? { mark: 'withheld', text: input.token(suggestion.kind) }
        : { ...rendered, ...(suggestion.ref === null ? {} : { ref: suggestion.ref }) };
    }
  }
};

const withheldBefore = (runs: readonly RedactedRun[], text: string): boolean => {
  const last = runs.at(-1);
  if (last?.mark === 'withheld') return last.text === text;
  const before = runs.at(-2);
  return (
    last?.mark === 'plain' &&
    /^[\s,;.-]{0,2}$/.test(last.text) &&
    before?.mark === 'withheld' &&
    before.text === text
  );
};

/** Runs ready for a filing: invisible characters gone, spaces plain. Errors are the caller's: no `pending` here. */
export const cleanRuns = (runs: readonly RedactedRun[]): RedactedRun[] =>
  runs
    .map((run) => {
      const lead = /^\s/u.test(run.text) ? ' ' : '';
      const trail = /\s$/u.test(run.text) ? ' ' : '';
      const body = cleanText(run.text);
      return { ...run, text: body === '' ? lead || trail : `${lead}${body}${trail}` };
    })
    .filter((run) => run.text !== '');
