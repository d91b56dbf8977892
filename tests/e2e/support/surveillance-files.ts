import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { run } from './real-files.ts';

/** Invented indicators and results, in the forms that analysts hand around. */
export const EVIL = 'noticias-radio.example';
export const EVIL_SHOWN = 'noticias-radio[.]example';
export const SHORT = 'https://bit.ly/3xK9Qz';

const stix = (objects: readonly unknown[]): string =>
  JSON.stringify({ type: 'bundle', id: 'bundle--7d5f1d6e-2f3b-4a51-9d8e-5b8a6f1c0001', objects }, null, 1);

/** A set with a domain, a process, and one entry that no program can use. */
export const writeSet = (path: string): void => {
  const indicator = (id: string, pattern: string, type = 'stix'): unknown => ({
    type: 'indicator',
    spec_version: '2.1',
    id: `indicator--7d5f1d6e-2f3b-4a51-9d8e-5b8a6f1c00${id}`,
    created: '2026-10-02T00:00:00.000Z',
    modified: '2026-10-02T00:00:00.000Z',
    valid_from: '2026-10-02T00:00:00.000Z',
    indicator_types: ['malicious-activity'],
    pattern,
    pattern_type: type,
  });
  const malware = 'malware--7d5f1d6e-2f3b-4a51-9d8e-5b8a6f1c0099';
  const ids = ['10', '11'];
  writeFileSync(
    path,
    stix([
      { type: 'malware', spec_version: '2.1', id: malware, name: 'Campaña de la radio', is_family: false },
      indicator('10', `[domain-name:value='${EVIL}']`),
      indicator('11', `[process:name='bh-agent']`),
      indicator('12', 'rule any { condition: true }', 'yara'),
      ...ids.map((id) => ({
        type: 'relationship',
        spec_version: '2.1',
        id: `relationship--7d5f1d6e-2f3b-4a51-9d8e-5b8a6f1c01${id}`,
        relationship_type: 'indicates',
        source_ref: `indicator--7d5f1d6e-2f3b-4a51-9d8e-5b8a6f1c00${id}`,
        target_ref: malware,
      })),
    ]),
  );
};

/** A folder as the Mobile Verification Toolkit leaves it: messages, processes, facts of the run. */
export const writeResults = (folder: string): void => {
  mkdirSync(folder, { recursive: true });
  const message = (rowid: number, isodate: string, text: string, links: readonly string[]): unknown => ({
    ROWID: rowid,
    guid: `g-${String(rowid)}`,
    text,
    service: 'SMS',
    date: 785_000_000_000_000_000 + rowid,
    is_from_me: 0,
    phone_number: '000 555 01 99',
    isodate,
    direction: 'received',
    links,
  });
  const json = (name: string, value: unknown): void =>
    writeFileSync(join(folder, name), JSON.stringify(value, null, 4));
  json('sms.json', [
    message(1, '2026-11-15 10:02:00.000000', `Su recibo: https://${EVIL}/7715208s`, [
      `https://${EVIL}/7715208s`,
    ]),
    message(2, '2026-11-15 10:04:11.000000', `Vea https://a1.${EVIL}:30114/ hoy`, [
      `https://a1.${EVIL}:30114/`,
    ]),
    message(3, '2026-11-16 08:00:00.000000', 'La asamblea es a las seis.', []),
  ]);
  json('datausage.json', [
    {
      first_isodate: '2026-11-18 02:11:00.000000',
      isodate: '2026-11-18 02:11:00.000000',
      proc_name: 'bh-agent',
      bundle_id: null,
      proc_id: 4_211,
      wifi_in: 1.0,
      wifi_out: 2.0,
      wwan_in: 0.0,
      wwan_out: 0.0,
      live_id: 12,
      live_proc_id: 4_211,
      live_isodate: '2026-11-18 02:11:00.000000',
    },
  ]);
  json('info.json', {
    target_path: '/examen/copia',
    mvt_version: '2026.7.29',
    date: '2026-11-20 12:00:00.000000',
    ioc_files: ['/indicadores/radio.stix2'],
    hashes: [],
  });
};

/** A screenshot of a message, large enough for a recogniser. */
export const writeScreenshot = (path: string, lines: readonly string[]): void => {
  run('convert', [
    '-size',
    '1100x420',
    'xc:white',
    '-fill',
    'black',
    '-font',
    'DejaVu-Sans',
    '-pointsize',
    '34',
    ...lines.flatMap((line, at) => ['-annotate', `+40+${String(90 + at * 64)}`, line]),
    path,
  ]);
};
