/** So many different cases opened within an hour are worth a question. */
export const BULK_CASES = 20;
const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
/** As many in less than this of an open vault are worth it, too, however often it was locked in between. */
const QUICK_MS = 15 * MINUTE_MS;
/** Locked for so long, a new day of work begins. */
const AWAY_MS = 8 * HOUR_MS;

/** A case that was opened, in the order of the journal. */
export interface Opened<Row> {
  readonly row: Row;
  readonly id: string;
  /** What its entry bears, ms since epoch. */
  readonly ms: number;
  /** How long its session had lasted by the clock that nobody sets, ms; null where nobody knows any more. */
  readonly lived: number | null;
  /** Which session it was. */
  readonly session: number;
  /** When that began, ms since epoch; null where it is not known. */
  readonly begunMs: number | null;
  /** How often the clock was settled before: times before and after cannot be compared. */
  readonly stretch: number;
  /** How long its session went on afterwards, at least, ms. */
  readonly livedOn: () => number;
}

interface Steps {
  /** Open by the clock that nobody sets, locked by the computer's clock. */
  readonly hour: number;
  /** The same without what was locked, unless that was long. */
  readonly quick: number;
}

const APART: Steps = { hour: 2 * HOUR_MS, quick: 2 * HOUR_MS };

/**
 * How much time lay between two entries. Inside a session the clock that nobody sets says it, so one that is set
 * forward makes nothing old. While the vault was locked there is only the computer's: a pause ages what was read
 * before, but not for whoever hurries through as many cases in some minutes around it.
 */
const between = <Row>(before: Opened<Row>, one: Opened<Row>): Steps => {
  if (before.stretch !== one.stretch) return APART;
  const bears = Math.max(0, one.ms - before.ms);
  if (before.session === one.session) {
    const step = before.lived === null || one.lived === null ? bears : Math.max(0, one.lived - before.lived);
    return { hour: step, quick: step };
  }
  const begunMs = one.begunMs ?? one.ms;
  const pause = Math.max(0, begunMs - before.ms);
  const into = one.lived ?? Math.max(0, one.ms - begunMs);
  return { hour: pause + into, quick: pause >= AWAY_MS ? pause + into : before.livedOn() + into };
};

interface Placed<Row> extends Steps {
  readonly one: Opened<Row>;
}

/** Different cases in the last `ms` of one of the two measures. */
class Lately<Row> {
  readonly #of: keyof Steps;
  readonly #ms: number;
  #kept: Placed<Row>[] = [];

  constructor(of: keyof Steps, ms: number) {
    this.#of = of;
    this.#ms = ms;
  }

  add(placed: Placed<Row>): void {
    const from = placed[this.#of] - this.#ms;
    const stays = this.#kept.findIndex((other) => other[this.#of] >= from);
    this.#kept = stays < 0 ? [] : stays === 0 ? this.#kept : this.#kept.slice(stays);
    this.#kept.push(placed);
  }

  clear(): void {
    this.#kept = [];
  }

  get first(): Placed<Row> | undefined {
    return this.#kept[0];
  }

  get ids(): Set<string> {
    return new Set(this.#kept.map(({ one }) => one.id));
  }

  /** Whether another one still belongs to what began with `start`. */
  reaches(start: Placed<Row>, placed: Placed<Row>): boolean {
    return placed[this.#of] - start[this.#of] <= this.#ms;
  }
}

/**
 * When one person opened many different cases.
 *
 * @param opened what that person opened, in the order of the journal.
 * @returns for each time the entry with which it became many, and how many cases it was in the end.
 */
export const burstsOf = <Row>(opened: readonly Opened<Row>[]): { last: Opened<Row>; cases: number }[] => {
  if (new Set(opened.map(({ id }) => id)).size < BULK_CASES) return [];
  const measures = [new Lately<Row>('hour', HOUR_MS), new Lately<Row>('quick', QUICK_MS)];
  const bursts: { start: Placed<Row>; last: Opened<Row>; ids: Set<string> }[] = [];
  let going = false;
  let before: Placed<Row> | undefined;
  for (const one of opened) {
    const step = before === undefined ? APART : between(before.one, one);
    const placed = { one, hour: (before?.hour ?? 0) + step.hour, quick: (before?.quick ?? 0) + step.quick };
    before = placed;
    const current = bursts.at(-1);
    if (going && current !== undefined) {
      if (measures.some((measure) => measure.reaches(current.start, placed))) {
        current.ids.add(one.id);
        continue;
      }
      // What was asked about once is not asked about again with what follows.
      for (const measure of measures) measure.clear();
      going = false;
    }
    for (const measure of measures) measure.add(placed);
    const many = measures
      .map((measure) => ({ start: measure.first, ids: measure.ids }))
      .filter(({ ids }) => ids.size >= BULK_CASES)
      .sort((a, b) => b.ids.size - a.ids.size)[0];
    if (many?.start === undefined) continue;
    bursts.push({ start: many.start, last: one, ids: many.ids });
    going = true;
  }
  return bursts.map(({ last, ids }) => ({ last, cases: ids.size }));
};
