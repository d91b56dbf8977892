import type { Hit } from '#shared/contract/examinations.ts';
import type { PhoneClock, PhoneFile, PhoneFound } from '#shared/parser/phone.ts';
import type { How, Indicator, Match } from '#shared/surveillance/indicators.ts';
import { differenceOf } from '../../../../matching/differences.ts';
import { FORMER_NAMES } from '../../../../matching/modules/modules.ts';
import { keptTexts, type NewFinding } from '../examinations/finding-store-repo.ts';
import type { PhoneReading } from './phone-session.ts';

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
const today = (module: string): string =>
  Object.hasOwn(FORMER_NAMES, module) ? (FORMER_NAMES[module] ?? module) : module;

/** Whose clock wrote the records of each folder, where the log or the timeline of the tool tells. */
function clocksOf(files: readonly PhoneFile[]): Map<string, PhoneClock> {
  const clocks = new Map<string, PhoneClock>();
  for (const file of files) {
    const folder = folderOf(file.path);
    if (file.log !== null && file.log.platform !== 'unknown' && !clocks.has(folder))
      clocks.set(folder, file.log.platform === 'ios' ? 'utc' : 'deviceLocal');
    if (file.timeline !== null && file.clock !== 'unknown') clocks.set(folder, file.clock);
  }
  return clocks;
}

/** `YYYY-MM-DDTHH:MM:SS` for the order of times, or empty. */
const whenKey = (time: string): string => {
  const found = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})/u.exec(time);
  return found === null ? '' : `${found[1] ?? ''}T${found[2] ?? ''}`;
};

const matchOf = (list: readonly Indicator[], place: { at: number; how: string }): Match | null => {
  const indicator = list[place.at];
  // The place comes from the parser; one that does not exist is a lie and tells nothing.
  return indicator === undefined ? null : { indicator, how: place.how as How };
};

const hitOf = (mode: Hit['mode'], { indicator, how }: Match): Hit => ({
  mode,
  indicator: indicator.value,
  type: indicator.type,
  collection: indicator.collection,
  set: indicator.set,
  how,
  state: indicator.state ?? null,
});

/** What the tool itself says of its indicator, in the form of our own hits. */
function toolHits({ toolIndicator }: PhoneFound): Hit[] {
  if (toolIndicator?.type == null) return [];
  const { value, type, collection, set } = toolIndicator;
  return [{ mode: 'mvt', indicator: value, type, collection, set, how: 'tool', state: null }];
}

/** Findings of the tool, each once although newer versions write them into two files. */
class ToolFindings {
  readonly #byRecord = new Map<string, PhoneFound[]>();
  /** Without an indicator, by their words: some alerts carry no record of which `own` could be the repetition. */
  readonly #byWords = new Map<string, PhoneFound[]>();
  readonly #all: PhoneFound[] = [];
  readonly #matched = new Set<PhoneFound>();

  /** @param found of the tool. @param own of comparing; what speaks of the same record is told by it alone. */
  constructor(found: readonly PhoneFound[], own: readonly PhoneFound[]) {
    const ownRecords = new Set(own.map((one) => ToolFindings.#place(one)));
    const told = new Set<string>();
    const words = new Set<string>();
    for (const one of found) {
      if (one.sameAs === '') continue;
      const place = [folderOf(one.path), today(one.module)];
      const key = [...place, one.sameAs, one.message, one.toolIndicator?.value ?? ''].join('\u0000');
      if (told.has(key)) continue;
      told.add(key);
      words.add([...place, one.message].join('\u0000'));
      this.#add(one);
    }
    // The table of alerts repeats what the lists say; it counts where the lists are not there.
    for (const one of found) {
      if (one.sameAs !== '') continue;
      const key = [folderOf(one.path), today(one.module), one.message].join('\u0000');
      if (!words.has(key)) this.#add(one);
    }
    for (const one of this.#all) {
      if (one.message === '' || one.toolIndicator !== null || ownRecords.has(ToolFindings.#place(one)))
        continue;
      const key = ToolFindings.#words(one);
      const list = this.#byWords.get(key);
      if (list === undefined) this.#byWords.set(key, [one]);
      else list.push(one);
    }
  }

  #add(one: PhoneFound): void {
    this.#all.push(one);
    const key = ToolFindings.#place(one);
    const list = this.#byRecord.get(key);
    if (list === undefined) this.#byRecord.set(key, [one]);
    else list.push(one);
  }

  static #place(one: PhoneFound): string {
    return [folderOf(one.path), today(one.module), one.sameAs].join('\u0000');
  }

  static #words(one: PhoneFound): string {
    return [folderOf(one.path), today(one.module), one.message].join('\u0000');
  }

  /** The tool's finding of which `own` is the repetition, or null. */
  match(own: PhoneFound, hits: readonly Hit[]): PhoneFound | null {
    for (const tool of this.#byRecord.get(ToolFindings.#place(own)) ?? []) {
      const value = tool.toolIndicator?.value.toLowerCase() ?? null;
      const same =
        value === null
          ? hits.length === 0 &&
            own.shortener === null &&
            (tool.message === '' || tool.message === own.message)
          : hits.some(({ indicator }) => indicator.toLowerCase() === value);
      if (!same) continue;
      this.#matched.add(tool);
      return tool;
    }
    return hits.length === 0 && own.shortener === null ? this.#sameWords(own) : null;
  }

  /** The tool said the same of the same results; each of its alerts answers for one finding. */
  #sameWords(own: PhoneFound): PhoneFound | null {
    const tool = this.#byWords.get(ToolFindings.#words(own))?.shift() ?? null;
    if (tool !== null) this.#matched.add(tool);
    return tool;
  }

