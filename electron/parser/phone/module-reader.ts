import type { PhoneFile } from '#shared/parser/phone.ts';
import {
  looksAtEach,
  ModuleRun,
  type ModuleAnswer,
  type ShortenedLink,
  type StrictHit,
} from '../../matching/modules/match-module.ts';
import { ruleFor } from '../../matching/modules/modules.ts';
import { isRecord, type ModuleAlert, type ModuleRule, type Placed } from '../../matching/modules/rule.ts';
import { redirectTarget, visitPlace } from '../../matching/modules/safari-redirects.ts';
import { isEverydayName, isOfModule } from './everyday-names.ts';
import { clockOf } from './file-kinds.ts';
import { foundOf, type PhoneContext } from './found.ts';
import type { ReadRecord } from './json-records.ts';

/** Fields that the rules look at, for the modules that grow large; all other modules are read whole. */
export const NEEDED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  sms: ['links', 'text', 'body', 'subject', 'isodate'],
  whatsapp: ['links', 'ZTEXT', 'ZMATCHEDTEXT', 'ZMEDIAURL', 'ZCONTENT1', 'ZCONTENT2', 'data', 'text_data'],
  safari_history: ['url', 'visit_id', 'timestamp', 'redirect_destination', 'safari_history_db'],
  chrome_history: ['url'],
  firefox_history: ['url'],
  manifest: ['relative_path'],
  filesystem: ['path'],
};

/** Records of one file that are held for rules that look at all of them together. */
const MAX_HELD = 300_000;
/** Visits that were redirected and those that they led to. */
const MAX_REDIRECTS = 500_000;

/** Rules of what is no module of the reference: lists of links that somebody hands in. */
const OWN_RULES: Readonly<Record<string, ModuleRule>> = {
  urls: {
    steps: [
      {
        kind: 'check',
        check: 'check_url',
        level: 'CRITICAL',
        stop: 'nothing',
        values: ({ record }) => ['url', 'expanded_url'].map((field) => ({ field, value: record[field] })),
      },
    ],
  },
  link_list: {
    steps: [
      {
        kind: 'check',
        check: 'check_url',
        level: 'CRITICAL',
        stop: 'nothing',
        values: ({ record }) => [{ field: 'url', value: record['url'] }],
      },
    ],
  },
};

export type ModuleEnd = Pick<PhoneFile, 'records' | 'strange' | 'clock' | 'gaveUp' | 'foreign'> & {
  readonly reason: PhoneFile['reason'];
};

/** Visits that a second reading of a Safari history has to look at together. */
export type RedirectWatch = Set<string>;

/** Looks at the records of one module as they are read, and tells what it finds. */
export class ModuleReader {
  readonly #context: PhoneContext;
  readonly #path: string;
  readonly #module: string;
  readonly #given: PhoneFile['clock'] | null;
  readonly #run: ModuleRun;
  #rule: ModuleRule | null | undefined = undefined;
  /** Records are held and looked at together at the end. */
  #held: { placed: Placed; whole: unknown }[] | null = null;
  #records = 0;
  #strange = 0;
  #clock: PhoneFile['clock'] = 'unknown';
  #reason: PhoneFile['reason'] = null;
  #gaveUp: string | null = null;
  /** Nothing but the name of the file says that it is of this module. */
  #isForeign: boolean;
  readonly #watch: RedirectWatch = new Set();

