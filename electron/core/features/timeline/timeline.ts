import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { TIMELINE_KINDS, type TimelineEntry, type TimelineKind } from '#shared/contract/timeline.ts';
import type { CaseId } from '#shared/model/ids.ts';
import { partialDateDays } from '#shared/rules/partial-date.ts';
import type { OpenCall } from '../../context.ts';
import { read, type Reader } from '../../db/index.ts';
import { needCase } from '../cases/index.ts';
import { needDevice } from '../surveillance/index.ts';
import { entriesOf, leavingOf, type Subject } from './entry-repo.ts';

/** Kinds that a timeline of a device can hold. */
const DEVICE_TIMELINE: readonly TimelineKind[] = [
  'incident',
  'message',
  'notification',
  'finding',
  'reception',
  'return',
  'custody',
  'examination',
];

interface Asked {
  readonly kinds?: readonly TimelineKind[] | undefined;
  readonly digitalOnly?: boolean;
  readonly descending: boolean;
  readonly fromDay?: string | undefined;
  readonly toDay?: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

const byTime = (a: TimelineEntry, b: TimelineEntry): number => {
  if (a.whenKey !== b.whenKey) return a.whenKey < b.whenKey ? -1 : 1;
  return a.id < b.id ? -1 : 1;
};

/** In order of time; what has no date is neither the first nor the last thing that happened: it stands at the end. */
function inOrder(
  entries: readonly TimelineEntry[],
  asked: Omit<Asked, 'offset' | 'limit' | 'kinds'>,
): { readonly dated: readonly TimelineEntry[]; readonly undated: readonly TimelineEntry[] } {
  const inRange = entries.filter((entry) => {
    if (asked.digitalOnly === true && !entry.digital) return false;
    if (asked.fromDay === undefined && asked.toDay === undefined) return true;
    const days = partialDateDays(entry.when);
    if (days === null) return false;
    return (
      (asked.fromDay === undefined || days.to >= asked.fromDay) &&
      (asked.toDay === undefined || days.from <= asked.toDay)
    );
  });
  const sorted = [...inRange].sort(asked.descending ? (a, b) => byTime(b, a) : byTime);
  return {
    dated: sorted.filter((entry) => entry.whenKey !== ''),
    undated: sorted.filter((entry) => entry.whenKey === ''),
  };
}

function pageOf(entries: readonly TimelineEntry[], asked: Asked): CallOutput<'timeline.ofDevice'> {
  const { dated, undated } = inOrder(entries, asked);
  return {
    total: dated.length + undated.length,
    undated: undated.length,
    rows: [...dated, ...undated].slice(asked.offset, asked.offset + asked.limit),
  };
}

/** The kinds that a subject's timeline can hold. @throws AppError `record.notFound` */
const kindsOf = (db: Reader, subject: Subject, kinds: readonly TimelineKind[]): readonly TimelineKind[] => {
  if ('caseId' in subject) needCase(db, subject.caseId);
  else needDevice(db, subject.deviceId);
  return 'caseId' in subject ? kinds : kinds.filter((kind) => DEVICE_TIMELINE.includes(kind));
};

const entriesIn = (
  db: Reader,
  subject: Subject,
  kinds: readonly TimelineKind[],
  zone: string,
): TimelineEntry[] => kindsOf(db, subject, kinds).flatMap((kind) => entriesOf(db, kind, subject, zone));

interface DayRange {
  readonly fromDay?: string | undefined;
  readonly toDay?: string | undefined;
}

/** Lines of a sheet that leaves, in order, and how many of the same time go out in no sheet. */
function leavingIn(
  db: Reader,
  subject: Subject,
  kinds: readonly TimelineKind[],
  zone: string,
  range: DayRange,
): { readonly entries: readonly TimelineEntry[]; readonly kept: number } {
  const all = kindsOf(db, subject, kinds).map((kind) => leavingOf(db, kind, subject, zone));
  const ordered = (entries: readonly TimelineEntry[]): readonly TimelineEntry[] => {
    const { dated, undated } = inOrder(entries, { ...range, descending: false });
    return [...dated, ...undated];
  };
  return {
    entries: ordered(all.flatMap(({ told }) => told)),
    kept: ordered(all.flatMap(({ kept }) => kept)).length,
  };
}

const gather = (call: OpenCall, subject: Subject, kinds: readonly TimelineKind[]): TimelineEntry[] =>
  read(call, (db) => entriesIn(db, subject, kinds, call.core.ports.clock.zone()));

/**
 * All lines of a timeline, oldest first and the undated last, for a sheet that leaves: titles that somebody gave, never
 * the first words of a narrative or of a message in their place. `kept`: how many more there are that go out in no sheet.
 *
 * @throws AppError `record.notFound`
 */
export const timelineIn = (
  db: Reader,
  subject: Subject,
  asked: DayRange & { readonly kinds?: readonly TimelineKind[] | undefined },
  zone: string,
): { readonly entries: readonly TimelineEntry[]; readonly kept: number } =>
  leavingIn(db, subject, asked.kinds ?? TIMELINE_KINDS, zone, asked);

/** What happened in a case, physical and digital in one line. @throws AppError `record.notFound` */
export const timelineOfCase = (
  call: OpenCall,
  input: HandlerInput<'timeline.ofCase'>,
): CallOutput<'timeline.ofCase'> =>
  pageOf(gather(call, { caseId: input.caseId }, input.kinds ?? TIMELINE_KINDS), input);

/** What happened to one device. @throws AppError `record.notFound` */
export const timelineOfDevice = (
  call: OpenCall,
  input: HandlerInput<'timeline.ofDevice'>,
): CallOutput<'timeline.ofDevice'> =>
  pageOf(gather(call, { deviceId: input.deviceId }, input.kinds ?? DEVICE_TIMELINE), input);

const DAY_MS = 86_400_000;
/** Near entries of one anchor that are listed. */
const MAX_NEAR = 200;

/** The one day that an entry is known to, as a day number; null where it is less exact. */
const dayNumber = (entry: TimelineEntry): number | null => {
  const days = partialDateDays(entry.when);
  return days === null || days.from !== days.to ? null : Math.round(Date.parse(days.from) / DAY_MS);
};

/** What the case is about, and what gathers around it: attacks, hearings, publications. */
const isAnchor = (entry: TimelineEntry): boolean =>
  entry.kind === 'milestone' || (entry.kind === 'incident' && !entry.digital);

/** Marks of surveillance: messages, findings, warnings, and attacks that are digital themselves. */
const isMark = (entry: TimelineEntry): boolean =>
  entry.kind === 'message' ||
  entry.kind === 'notification' ||
  entry.kind === 'finding' ||
  (entry.kind === 'incident' && entry.digital);

const PATTERN_KINDS: readonly TimelineKind[] = [
  'incident',
  'message',
  'notification',
  'finding',
  'milestone',
];

export interface Patterns {
  readonly patterns: CallOutput<'timeline.patterns'>['patterns'];
  /** Entries that are not known to the day. */
  readonly unplaced: number;
}

function patternsOf(all: readonly TimelineEntry[], within: number): Patterns {
  let unplaced = 0;
  const placed = all.flatMap((entry) => {
    const day = dayNumber(entry);
    if (day === null) unplaced += 1;
    return day === null ? [] : [{ entry, day }];
  });
  const marks = placed.filter(({ entry }) => isMark(entry));
  const patterns = placed
    .filter(({ entry }) => isAnchor(entry))
    .sort((a, b) => byTime(a.entry, b.entry))
    .map(({ entry: anchor, day }) => ({
      anchor,
      near: marks
        .map((mark) => ({ entry: mark.entry, days: mark.day - day }))
        .filter(({ days }) => Math.abs(days) <= within)
        .sort((a, b) => Math.abs(a.days) - Math.abs(b.days) || byTime(a.entry, b.entry))
        .slice(0, MAX_NEAR),
    }))
    .filter(({ near }) => near.length > 0);
  return { patterns, unplaced };
}

/**
 * The patterns of a case for a sheet that leaves, with titles that somebody gave only. `kept`: how many incidents more
 * there are that go out in no sheet.
 *
 * @param days distance up to which something counts as near.
 * @throws AppError `record.notFound`
 */
export const patternsIn = (
  db: Reader,
  caseId: CaseId,
  days: number,
  zone: string,
  range: DayRange = {},
): Patterns & { readonly kept: number } => {
  const { entries, kept } = leavingIn(db, { caseId }, PATTERN_KINDS, zone, range);
  return { ...patternsOf(entries, days), kept };
};

/**
 * Marks of surveillance within some days of each attack and each date of the case. It shows nearness in time and
 * claims nothing about causes; what is not known to the day is counted and left out.
 *
 * @throws AppError `record.notFound`
 */
export const findPatterns = (
  call: OpenCall,
  input: HandlerInput<'timeline.patterns'>,
): CallOutput<'timeline.patterns'> => ({
  ...patternsOf(gather(call, { caseId: input.caseId }, PATTERN_KINDS), input.days),
  computedAt: new Date(call.core.ports.clock.now()).toISOString(),
});