  get rest(): PhoneFound[] {
    return this.#all.filter((one) => !this.#matched.has(one));
  }

  get total(): number {
    return this.#all.length;
  }
}

/** What was put together from one reading. */
export interface MergedFindings {
  readonly findings: readonly NewFinding[];
  readonly byTool: number;
  readonly shortened: number;
}

/**
 * Puts what the tool found and what comparing found side by side: one finding where both speak of the same record and
 * the same indicator, with the tool's words; the rest of both. What the tool had not found is marked.
 */
export function mergeFound(reading: PhoneReading): MergedFindings {
  const clocks = clocksOf(reading.files);
  const own = reading.found.filter((one) => one.source === 'own');
  const tool = new ToolFindings(
    reading.found.filter((one) => one.source === 'tool'),
    own,
  );
  const seenElsewhere = new Set(
    own.filter(({ module }) => module !== 'urls').map((one) => `${folderOf(one.path)}\u0000${one.observed}`),
  );
  const findings: NewFinding[] = [];
  let shortened = 0;
  const base = (one: PhoneFound) => ({
    module: one.module,
    record: one.record,
    field: one.field,
    observed: one.observed,
    // The place comes first: one import may hold the results of several runs.
    excerpt: [{ name: 'file', value: one.path }, ...one.excerpt],
    time: one.time,
    whenKey: whenKey(one.time),
    clock: one.clock === 'unknown' ? (clocks.get(folderOf(one.path)) ?? 'unknown') : one.clock,
  });
  for (const one of own) {
    // The list of all links repeats those of the modules.
    if (one.module === 'urls' && seenElsewhere.has(`${folderOf(one.path)}\u0000${one.observed}`)) continue;
    const mvt = one.mvt === null ? null : matchOf(reading.mvtIndicators, one.mvt);
    const strict = one.strict.flatMap((place) => matchOf(reading.indicators, place) ?? []);
    const hits = [...(mvt === null ? [] : [hitOf('mvt', mvt)]), ...strict.map((hit) => hitOf('strict', hit))];
    const told = tool.match(one, hits);
    if (one.shortener !== null) shortened += 1;
    findings.push({
      ...base(one),
      kind: hits.length > 0 ? 'indicator' : one.shortener === null ? 'heuristic' : 'shortenedLink',
      level: told === null || told.message === '' ? one.level : told.level,
      message: told === null || told.message === '' ? one.message : told.message,
      hits,
      difference: hits.length === 0 || one.check === null ? null : differenceOf(one.check, { mvt, strict }),
      shortener: one.shortener,
      newSinceTool: told === null && one.shortener === null,
    });
  }
  for (const one of tool.rest) {
    const hits = toolHits(one);
    findings.push({
      ...base(one),
      kind: hits.length > 0 ? 'indicator' : 'heuristic',
      level: one.level,
      message: one.message,
      hits,
      difference: null,
      shortener: null,
      newSinceTool: false,
    });
  }
  return { findings, byTool: tool.total, shortened };
}

/**
 * One finding as a key, and each of its hits: what tells whether an earlier pass knew it. Keys are made of what is kept
 * of it, for of earlier passes nothing else is there.
 */
export function findingKeys(finding: {
  readonly kind: string;
  readonly module: string;
  readonly record: number;
  readonly field: string;
  readonly message: string;
  readonly excerpt: readonly { readonly name: string; readonly value: string }[];
  readonly hits: readonly Hit[];
}): string[] {
  const { module, field, message, excerpt, hits } = keptTexts(finding);
  const file = excerpt[0]?.name === 'file' ? excerpt[0].value : '';
  const place = JSON.stringify([file, module, finding.record, field, finding.kind]);
  if (hits.length === 0) return [`${place} ${message}`];
  return hits.map(({ mode, indicator }) => `${place} ${mode} ${indicator}`);
}