  /** @param clock whose clock wrote the times, where the form of the file tells; else the records do. */
  constructor(context: PhoneContext, path: string, module: string, clock: PhoneFile['clock'] | null = null) {
    this.#context = context;
    this.#path = path;
    this.#module = module;
    this.#given = clock;
    this.#isForeign = isEverydayName(module);
    this.#run = new ModuleRun(context.matcher, {
      hasIndicators: context.matcher.mvt.size > 0,
      today: context.today,
    });
  }

  take(read: ReadRecord): void {
    const { index, group, value } = read;
    if (this.#isForeign) this.#isForeign = !isOfModule(this.#module, value, group, this.#records === 0);
    this.#records += 1;
    if (!isRecord(value) && group === null) {
      this.#strange += 1;
      this.#takeStrange(read);
      return;
    }
    this.#context.out.records += 1;
    const record = isRecord(value) ? value : { [group ?? '']: value };
    if (this.#rule === undefined) this.#begin(record, () => read.whole());
    const placed: Placed = { index, group, record };
    if (this.#held !== null) {
      if (this.#held.length < MAX_HELD) this.#held.push({ placed, whole: read.whole() });
      else this.#reason = 'tooManyRecords';
      return;
    }
    if (this.#module === 'safari_history') this.#watchRedirect(placed);
    if (this.#rule === null || this.#rule === undefined) this.#run.everyLink([placed]);
    else this.#run.one(this.#rule, placed);
    if (this.#run.hasSpoken) this.#tell(index, () => read.whole());
  }

  /** An entry that is no record: of a module that nobody knows its links are looked at all the same. */
  #takeStrange({ index, group, value }: ReadRecord): void {
    if (Object.hasOwn(OWN_RULES, this.#module) || ruleFor(this.#module, undefined) !== 'unknown') return;
    this.#context.out.records += 1;
    this.#run.everyLink([{ index, group, record: { '': value } }]);
    if (this.#run.hasSpoken) this.#tell(index, () => ({ '': value }));
  }

  /** Whether it is known what the records are, and that each is looked at by itself. */
  get looksAtEach(): boolean {
    return this.#rule !== undefined && this.#rule !== null && this.#held === null;
  }

  /** Records of which their reader knows that nothing can be said. */
  passed(count: number): void {
    this.#records += count;
    this.#context.out.records += count;
  }

  #begin(record: unknown, whole: () => unknown): void {
    const own = Object.hasOwn(OWN_RULES, this.#module) ? OWN_RULES[this.#module] : undefined;
    const found = own ?? ruleFor(this.#module, record);
    const rule = found === 'unknown' ? null : found;
    this.#clock = this.#given ?? clockOf(this.#module, whole());
    // Redirects need the whole history; the rest of its rule does not.
    this.#rule = rule !== null && this.#module === 'safari_history' ? { steps: rule.steps } : rule;
    if (this.#rule !== null && !looksAtEach(this.#rule)) this.#held = [];
  }

  #watchRedirect({ record }: Placed): void {
    const target = redirectTarget(record);
    if (target === null) return;
    if (this.#watch.size < MAX_REDIRECTS) this.#watch.add(target);
    else this.#reason = 'tooManyRecords';
  }

  #tell(record: number, whole: () => unknown): void {
    const said = this.#run.take();
    const place = { path: this.#path, module: this.#module, record, clock: this.#clock };
    for (const found of foundOf(this.#context, place, said, whole()))
      if (!this.#context.out.found(found)) this.#reason = 'tooManyResults';
    if (said.mvt.error !== null) this.#gaveUp = `${said.mvt.error.name}: ${said.mvt.error.message}`;
  }

  /** Ends the file: rules over all records speak now. `watch`: visits that need a second reading, or null. */
  end(): { readonly said: ModuleEnd; readonly watch: RedirectWatch | null } {
    if (this.#held !== null && this.#rule) {
      const placed = this.#held.map((one) => one.placed);
      this.#run.reference(this.#rule, placed, this.#strange > 0);
      this.#run.strictly(this.#rule, placed);
      this.#tellHeld();
    }
    const { mvt } = this.#run.take();
    if (mvt.error !== null) this.#gaveUp = `${mvt.error.name}: ${mvt.error.message}`;
    return {
      said: {
        records: this.#records,
        strange: this.#strange,
        clock: this.#clock,
        gaveUp: this.#gaveUp === null ? null : this.#gaveUp.slice(0, 300),
        reason: this.#reason,
        ...(this.#isForeign ? { foreign: true } : {}),
      },
      watch: this.#watch.size > 0 ? this.#watch : null,
    };
  }

  #tellHeld(): void {
    const said = this.#run.take();
    const whole = new Map((this.#held ?? []).map((one) => [one.placed.index, one.whole]));
    for (const [record, mine] of byRecord(said)) {
      const place = { path: this.#path, module: this.#module, record, clock: this.#clock };
      for (const found of foundOf(this.#context, place, mine, whole.get(record)))
        if (!this.#context.out.found(found)) this.#reason = 'tooManyResults';
    }
    if (said.mvt.error !== null) this.#gaveUp = `${said.mvt.error.name}: ${said.mvt.error.message}`;
    this.#held = [];
  }
}

type SaidOfRecord = Pick<ModuleAnswer, 'mvt' | 'strict' | 'shortened'>;

/** What was said of all records, sorted by record; one pass. */
function byRecord(said: SaidOfRecord): [number, SaidOfRecord][] {
  const records = new Map<
    number,
    { alerts: ModuleAlert[]; strict: StrictHit[]; shortened: ShortenedLink[] }
  >();
  const of = (record: number) => {
    let one = records.get(record);
    if (one === undefined) records.set(record, (one = { alerts: [], strict: [], shortened: [] }));
    return one;
  };
  for (const alert of said.mvt.alerts) of(alert.record).alerts.push(alert);
  for (const hit of said.strict) of(hit.record).strict.push(hit);
  for (const link of said.shortened) of(link.record).shortened.push(link);
  return [...records]
    .sort(([a], [b]) => a - b)
    .map(([record, { alerts, strict, shortened }]) => [
      record,
      { mvt: { alerts, error: null }, strict, shortened },
    ]);
}

/** Second reading of a Safari history: only visits that were redirected and those that they led to are looked at. */
export class RedirectReader {
  readonly #context: PhoneContext;
  readonly #path: string;
  readonly #watch: RedirectWatch;
  readonly #kept: Placed[] = [];

  constructor(context: PhoneContext, path: string, watch: RedirectWatch) {
    this.#context = context;
    this.#path = path;
    this.#watch = watch;
  }

  take(read: ReadRecord): void {
    const { value, index, group } = read;
    if (!isRecord(value) || this.#kept.length >= MAX_REDIRECTS) return;
    const isTarget = this.#watch.has(visitPlace(value));
    if (!isTarget && redirectTarget(value) === null) return;
    this.#kept.push({ index, group, record: value });
  }

  end(): void {
    const rule = ruleFor('safari_history', {});
    if (rule === null || rule === 'unknown') return;
    const run = new ModuleRun(this.#context.matcher, { hasIndicators: true, today: this.#context.today });
    // The rule over all records alone: each by itself was looked at in the first reading.
    run.reference({ ...rule, steps: [] }, this.#kept, false);
    const { mvt } = run.take();
    const records = new Map(this.#kept.map(({ index, record }) => [index, record]));
    for (const alert of mvt.alerts) {
      const place = {
        path: this.#path,
        module: 'safari_history',
        record: alert.record,
        clock: 'utc' as const,
      };
      const said = { mvt: { alerts: [alert], error: null }, strict: [], shortened: [] };
      for (const found of foundOf(this.#context, place, said, records.get(alert.record)))
        this.#context.out.found(found);
    }
  }
}
