import type { HandlerInput } from '#shared/contract/index.ts';
import type { TimelineEntry, TimelineKind } from '#shared/contract/timeline.ts';
import { AppError } from '#shared/errors.ts';
import type { CaseId } from '#shared/model/ids.ts';
import type { Reader } from '../../../db/index.ts';
import { createTextMatcher, searchForms, type TextMatcher } from '../../filings/index.ts';
import { examinationsOf, fillWords, isRunIntact, needDevice } from '../../surveillance/index.ts';
import { patternsIn, timelineIn } from '../../timeline/index.ts';
import { withheldFrom, type Whose } from './timeline-names-repo.ts';
import { sheetRow, timelineWords, whenOf, type SheetRow } from './timeline-rows.ts';

/** A sheet before it takes a form: lines, and for patterns what each of them stands near. */
export interface Sheet {
  readonly title: string;
  /** Make and model without what may not be told, where titles were asked for; else empty. */
  readonly device: string;
  /** In words. */
  readonly range: string;
  readonly rows: readonly SheetRow[];
  readonly patterns:
    | readonly { readonly anchor: SheetRow; readonly near: readonly { row: SheetRow; days: number }[] }[]
    | null;
  /** Sentences that stand below whatever form it takes. */
  readonly notes: readonly string[];
  readonly withheld: number;
  readonly matcher: TextMatcher;
  readonly caseId: CaseId | null;
  readonly subjectId: string;
}

/** Puts the token in the place of everything that may not be told, and counts the places. */
const withholder = (
  matcher: TextMatcher,
  token: string,
): { readonly text: (title: string) => string; readonly count: () => number } => {
  let withheld = 0;
  return {
    count: () => withheld,
    text: (title) => {
      let out = '';
      let at = 0;
      const places = matcher
        .find(title)
        .filter(({ outcome }) => outcome !== 'warn')
        .sort((a, b) => a.start - b.start || b.end - a.end);
      for (const place of places) {
        if (place.end <= at) continue;
        if (place.start >= at) {
          out += title.slice(at, place.start) + token;
          withheld += 1;
        }
        at = place.end;
      }
      return out + title.slice(at);
    },
  };
};

/** Kinds of line that say what was found: a finding itself, and how an examination ended. */
const FOUND: readonly TimelineKind[] = ['finding', 'examination'];

/** Whether this sheet has lines that say what was found; what lies near what is always reckoned with them. */
const tellsFindings = ({ of, kinds }: HandlerInput<'timeline.export'>): boolean =>
  of.view === 'patterns' || kinds === undefined || FOUND.some((kind) => kinds.includes(kind));

/** Findings that somebody changed outside the program are told to nobody. @throws AppError `finding.altered` */
function requireIntact(db: Reader, whose: Whose): void {
  for (const { runs, basis } of examinationsOf(db, whose)) {
    if (basis === 'pending') continue;
    for (const run of runs)
      if (!isRunIntact(db, run.id, Buffer.from(run.digest, 'hex'))) throw new AppError('finding.altered');
  }
}

/**
 * Gathers what a sheet tells, with the names already taken out of it.
 *
 * @param zone in which instants are told.
 * @throws AppError `record.notFound`, `finding.altered`
 */
export function sheetOf(db: Reader, input: HandlerInput<'timeline.export'>, zone: string): Sheet {
  const { of, language } = input;
  const words = timelineWords(language);
  const whose: Whose = of.view === 'device' ? { deviceId: of.deviceId } : { caseId: of.caseId };
  const device = of.view === 'device' ? needDevice(db, of.deviceId) : null;
  if (tellsFindings(input)) requireIntact(db, whose);
  const matcher = createTextMatcher(searchForms(withheldFrom(db, whose)));
  const withhold = withholder(matcher, words.withheld);
  const row = (entry: TimelineEntry): SheetRow =>
    sheetRow(entry, input.titles ? withhold.text(entry.title) : '', language);
  const found = of.view === 'patterns' ? patternsIn(db, of.caseId, of.days, zone, input) : null;
  const patterns =
    found?.patterns.map(({ anchor, near }) => ({
      anchor: row(anchor),
      near: near.map(({ entry, days }) => ({ row: row(entry), days })),
    })) ?? null;
  const line = found === null ? timelineIn(db, whose, input, zone) : null;
  const kept = (found ?? line)?.kept ?? 0;
  const rows =
    patterns === null
      ? (line?.entries.map(row) ?? [])
      : patterns.flatMap(({ anchor, near }) => [anchor, ...near.map((one) => one.row)]);
  const day = (text: string): string => whenOf({ kind: 'day', day: text }, language).whenWords;
  return {
    title: words.title[of.view],
    // Make and model are typed by people, who write whose it is.
    device: device === null || !input.titles ? '' : withhold.text(`${device.make} ${device.model}`.trim()),
    range:
      [
        input.fromDay === undefined ? '' : fillWords(words.from, { day: day(input.fromDay) }),
        input.toDay === undefined ? '' : fillWords(words.until, { day: day(input.toDay) }),
      ]
        .filter((part) => part !== '')
        .join(' ') || words.wholeTime,
    rows,
    patterns,
    notes: [
      ...(rows.some((one) => one.quotesFindings) ? [words.caution] : []),
      ...(found === null ? [] : [words.nearness]),
      ...(found === null || found.unplaced === 0
        ? []
        : [fillWords(words.unplaced, { count: found.unplaced })]),
      ...(kept === 0 ? [] : [fillWords(words.kept, { count: kept })]),
      words.noNames,
    ],
    withheld: withhold.count(),
    matcher,
    caseId: device === null ? (of.view === 'device' ? null : of.caseId) : device.caseId,
    subjectId: of.view === 'device' ? of.deviceId : of.caseId,
  };
}
