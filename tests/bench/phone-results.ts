import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readStixBundle } from '#shared/surveillance/stix-bundle.ts';

/* Results of a phone as MVT writes them, of any size, with links planted that stand in a set of indicators. */

/** Modules of which results are made. */
export const MADE_MODULES = ['sms', 'safari_history'] as const;
export type MadeModule = (typeof MADE_MODULES)[number];

/** Links that are planted in each file; every one must become a finding. */
export const PLANTED = 500;

/** The published set, or one of the same size. */
export function setFile(folder: string): string {
  const published = join(process.cwd(), '../shared/data/stix/pegasus.stix2');
  const path = join(folder, 'set.stix2');
  if (existsSync(published)) writeFileSync(path, readFileSync(published));
  else
    writeFileSync(
      path,
      JSON.stringify({
        type: 'bundle',
        objects: Array.from({ length: 1_549 }, (_, at) => ({
          type: 'indicator',
          id: `indicator--${at}`,
          pattern: `[domain-name:value='invented-${at}-${at % 7}.com']`,
        })),
      }),
    );
  return path;
}

/** Domains of a set that both modes find in every one of the forms below. */
const hostsOf = (path: string): string[] =>
  readStixBundle(JSON.parse(readFileSync(path, 'utf8')), 'set', '2026-11-22')
    .indicators.filter(({ type, value }) => type === 'domains' && /^[^w.][^.]*\.[^.]+$/u.test(value))
    .map(({ value }) => value);

/** The six forms in which a planted link stands. */
const FORMS: readonly ((host: string) => string)[] = [
  (host) => `https://${host}/a`,
  (host) => `http://${host}/a`,
  (host) => `https://www.${host}/a`,
  (host) => `https://m.${host}/a`,
  (host) => `https://${host}:8443/a`,
  (host) => `https://${host.toUpperCase()}/a`,
];

const time = (at: number): string =>
  `${new Date(1_567_000_000_000 + at * 60_000).toISOString().slice(0, 19).replace('T', ' ')}.000000`;

/** Fields in the order and number of the tool's own results for an iPhone. */
const smsRecord = (at: number, url: string): object => ({
  ROWID: at,
  guid: `FDC6EC94-9D5A-434D-90FA-${String(at).padStart(12, '0')}`,
  text: `Te mando la nota de hoy ${url} avísame`,
  handle_id: 1 + (at % 40),
  service: 'SMS',
  account: null,
  date: 588813210539788032,
  date_read: 588813210539900000,
  is_from_me: 0,
  phone_number: `+52155${String(10_000_000 + (at % 9_999_999))}`,
  isodate: time(at),
  isodate_read: time(at + 1),
  direction: 'received',
  links: [url],
});

const safariRecord = (at: number, url: string): object => ({
  id: at,
  url,
  visit_id: at,
  timestamp: 588_813_210.5 + at,
  isodate: time(at),
  redirect_source: null,
  // One visit in fifty goes over http and on: what made the reference slow.
  redirect_destination: at % 50 === 0 ? at + 1 : null,
  safari_history_db: 'HomeDomain/Library/Safari/History.db',
});

const ascii = (text: string): string =>
  text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A module's results as the tool writes them: a list, indented by four, ASCII only, written in pieces. */
function writeModule(
  path: string,
  count: number,
  hosts: readonly string[],
  record: (at: number, url: string) => object,
): void {
  const file = openSync(path, 'wx', 0o600);
  const every = Math.max(1, Math.floor(count / PLANTED));
  let text = '[';
  let planted = 0;
  for (let at = 0; at < count; at += 1) {
    let url = `http${at % 50 === 0 ? '' : 's'}://s${at % 977}.sitio-${(at * 7_919) % 50_021}.com.mx/nota/${at}?id=${at % 13}`;
    if (at % every === 1 && planted < PLANTED) {
      const form = FORMS[planted % FORMS.length] ?? ((host: string) => host);
      url = form(hosts[(planted * 31) % hosts.length] ?? '');
      planted += 1;
    }
    const indented = JSON.stringify(record(at, url), null, 4).replaceAll('\n', '\n    ');
    text += `${at === 0 ? '' : ','}\n    ${ascii(indented)}`;
    if (text.length > 4_000_000) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, `${text}\n]`);
  closeSync(file);
}

/** Writes `count` records of a module to `path`, which must not exist, with links of the set in the file `set`. */
export const writeResults = (path: string, module: MadeModule, count: number, set: string): void =>
  writeModule(path, count, hostsOf(set), module === 'safari_history' ? safariRecord : smsRecord);
