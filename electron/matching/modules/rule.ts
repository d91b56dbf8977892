import type { Check, Match } from '#shared/surveillance/indicators.ts';
import type { MvtMatcher } from '../mvt-checks.ts';

export type AlertLevel = 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';

/** One record of a module's results, as it stands in the file. */
export type ModuleRecord = Readonly<Record<string, unknown>>;

/** A record with its place: running number over the whole file, and its key where the file is an object of lists. */
export interface Placed {
  readonly index: number;
  readonly group: string | null;
  readonly record: ModuleRecord;
}

/** What the reference says about a record, in its own words. */
export interface ModuleAlert {
  readonly level: AlertLevel;
  readonly message: string;
  /** As the record has it; the reference leaves it empty for most indicators. */
  readonly eventTime: unknown;
  readonly match: Match | null;
  readonly record: number;
  /** What was compared, where something was. */
  readonly observed?: Observed & { readonly check: Check };
}

/** A value that is checked, with the field in which it stands, such as `files[0].sha256`. */
export interface Observed {
  readonly field: string;
  readonly value: unknown;
}

/** Whether no link in a text can match; rules that search texts leave such ones out. */
export type IsQuiet = (text: string) => boolean;

/** What a hit ends: nothing, the other values of the same step, or the record. */
export type Stop = 'nothing' | 'step' | 'record';

/** Values of a record that are compared with indicators. */
export interface CheckStep {
  readonly kind: 'check';
  readonly check: Check;
  /** Values that the reference checks, in its order. May throw `ModuleFault` where it would fail. */
  readonly values: (placed: Placed) => readonly Observed[];
  /** Values that only an examiner would check, added to `values` for the mode `strict`. */
  readonly strictly?: (placed: Placed, isQuiet: IsQuiet) => readonly Observed[];
  readonly level: AlertLevel;
  readonly stop: Stop;
  /** Words of the reference where they are not those of the check. */
  readonly message?: (match: Match, value: unknown, placed: Placed) => string;
  readonly time?: (placed: Placed) => unknown;
}

/** A rule of the reference that needs no indicator. */
export interface NoticeStep {
  readonly kind: 'notice';
  /** `null`: nothing to say. `stop` ends the record. */
  readonly look: (
    placed: Placed,
    context: RuleContext,
  ) => { readonly alerts: readonly Notice[]; readonly stop?: boolean } | null;
  /** Left out by the reference when it runs without indicators. */
  readonly withIndicatorsOnly?: boolean;
}

/** A step with its own way of comparing, where the reference mixes two checks. */
export interface TextsStep {
  readonly kind: 'texts';
  /** Hits of the reference. `message: null`: the words of the check. */
  readonly look: (matcher: MvtMatcher, placed: Placed) => readonly TextHit[];
  readonly strictly: (placed: Placed) => readonly (Observed & { readonly check: Check })[];
}

export interface TextHit {
  readonly value: unknown;
  readonly check: Check;
  readonly match: Match;
  readonly message: string | null;
}

export type Step = CheckStep | NoticeStep | TextsStep;

export interface Notice {
  readonly level: AlertLevel;
  readonly message: string;
  readonly eventTime: unknown;
}

export interface RuleContext {
  /** Whether the reference has any indicator loaded: without, it leaves out more than the comparing. */
  readonly hasIndicators: boolean;
  /** For rules about age, `YYYY-MM-DD`; null leaves them out. */
  readonly today: string | null;
}

export interface PlacedNotice extends Notice {
  readonly record: number;
}

/** How one module's results are looked at. */
export interface ModuleRule {
  /** Rules over all records, before any record by itself; linear in their number. */
  readonly before?: (records: readonly Placed[], context: RuleContext) => Iterable<PlacedNotice>;
  /** `before` says of each record the same whether the others are there or not. */
  readonly beforeEach?: true;
  /** Steps of every record in the reference's order. */
  readonly steps: readonly Step[];
  /** Steps that the reference runs in a second pass over the records. */
  readonly later?: readonly Step[];
  /** Order in which the reference looks at the records, where it is not that of the file. */
  readonly order?: (records: readonly Placed[]) => readonly Placed[];
  /** The reference never looks at records of this module (mode `mvt` stays empty). */
  readonly strictOnly?: boolean;
}

/** An error with which the reference would give up on the module; the mode `strict` goes on. */
export class ModuleFault extends Error {
  readonly error: 'KeyError' | 'AttributeError' | 'TypeError';

  constructor(error: ModuleFault['error'], message: string) {
    super(message);
    this.name = 'ModuleFault';
    this.error = error;
  }
}

/** A field that the reference takes for granted. Throws `ModuleFault` where it is missing. */
export const need = (record: ModuleRecord, key: string): unknown => {
  if (!Object.hasOwn(record, key)) throw new ModuleFault('KeyError', `'${key}'`);
  return record[key];
};

/** A field that may be missing. */
export const get = (record: ModuleRecord, key: string, otherwise: unknown = undefined): unknown =>
  Object.hasOwn(record, key) ? record[key] : otherwise;

/** Whether Python takes a value for true: zero, empty and nothing are not. */
export const truthy = (value: unknown): boolean => {
  if (value === undefined || value === null || value === false || value === '') return false;
  if (value === 0 || value === 0n) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== 'object' || Object.keys(value).length > 0;
};

/** A value in the words of the reference: `None`, `True`, and text as it is. */
export const word = (value: unknown): string => {
  if (value === undefined || value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return JSON.stringify(value, (_key, held: unknown) => (typeof held === 'bigint' ? String(held) : held));
};

const PYTHON_TYPES: Readonly<Record<string, string>> = {
  number: 'int',
  bigint: 'int',
  boolean: 'bool',
  undefined: 'NoneType',
};

/** Text on which the reference calls a method; anything else ends its run. */
export const textFor = (value: unknown, method: string): string => {
  if (typeof value === 'string') return value;
  const type =
    value === null
      ? 'NoneType'
      : Array.isArray(value)
        ? 'list'
        : (PYTHON_TYPES[typeof value] ?? (typeof value === 'object' ? 'dict' : typeof value));
  throw new ModuleFault('AttributeError', `'${type}' object has no attribute '${method}'`);
};

export const isRecord = (value: unknown): value is ModuleRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A step that compares one field. */
export const field = (
  key: string,
  check: Check,
  options: Partial<Pick<CheckStep, 'level' | 'stop' | 'message' | 'time' | 'strictly'>> & {
    /** The reference does not ask whether the field is there. */
    readonly needed?: boolean;
  } = {},
): CheckStep => {
  const { needed = true, level = 'CRITICAL', stop = 'record', ...rest } = options;
  return {
    kind: 'check',
    check,
    level,
    stop,
    values: ({ record }) => [{ field: key, value: needed ? need(record, key) : get(record, key) }],
    ...rest,
  };
};

/** Fields of which the first that hits is told. */
export const firstOf = (keys: readonly string[], check: Check): CheckStep => ({
  kind: 'check',
  check,
  level: 'CRITICAL',
  stop: 'step',
  values: ({ record }) => keys.map((key) => ({ field: key, value: get(record, key) })),
});

/** Members of a list as observed values. */
export const members = (key: string, list: unknown): Observed[] =>
  asList(list).map((value, at) => ({ field: `${key}[${String(at)}]`, value }));

/** A step that speaks without indicators. */
export const notice = (look: NoticeStep['look'], withIndicatorsOnly = false): NoticeStep => ({
  kind: 'notice',
  look,
  withIndicatorsOnly,
});
