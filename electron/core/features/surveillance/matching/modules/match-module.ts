import type { Check, Indicator, Match } from '#shared/surveillance/indicators.ts';
import type { Matcher } from '../matcher.ts';
import { looseLinks } from './links.ts';
import { ruleFor } from './modules.ts';
import { referenceWords } from './reference-words.ts';
import {
  isRecord,
  ModuleFault,
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
}

/** A link over a shortener: where it leads is not known, and nobody is asked. */
export interface ShortenedLink {
  readonly record: number;
  readonly field: string;
  readonly shortener: string;
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

class ModuleRun {
  readonly #matcher: Matcher;
  readonly #context: RuleContext;
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
  }

  answer(): Omit<ModuleAnswer, 'known'> {
    return {
      mvt: { alerts: this.#alerts, error: this.#error },
      strict: this.#strict,
      shortened: this.#shortened,
      cut: this.#cut,
    };
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
        this.#alert({ level: 'CRITICAL', message: words, eventTime: '', match, record: placed.index });
      }
      return false;
    }
    for (const { value } of step.values(placed)) {
      const match = this.#matcher.reference(step.check, value);
      if (match === null) continue;
      this.#alert({
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
      for (const step of [...rule.steps, ...(rule.later ?? [])]) {
        if (step.kind === 'notice') continue;
        if (step.kind === 'texts') {
          for (const { field, check, value } of step.strictly(one)) this.#look(one, check, field, value);
          continue;
        }
        for (const { field, value } of lenient(() => step.values(one)))
          this.#look(one, step.check, field, value);
        for (const { field, value } of step.strictly?.(one) ?? []) this.#look(one, step.check, field, value);
      }
      if (this.#cut) return;
    }
  }

  #look(placed: Placed, check: Check, field: string, value: unknown): void {
    if (typeof value !== 'string' || value === '') return;
    for (const match of this.#matcher.strictly(check, value)) this.#hit(placed, check, field, match);
    if (check !== 'check_url') return;
    const shortener = this.#matcher.shortener(value);
    if (shortener !== null && this.#shortened.length < MAX_ANSWERS)
      this.#shortened.push({ record: placed.index, field, shortener });
  }

  #hit(placed: Placed, check: Check, field: string, match: Match): void {
    const key = `${check} ${field}`;
    const seen = this.#seen.get(match.indicator);
    if (seen?.has(key) === true) return;
    if (seen === undefined) this.#seen.set(match.indicator, new Set([key]));
    else seen.add(key);
    if (this.#strict.length >= MAX_ANSWERS) this.#cut = true;
    else this.#strict.push({ record: placed.index, group: placed.group, field, check, match });
  }

  /** Results of a module nobody knows: every text that looks like a link. */
  everyLink(placed: readonly Placed[]): void {
    for (const one of placed) {
      this.#seen.clear();
      for (const { field, value } of texts(one.record)) {
        for (const link of looseLinks(field, value)) this.#look(one, 'check_url', field, link.value);
      }
      if (this.#cut) return;
    }
  }
}

/** Values for the mode `strict`: where the reference would give up there are none. */
function lenient(values: () => readonly Observed[]): readonly Observed[] {
  try {
    return values();
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
