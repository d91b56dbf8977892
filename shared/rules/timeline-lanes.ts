/** One thing that happened, on a line of its kind. Times are milliseconds since epoch. */
export interface Mark {
  readonly key: string;
  readonly atMs: number;
  readonly title: string;
  /** Looked at and set aside: drawn pale. */
  readonly faint?: boolean;
}

/** Marks so close that one sign stands for them. */
export interface Cluster {
  readonly at: number;
  readonly marks: readonly Mark[];
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

const DAY = 86_400_000;

/** The days to draw: from the first mark to the last, with air around, and never less than ten days. */
export function spanOf(times: readonly number[]): Span | null {
  if (times.length === 0) return null;
  let first = Infinity;
  let last = -Infinity;
  for (const time of times) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  const air = Math.max(DAY, (last - first) * 0.04);
  const lacking = Math.max(0, 10 * DAY - (last - first + 2 * air)) / 2;
  return { fromMs: first - air - lacking, toMs: last + air + lacking };
}

/** Where a time lies in a span, 0 to 1. */
export const placeIn = (span: Span, atMs: number): number =>
  Math.min(1, Math.max(0, (atMs - span.fromMs) / Math.max(1, span.toMs - span.fromMs)));

/** Marks that would cover each other become one; a sign takes `width` of the line (0 to 1). */
export function clustersOf(span: Span, marks: readonly Mark[], width = 0.014): Cluster[] {
  const clusters: { at: number; marks: Mark[] }[] = [];
  for (const mark of [...marks].sort((a, b) => a.atMs - b.atMs)) {
    const at = placeIn(span, mark.atMs);
    const last = clusters.at(-1);
    if (last !== undefined && at - last.at < width) last.marks.push(mark);
    else clusters.push({ at, marks: [mark] });
  }
  return clusters;
}

export interface Tick {
  readonly at: number;
  readonly atMs: number;
  readonly unit: 'day' | 'month' | 'year';
}

const STEPS: readonly (readonly ['day' | 'month' | 'year', number, number])[] = [
  ['day', 1, DAY],
  ['day', 2, 2 * DAY],
  ['day', 7, 7 * DAY],
  ['day', 14, 14 * DAY],
  ['month', 1, 30 * DAY],
  ['month', 3, 91 * DAY],
  ['month', 6, 182 * DAY],
  ['year', 1, 365 * DAY],
  ['year', 2, 730 * DAY],
  ['year', 5, 1_826 * DAY],
  ['year', 10, 3_652 * DAY],
];

/** At most `most` even marks of the calendar along a span, on this computer's clock. */
export function ticksOf(span: Span, most = 9): Tick[] {
  const wanted = (span.toMs - span.fromMs) / most;
  const [unit, step] = STEPS.find(([, , size]) => size >= wanted) ?? (['year', 25] as const);
  const at = new Date(span.fromMs);
  const cursor =
    unit === 'day'
      ? new Date(at.getFullYear(), at.getMonth(), at.getDate() + 1)
      : unit === 'month'
        ? new Date(at.getFullYear(), at.getMonth() + 1, 1)
        : new Date(at.getFullYear() + 1, 0, 1);
  const ticks: Tick[] = [];
  while (cursor.getTime() <= span.toMs && ticks.length < 60) {
    ticks.push({ at: placeIn(span, cursor.getTime()), atMs: cursor.getTime(), unit });
    if (unit === 'day') cursor.setDate(cursor.getDate() + step);
    else if (unit === 'month') cursor.setMonth(cursor.getMonth() + step);
    else cursor.setFullYear(cursor.getFullYear() + step);
  }
  return ticks;
}
