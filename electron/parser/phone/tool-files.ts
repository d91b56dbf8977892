import { StringDecoder } from 'node:string_decoder';
import type { PhoneClock, PhoneFound } from '#shared/parser/phone.ts';
import { isRecord } from '../../matching/modules/rule.ts';
import { CsvRows, withoutDoubling } from './csv-rows.ts';
import { clockOf } from './file-kinds.ts';
import {
  cutLine,
  cutName,
  emptyFound,
  excerptOf,
  levelOf,
  recordHash,
  timeOf,
  typeOf,
  type PhoneContext,
} from './found.ts';
import { JsonRecords, type ReadRecord } from './json-records.ts';
import { Lines, type MemberReader, type MemberSays } from './member-readers.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const cut = (value: string, max: number): string => cutLine(value).slice(0, max);

/** How a tool names the indicator that it found. */
function indicatorOf(value: unknown): PhoneFound['toolIndicator'] {
  if (!isRecord(value)) return null;
  return {
    value: cutLine(text(value['value'])),
    type: typeOf(value['type']),
    collection: cutLine(text(value['name'])),
    set: cutLine(text(value['stix2_file_name'])),
  };
}

/** Every observed value is not in the tool's words; the field that holds the indicator's value comes nearest. */
function observedIn(record: unknown, indicator: string): { field: string; observed: string } {
  if (isRecord(record) && indicator !== '') {
    const lower = indicator.toLowerCase();
    for (const [field, value] of Object.entries(record)) {
      if (field === 'matched_indicator') continue;
      const texts = Array.isArray(value) ? value : [value];
      for (const [at, one] of texts.entries()) {
        if (typeof one !== 'string' || !one.toLowerCase().includes(lower)) continue;
        const place = Array.isArray(value) ? `${field}[${String(at)}]` : field;
        return { field: place.slice(0, 500), observed: cutLine(one) };
      }
    }
  }
  return { field: '', observed: cutLine(indicator) };
}

/**
 * What a tool had found itself: lists of alerts (`alerts.json`, and `*_detected.json` since 2026), or the records
 * themselves with a mark (`*_detected.json` before). Its words and its levels stay as they are.
 */
export class ToolFound implements MemberReader {
  readonly #context: PhoneContext;
  readonly #path: string;
  readonly #module: string;
  readonly #records: JsonRecords;
  #strange = 0;
  #cut = false;

  constructor(context: PhoneContext, path: string, module: string) {
    this.#context = context;
    this.#path = path;
    this.#module = module;
    this.#records = new JsonRecords((read) => this.#take(read), null);
  }

  push(bytes: Uint8Array): void {
    this.#records.push(bytes);
  }

  #take({ value, index }: ReadRecord): void {
    if (!isRecord(value)) {
      this.#strange += 1;
      return;
    }
    const isAlert = typeof value['level'] === 'string' && typeof value['message'] === 'string';
    const event = isAlert ? value['event'] : value;
    const module = isAlert ? text(value['module']) || this.#module : this.#module;
    const indicator = indicatorOf(value['matched_indicator']);
    const taken = this.#context.out.found({
      ...emptyFound({ path: this.#path, module, record: index, clock: clockOf(module, event) }),
      source: 'tool',
      sameAs: recordHash(event),
      ...observedIn(event, indicator?.value ?? ''),
      time: (isAlert ? cut(text(value['event_time']), 100) : '') || timeOf(event),
      level: isAlert ? levelOf(value['level']) : indicator === null ? 'medium' : 'critical',
      message: isAlert ? cutLine(text(value['message'])) : '',
      toolIndicator: indicator,
      excerpt: excerptOf(event),
    });
    if (!taken) this.#cut = true;
  }

  end(): MemberSays {
    const { reason, faultAt } = this.#records.end();
    return {
      reason: reason ?? (this.#cut ? 'tooManyResults' : null),
      faultAt,
      records: this.#records.records,
      strange: this.#strange,
      oddities: this.#records.oddities,
    };
  }
}

/** `alerts_timeline.csv`: time, module, message, and the record in Python's own notation, which stays text. */
export class AlertsTimeline implements MemberReader {
  readonly #context: PhoneContext;
  readonly #rows: CsvRows;
  #count = 0;
  #strange = 0;
  #cut = false;

