import en from '#resources/vocabularies/en.json' with { type: 'json' };
import es from '#resources/vocabularies/es.json' with { type: 'json' };
import type { Language } from '#shared/model/common.ts';
import type { PartialDate } from '#shared/model/partial-date.ts';
import type { Place } from '#shared/contract/incidents.ts';
import { dayInWords } from '#shared/model/filing-text.ts';
import { partialDateDays } from '#shared/rules/partial-date.ts';
import { fill, filingWords } from './render/index.ts';
import { PROFILE_WORDS } from './profiles.ts';
import type { RecipientProfile } from './profiles.ts';

type Group = 'act' | 'custody' | 'evidence' | 'examinationOutcome' | 'perpetrator' | 'state';

/** Label of a code in the recipient's language; the code itself is never printed. */
export const label = (language: Language, group: Group, code: string): string => {
  const labels: Readonly<Record<string, string>> = (language === 'es' ? es : en)[group];
  return labels[code] ?? labels['other'] ?? '';
};

/** A date as exactly as the profile lets it be told. */
export const dateText = (
  date: PartialDate,
  language: Language,
  precision: RecipientProfile['datePrecision'],
): string => {
  const words = filingWords(language);
  const own = PROFILE_WORDS[language];
  const month = (day: string): string =>
    fill(own.month, { month: words.months[Number(day.slice(5, 7)) - 1] ?? '', year: day.slice(0, 4) });
  const days = partialDateDays(date);
  if (days === null) return own.unknownDate;
  if (date.kind === 'year') return fill(own.year, { year: date.year });
  if (date.kind === 'month') return month(days.from);
  if (precision === 'month') {
    return days.from.slice(0, 7) === days.to.slice(0, 7)
      ? month(days.from)
      : fill(own.between, { from: month(days.from), to: month(days.to) });
  }
  if (days.from === days.to) return dayInWords(days.from, words);
  return fill(own.betweenDays, { from: dayInWords(days.from, words), to: dayInWords(days.to, words) });
};

/** A place as exactly as the profile lets it be told; empty where nothing is known. */
export const placeText = (
  place: Place,
  online: boolean,
  language: Language,
  precision: RecipientProfile['placePrecision'],
): string => {
  if (online) return PROFILE_WORDS[language].online;
  const state = place.stateCode === '' ? '' : label(language, 'state', place.stateCode);
  const parts =
    precision === 'state'
      ? [state]
      : precision === 'municipality'
        ? [place.municipality, state]
        : [place.locality, place.municipality, state];
  return parts.filter((part) => part !== '').join(', ');
};
