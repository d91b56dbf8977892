import type { Check, Indicator, Match } from '#shared/surveillance/indicators.ts';
import type { Matcher } from '../matcher.ts';
import { looseLinks } from './links.ts';
import { ruleFor } from './modules.ts';
import { referenceWords } from './reference-words.ts';
import {
  isRecord,
  ModuleFault,
  type CheckStep,
  type IsQuiet,
  type ModuleAlert,
  type ModuleRule,
  type Observed,
  type Placed,
  type RuleContext,
  type Step,
} from './rule.ts';

/** A match of the mode `strict`, with its place in the file. */
export interface StrictHit {
  readonly record: number;
  readonly group: string | null;
  readonly field: string;
  readonly check: Check;
  readonly match: Match;
  readonly value: string;
}

/** A link over a shortener: where it leads is not known, and nobody is asked. */
export interface ShortenedLink {
  readonly record: number;
  readonly field: string;
  readonly shortener: string;
  readonly value: string;
}

/** What both modes say about one module's results. */
export interface ModuleAnswer {
  readonly mvt: {
    readonly alerts: readonly ModuleAlert[];
    /** The reference would have given up here; what it had said by then is in `alerts`. */
    readonly error: { readonly name: string; readonly message: string } | null;
  };
  readonly strict: readonly StrictHit[];
  readonly shortened: readonly ShortenedLink[];
  /** Whether there is a rule for the module; if not, every link in it was looked at strictly. */
  readonly known: boolean;
  /** A hostile file said more than anybody reads: the rest was left out. */
  readonly cut: boolean;
}

/** Alerts or hits of one module beyond which nothing is added. */
const MAX_ANSWERS = 100_000;
/** How deep and how wide unknown records are walked. */
const MAX_DEPTH = 16;
const MAX_VALUES_OF_RECORD = 100_000;

/** Records of a file: a list, or an object of lists or of objects; each with its place. */
export function placeRecords(observed: unknown): { placed: Placed[]; strange: number } {
  const placed: Placed[] = [];
  let strange = 0;
  const add = (record: unknown, group: string | null): void => {
    if (isRecord(record)) placed.push({ index: placed.length + strange, group, record });
    else strange += 1;
  };
  if (Array.isArray(observed)) for (const record of observed) add(record, null);
  else if (isRecord(observed)) {
    for (const [group, held] of Object.entries(observed)) {
      if (Array.isArray(held)) for (const record of held) add(record, group);
      else add(isRecord(held) ? held : { [group]: held }, group);
    }
  }
  return { placed, strange };
}

/**
 * Looks at the results of one module in both modes. Linear in the size of the results.
 *
 * @param slug name of the module, see `ruleFor`. @param observed what the file holds, parsed.
 * @param options `today` as `YYYY-MM-DD` for rules about age.
 */
export function matchModule(
  matcher: Matcher,
  slug: string,
  observed: unknown,
  options: { readonly today?: string | null } = {},
): ModuleAnswer {
  const { placed, strange } = placeRecords(observed);
  const found = ruleFor(slug, placed[0]?.record);
  const context: RuleContext = { hasIndicators: matcher.mvt.size > 0, today: options.today ?? null };
  const run = new ModuleRun(matcher, context);
  const rule = found === 'unknown' ? null : found;
  if (rule !== null) {
    if (rule.strictOnly !== true) run.reference(rule, placed, strange > 0);
    run.strictly(rule, placed);
  } else run.everyLink(placed);
  return { ...run.answer(), known: found !== 'unknown' };
}

/**
 * One pass over a module's results. `matchModule` runs it over all records at once; a reader of large files gives it
 * one record after another (`one`), for rules that look at each record by itself.
 */
export class ModuleRun {
  readonly #matcher: Matcher;
  readonly #context: RuleContext;
  readonly #isQuietText: IsQuiet;
  readonly #alerts: ModuleAlert[] = [];
  readonly #strict: StrictHit[] = [];
  readonly #shortened: ShortenedLink[] = [];
  /** Where each indicator was found in the record at hand. */
  readonly #seen = new Map<Indicator, Set<string>>();
  #error: { name: string; message: string } | null = null;
  #cut = false;