  constructor(context: PhoneContext, path: string) {
    this.#context = context;
    this.#rows = new CsvRows((row, index) => {
      if (row[0] === 'Event Time') return;
      if (row.length !== 4) {
        this.#strange += 1;
        return;
      }
      const [time = '', module = '', message = '', event = ''] = row.map(withoutDoubling);
      this.#count += 1;
      const taken = this.#context.out.found({
        ...emptyFound({ path, module, record: index, clock: clockOf(module, null) }),
        source: 'tool',
        time: cut(time, 100),
        level: 'medium',
        message: cutLine(message),
        excerpt: event === '' ? [] : [{ name: 'event', value: cut(event, 2_000) }],
      });
      if (!taken) this.#cut = true;
    });
  }

  push(bytes: Uint8Array): void {
    this.#rows.push(bytes);
  }

  end(): MemberSays {
    const reason = this.#rows.end() ? null : 'endsEarly';
    return {
      reason: reason ?? (this.#cut ? 'tooManyResults' : null),
      records: this.#count,
      strange: this.#strange,
    };
  }
}

const HEADERS: Readonly<Record<string, PhoneClock>> = {
  'UTC Timestamp': 'utc',
  'Device Local Timestamp': 'deviceLocal',
};
const MAX_KNOWN_ROWS = 1_000_000;

/** `timeline.csv`: counted, its span and its clock told. Older versions appended a second header and all rows again. */
export class Timeline implements MemberReader {
  readonly #rows: CsvRows;
  readonly #seen = new Set<number>();
  #clock: PhoneClock = 'unknown';
  #count = 0;
  #headers = 0;
  #duplicates = 0;
  #strange = 0;
  #first = '';
  #last = '';

  constructor() {
    this.#rows = new CsvRows((row) => this.#row(row));
  }

  push(bytes: Uint8Array): void {
    this.#rows.push(bytes);
  }

  #row(row: string[]): void {
    const [time = ''] = row;
    const clock = Object.hasOwn(HEADERS, time) ? HEADERS[time] : undefined;
    if (clock !== undefined) {
      this.#headers += 1;
      this.#clock = clock;
      return;
    }
    if (row.length !== 4) {
      this.#strange += 1;
      return;
    }
    // Rows are only compared after a second header, where the tool wrote everything again.
    const hash = rowHash(row);
    if (this.#headers > 1 && this.#seen.has(hash)) {
      this.#duplicates += 1;
      return;
    }
    if (this.#seen.size < MAX_KNOWN_ROWS) this.#seen.add(hash);
    this.#count += 1;
    if (time === '') return;
    if (this.#first === '' || time < this.#first) this.#first = time;
    if (time > this.#last) this.#last = time;
  }

  end(): MemberSays {
    const whole = this.#rows.end();
    return {
      reason: whole ? null : 'endsEarly',
      records: this.#count,
      strange: this.#strange,
      clock: this.#clock,
      timeline: {
        first: cutLine(this.#first),
        last: cutLine(this.#last),
        repeatedHeaders: Math.max(0, this.#headers - 1),
        duplicateRows: this.#duplicates,
      },
    };
  }
}

/** 53 bits of a row: enough to tell the rows of one phone apart, small enough to keep a million of them. */
function rowHash(row: readonly string[]): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (const cell of row) {
    for (let at = 0; at < cell.length; at += 1) {
      const unit = cell.charCodeAt(at);
      high = Math.imul(high ^ unit, 2_654_435_761);
      low = Math.imul(low ^ unit, 1_597_334_677);
    }
    high = Math.imul(high ^ 31, 2_246_822_507);
  }
  return (high & 0x1fffff) * 4_294_967_296 + (low >>> 0);
}

const REFERENCE = /Reference hash of the info\.json file: "([0-9a-f]{64})"/u;

/** `command.log`: which tool for which platform, how often it ran here, and the hash that it gave `info.json`. */
export class CommandLog implements MemberReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #lines: Lines;
  #platform: 'ios' | 'android' | 'unknown' = 'unknown';
  #hash: string | null = null;
  #runs = 0;
  #first = '';
  #count = 0;

  constructor() {
    this.#lines = new Lines((line, index) => this.#line(line, index), 65_536);
  }

  push(bytes: Uint8Array): void {
    this.#lines.text(this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  }

  #line(line: string, index: number): void {
    this.#count += 1;
    if (index === 0) this.#first = cutLine(line);
    if (/ - mvt\.ios\./u.test(line)) this.#platform = 'ios';
    else if (/ - mvt\.android\./u.test(line)) this.#platform = 'android';
    if (/ - INFO - (?:Checking |Parsing .*backup|Starting )/u.test(line)) this.#runs += 1;
    const hash = REFERENCE.exec(line)?.[1];
    if (hash !== undefined) this.#hash = hash;
  }

  end(): MemberSays {
    this.#lines.text(this.#decoder.end());
    this.#lines.end();
    return {
      records: this.#count,
      clock: 'analystLocal',
      log: {
        platform: this.#platform,
        infoHash: this.#hash,
        runs: this.#runs,
        firstLine: cutName(this.#first),
      },
    };
  }
}
