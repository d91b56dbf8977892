import vocabularyEn from '#resources/vocabularies/en.json' with { type: 'json' };
import vocabularyEs from '#resources/vocabularies/es.json' with { type: 'json' };
import wordsEn from '#resources/messages/en/timeline-words.json' with { type: 'json' };
import wordsEs from '#resources/messages/es/timeline-words.json' with { type: 'json' };
import type { TimelineEntry, TimelineKind } from '#shared/contract/timeline.ts';
import type { Language } from '#shared/model/common.ts';
import type { PartialDate } from '#shared/model/partial-date.ts';
import { localMinute } from '#shared/rules/partial-date.ts';

/** Words of the sheets in one language. */
export type TimelineWords = typeof wordsEs;
/** The words of the sheets in a language. */
export const timelineWords = (language: Language): TimelineWords => (language === 'es' ? wordsEs : wordsEn);

/** Kinds that stand on one line of a drawing. */
export const LANES = ['attacks', 'surveillance', 'custody', 'dates', 'evidence', 'exports'] as const;
export type LaneName = (typeof LANES)[number];
/** On which line a kind stands. */
export const LANE_OF: Readonly<Record<TimelineKind, LaneName>> = {
  incident: 'attacks',
  message: 'surveillance',
  notification: 'surveillance',
  finding: 'surveillance',
  examination: 'surveillance',
  reception: 'custody',
  return: 'custody',
  custody: 'custody',
  milestone: 'dates',
  evidence: 'evidence',
  export: 'exports',
  consent: 'exports',
};

/** Group of the vocabulary in which the codes of a kind stand. */
const CODE_GROUPS: Readonly<Record<TimelineKind, string>> = {
  incident: 'act',
  message: 'messageChannel',
  notification: 'provider',
  finding: 'findingLevel',
  examination: 'examinationMethod',
  reception: 'deviceCustody',
  return: 'deviceCustody',
  custody: 'deviceCustody',
  milestone: 'milestone',
  evidence: 'evidence',
  export: 'profile',
  consent: 'recipient',
};
const STATE_GROUPS: Partial<Readonly<Record<TimelineKind, string>>> = {
  finding: 'findingState',
  examination: 'examinationBasis',
  consent: 'consent',
  message: 'clicked',
};

/** A line of a sheet: words only, nothing of the vault's own. */
export interface SheetRow {
  readonly entry: Pick<TimelineEntry, 'kind' | 'whenKey' | 'digital'>;
  /** First day or minute, `YYYY-MM-DD` or `YYYY-MM-DD HH:MM`, a month or a year as far as it is known; empty: unknown. */
  readonly when: string;
  readonly until: string;
  /** The same for a reader. */
  readonly whenWords: string;
  readonly kind: string;
  readonly what: string;
  readonly state: string;
  readonly title: string;
  /** Quotes an examination, so that the fixed sentence belongs to it. */
  readonly quotesFindings: boolean;
}

const label = (language: Language, group: string, code: string): string => {
  const labels = (language === 'es' ? vocabularyEs : vocabularyEn) as Readonly<
    Record<string, Readonly<Record<string, string>>>
  >;
  return code === '' ? '' : (labels[group]?.[code] ?? '');
};

const dayWords = (day: string, language: Language): string =>
  new Intl.DateTimeFormat(language === 'es' ? 'es-MX' : 'en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${day}T12:00:00Z`));
const monthWords = (month: string, language: Language): string =>
  new Intl.DateTimeFormat(language === 'es' ? 'es-MX' : 'en-GB', {
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${month}-15T12:00:00Z`));

type When = Pick<SheetRow, 'when' | 'until' | 'whenWords'>;

/** A date as a table and as a reader take it. What somebody said in words is left out: it may name anybody. */
export function whenOf(date: PartialDate, language: Language): When {
  const words = timelineWords(language);
  switch (date.kind) {
    case 'instant': {
      const [day = '', time = ''] = localMinute(Date.parse(date.at), date.zone).split('T');
      return { when: `${day} ${time}`, until: '', whenWords: `${dayWords(day, language)}, ${time}` };
    }
    case 'day': {
      const time = date.time === undefined ? '' : ` ${date.time}`;
      const about = date.approximate === true ? ` (${words.approximate})` : '';
      return {
        when: `${date.day}${time}`,
        until: date.untilTime === undefined ? '' : `${date.day} ${date.untilTime}`,
        whenWords: `${dayWords(date.day, language)}${time === '' ? '' : `,${time}`}${about}`,
      };
    }
    case 'month':
      return { when: date.month, until: '', whenWords: monthWords(date.month, language) };
    case 'year':
      return { when: String(date.year), until: '', whenWords: String(date.year) };
    case 'range':
      return {
        when: date.from,
        until: date.to,
        whenWords: `${dayWords(date.from, language)} – ${dayWords(date.to, language)}`,
      };
    case 'unknown':
      return { when: '', until: '', whenWords: words.undated };
  }
}

/** Steps of custody whose kind says which: their code is not kept apart. */
const OWN_CODE: Partial<Readonly<Record<TimelineKind, string>>> = {
  reception: 'received',
  return: 'returned',
};

/**
 * One line of a sheet.
 *
 * @param title what may stand there, or empty.
 */
export function sheetRow(entry: TimelineEntry, title: string, language: Language): SheetRow {
  const stateGroup = STATE_GROUPS[entry.kind];
  return {
    entry,
    ...whenOf(entry.when, language),
    kind: label(language, 'timelineKind', entry.kind),
    what: label(language, CODE_GROUPS[entry.kind], OWN_CODE[entry.kind] ?? entry.code),
    state: stateGroup === undefined ? '' : label(language, stateGroup, entry.state),
    title,
    quotesFindings: entry.kind === 'finding' || entry.kind === 'examination',
  };
}