  constructor(matcher: Matcher, context: RuleContext) {
    this.#matcher = matcher;
    this.#context = context;
    this.#isQuietText = (text) => matcher.quiet.isQuietText(text);
  }

  answer(): Omit<ModuleAnswer, 'known'> {
    return {
      mvt: { alerts: this.#alerts, error: this.#error },
      strict: this.#strict,
      shortened: this.#shortened,
      cut: this.#cut,
    };
  }

  /** What was said since the last call, and forgets it. */
  take(): Omit<ModuleAnswer, 'known'> {
    const said = {
      mvt: { alerts: this.#alerts.splice(0), error: this.#error },
      strict: this.#strict.splice(0),
      shortened: this.#shortened.splice(0),
      cut: this.#cut,
    };
    return said;
  }

  /** Whether anything was said since the last `take`. */
  get hasSpoken(): boolean {
    return this.#alerts.length > 0 || this.#strict.length > 0 || this.#shortened.length > 0;
  }

  /**
   * Looks at one record by itself in both modes; `rule` must be one of those (`looksAtEach`). Where the reference
   * would give up, its mode stays silent from here on.
   */
  one(rule: ModuleRule, placed: Placed): void {
    if (this.#error === null && rule.strictOnly !== true) {
      try {
        if (rule.before !== undefined && rule.beforeEach === true)
          for (const said of rule.before([placed], this.#context)) this.#alert({ ...said, match: null });
        this.#record(rule.steps, placed);
        if (rule.later !== undefined) this.#record(rule.later, placed);
      } catch (thrown) {
        if (!(thrown instanceof ModuleFault)) throw thrown;
        this.#error = { name: thrown.error, message: thrown.message };
      }
    }
    this.strictly(rule, [placed]);
  }

  #alert(alert: ModuleAlert): boolean {
    if (this.#alerts.length >= MAX_ANSWERS) this.#cut = true;
    else this.#alerts.push(alert);
    return !this.#cut;
  }

  /** The mode `mvt`, up to the end or to the place where the reference would give up. */
  reference(rule: ModuleRule, placed: readonly Placed[], strange: boolean): void {
    try {
      for (const said of rule.before?.(placed, this.#context) ?? [])
        if (!this.#alert({ ...said, match: null })) return;
      if (strange) throw new ModuleFault('TypeError', 'a record is not an object');
      const ordered = rule.order?.(placed) ?? placed;
      for (const one of ordered) this.#record(rule.steps, one);
      for (const one of rule.later === undefined ? [] : ordered) this.#record(rule.later ?? [], one);
    } catch (thrown) {
      if (!(thrown instanceof ModuleFault)) throw thrown;
      this.#error = { name: thrown.error, message: thrown.message };
    }
  }

  #record(steps: readonly Step[], placed: Placed): void {
    for (const step of steps) if (this.#step(step, placed)) return;
  }

  /** Whether the record is done with. */
  #step(step: Step, placed: Placed): boolean {
    if (step.kind === 'notice') {
      if (step.withIndicatorsOnly === true && !this.#context.hasIndicators) return false;
      const said = step.look(placed, this.#context);
      for (const alert of said?.alerts ?? []) this.#alert({ ...alert, match: null, record: placed.index });
      return said?.stop === true;
    }
    if (!this.#context.hasIndicators) return false;
    if (step.kind === 'texts') {
      for (const { check, match, message, value } of step.look(this.#matcher.mvt, placed)) {
        const words = message ?? referenceWords(check, match, value);
        this.#alert({
          observed: { check, field: '', value },
          level: 'CRITICAL',
          message: words,
          eventTime: '',
          match,
          record: placed.index,
        });
      }
      return false;
    }
    for (const { field, value } of step.values(placed)) {
      if (step.check === 'check_url' && typeof value === 'string' && this.#matcher.quiet.isQuiet(value))
        continue;
      const match = this.#matcher.reference(step.check, value);
      if (match === null) continue;
      this.#alert({
        observed: { check: step.check, field, value },
        level: step.level,
        message: step.message?.(match, value, placed) ?? referenceWords(step.check, match, value),
        eventTime: step.time === undefined ? '' : step.time(placed),
        match,
        record: placed.index,
      });
      if (step.stop === 'record') return true;
      if (step.stop === 'step') return false;
    }
    return false;
  }

  /** The mode `strict`: every value of every record, whatever the reference would have stopped at. */
  strictly(rule: ModuleRule, placed: readonly Placed[]): void {
    for (const one of placed) {
      this.#seen.clear();
      for (const step of rule.steps) this.#strictStep(step, one);
      for (const step of rule.later ?? []) this.#strictStep(step, one);
      if (this.#cut) return;
    }
  }

  #strictStep(step: Step, one: Placed): void {
    if (step.kind === 'notice') return;
    if (step.kind === 'texts') {
      for (const { field, check, value } of step.strictly(one)) this.#look(one, check, field, value);
      return;
    }
    for (const { field, value } of lenient(step, one)) this.#look(one, step.check, field, value);
    if (step.strictly === undefined) return;
    for (const { field, value } of step.strictly(one, this.#isQuietText))
      this.#look(one, step.check, field, value);
  }

  #look(placed: Placed, check: Check, field: string, value: unknown): void {
    if (typeof value !== 'string' || value === '') return;
    if (check === 'check_url' && this.#matcher.quiet.isQuiet(value)) return;
    for (const match of this.#matcher.strictly(check, value))
      this.#hit(placed, { check, field, value }, match);
    if (check !== 'check_url') return;
    const shortener = this.#matcher.shortener(value);
    if (shortener !== null && this.#shortened.length < MAX_ANSWERS)
      this.#shortened.push({ record: placed.index, field, shortener, value });
  }

  #hit(
    placed: Placed,
    { check, field, value }: { readonly check: Check; readonly field: string; readonly value: string },
    match: Match,
  ): void {
    const key = `${check} ${field}`;
    const seen = this.#seen.get(match.indicator);
    if (seen?.has(key) === true) return;
    if (seen === undefined) this.#seen.set(match.indicator, new Set([key]));
    else seen.add(key);
    if (this.#strict.length >= MAX_ANSWERS) this.#cut = true;
    else this.#strict.push({ record: placed.index, group: placed.group, field, check, match, value });
  }

  /** Results of a module nobody knows: every text that looks like a link. */
  everyLink(placed: readonly Placed[]): void {
    for (const one of placed) {
      this.#seen.clear();
      for (const { field, value } of texts(one.record)) {
        for (const link of looseLinks(field, value, this.#isQuietText))
          this.#look(one, 'check_url', field, link.value);
      }
      if (this.#cut) return;
    }
  }
}

/** Whether a rule looks at each record by itself, so that a large file need not be held. */
export const looksAtEach = (rule: ModuleRule): boolean =>
  (rule.before === undefined || rule.beforeEach === true) && rule.order === undefined;

/** Values for the mode `strict`: where the reference would give up there are none. */
function lenient(step: CheckStep, placed: Placed): readonly Observed[] {
  try {
    return step.values(placed);
  } catch (thrown) {
    if (thrown instanceof ModuleFault) return [];
    throw thrown;
  }
}

/** Every text in a record with its place, walked without recursion and within bounds. */
function texts(record: unknown): { field: string; value: string }[] {
  const found: { field: string; value: string }[] = [];
  const open: { field: string; value: unknown; depth: number }[] = [{ field: '', value: record, depth: 0 }];
  let seen = 0;
  for (let next = open.pop(); next !== undefined && seen < MAX_VALUES_OF_RECORD; next = open.pop()) {
    seen += 1;
    const { field, value, depth } = next;
    if (typeof value === 'string') found.push({ field, value });
    if (depth === MAX_DEPTH || typeof value !== 'object' || value === null) continue;
    const inside: [string, unknown][] = Array.isArray(value)
      ? value.map((member, at) => [`${field}[${String(at)}]`, member])
      : Object.entries(value).map(([name, member]) => [field === '' ? name : `${field}.${name}`, member]);
    for (const [name, member] of inside.reverse())
      open.push({ field: name, value: member, depth: depth + 1 });
  }
  return found;
}
