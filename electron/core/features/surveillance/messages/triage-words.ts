import type { Triage } from '#shared/contract/suspicious-messages.ts';
import type { Language } from '#shared/model/common.ts';
import type { MessageId } from '#shared/model/surveillance-ids.ts';
import { defangText, defangUrl } from '#shared/surveillance/defang.ts';
import type { Reader } from '../../../db/index.ts';
import { fillWords, forensicWords } from '../words.ts';
import { linksOf } from './message-repo.ts';
import { lastTriageRow, type StoredHit, type StoredTriage } from './triage-repo.ts';

/** The sentence that explains one hit to somebody who never saw an indicator. */
export function explain(hit: StoredHit, all: readonly StoredHit[], language: Language): string {
  const words = forensicWords(language);
  const how: Readonly<Record<string, string>> = words.how;
  const inStrict = all.some(({ mode, observed }) => mode === 'strict' && observed === hit.observed);
  const mode = hit.mode === 'strict' ? words.mode.strict : inStrict ? words.mode.mvt : words.mode.mvtOnly;
  const told = fillWords(words.explanation, {
    subject: words.subject[hit.subject],
    how: how[hit.how] ?? hit.how,
    indicator: defangUrl(hit.indicator),
    set: hit.set,
    collection: hit.collection,
    mode,
  });
  return hit.state === null ? told : `${told} ${words.state[hit.state]}`;
}

export function shownTriage(row: StoredTriage, links: number, language: Language): Triage {
  const words = forensicWords(language);
  const indicators = new Set(row.hits.map(({ indicator, type }) => `${type} ${indicator}`));
  const parts: string[] = [];
  if (row.hits.length > 0) parts.push(fillWords(words.triage.hits, { count: indicators.size }));
  else if (links === 0) parts.push(words.triage.noLinks);
  else parts.push(fillWords(words.triage.none, { day: row.at.slice(0, 10) }));
  if (row.unresolved.length > 0)
    parts.push(fillWords(words.triage.unresolved, { count: row.unresolved.length }));
  return {
    at: row.at,
    actor: row.actor,
    sets: row.sets,
    hits: row.hits.map((hit) => ({
      ...hit,
      indicator: defangUrl(hit.indicator),
      observed: hit.subject === 'sender' ? defangText(hit.observed) : defangUrl(hit.observed),
      explanation: explain(hit, row.hits, language),
    })),
    unresolved: row.unresolved,
    sentence: parts.join(' '),
    advice: row.hits.length === 0 ? [] : [...words.doNot],
  };
}

/** The last comparison of a message, in words of the given language, or null. */
export function lastTriage(db: Reader, id: MessageId, language: Language): Triage | null {
  const row = lastTriageRow(db, id);
  return row === null ? null : shownTriage(row, linksOf(db, id).length, language);
}
