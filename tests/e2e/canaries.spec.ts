import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { EmergencyPage } from '../pages/emergency-page.ts';
import { Hand } from '../pages/hand.ts';
import { IncidentPage } from '../pages/incident-page.ts';
import { MainPage } from '../pages/main-page.ts';
import { SearchOverlay } from '../pages/search-overlay.ts';
import { UnlockPage } from '../pages/unlock-page.ts';
import { wordsOf } from '../pages/words.ts';
import { tally } from '../support/tally.ts';

import { PASSPHRASE, valueOf } from './support/bridge.ts';
import { dropFiles } from './support/drop.ts';
import { PROJECT } from './support/host.ts';
import { letter, missingCommands, photograph } from './support/real-files.ts';
import { expect, test } from './support/test.ts';
import { alertOf } from './support/vault-steps.ts';

/**
 * Words that occur nowhere else are put into every kind of field of a vault, by hand and through the application's
 * contract; then a program of another make looks for them in everything that the whole run wrote: vault, profile,
 * the browser's own profile, home, temporary files, open or locked.
 */
const WORDS = {
  title: 'Zarzamora Quetzalpetl',
  narrative: 'tlacuachín barrunta chubascos',
  place: 'Cerro Ñandubay Xilotepec',
  caller: 'Eufrosina Tzintzuntzan',
  person: 'Melquíades Huitzilac Ocotitla',
  phone: '000 555 73 91',
  note: 'ajolote susurrante ámbar',
  inFile: 'Desaguadero Papaloapan',
  fileName: 'guacharaca-zempoala',
  wrong: 'colibrí ventisquero naufragio pardo',
  passphrase: PASSPHRASE,
} as const;

const PYTHON = '/usr/bin/python3';
const words = wordsOf('es');
const { t } = words;

interface Scan {
  files: number;
  bytes: number;
  decoded: Record<string, number>;
  hits: { path: string; canary: string; form: string; inside: string[] }[];
  unreadable: number;
}

const scan = (roots: readonly string[], canaries: readonly string[]): Scan =>
  JSON.parse(
    execFileSync(PYTHON, [join(PROJECT, 'tests/security/canary_scan.py')], {
      input: JSON.stringify({ roots, canaries }),
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    }),
  ) as Scan;

const procOf = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map(Number);

/** Folders that browsers below this process use as their profile. */
const browserProfiles = (): string[] => {
  const found = new Set<string>();
  for (const pid of procOf()) {
    try {
      const folder = /--user-data-dir=([^\0]+)/u.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1];
      if (
        folder !== undefined &&
        readFileSync(`/proc/${pid}/environ`, 'utf8').includes(process.env['HOME'] ?? '?')
      )
        found.add(folder);
    } catch {
      // It ended meanwhile, or is not ours.
    }
  }
  return [...found];
};

/** Processes that have a file below this folder open. */
const holders = (folder: string): string[] =>
  procOf().flatMap((pid) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
        const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
        return target.startsWith(folder) ? [`${pid}: ${target.slice(folder.length)}`] : [];
      });
    } catch {
      return [];
    }
  });

const hasModules = (): boolean => spawnSync(PYTHON, ['-c', 'import brotli, zstandard, snappy']).status === 0;

const kept = { home: process.env['HOME'], temporary: process.env['TMPDIR'] };
test.afterEach(() => {
  for (const [name, value] of [
    ['HOME', kept.home],
    ['TMPDIR', kept.temporary],
  ] as const) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

test('nothing that was entered lies anywhere in clear, while open, locked and after the end', async ({
  launch,
  folder,
}) => {
  const missing = missingCommands(['convert', 'exiftool']);
  if (process.env['CI'] === 'true') expect(hasModules(), 'CI must have the Python modules').toBe(true);
  test.skip(
    missing.length > 0 || !hasModules(),
    'needs imagemagick, exiftool, python3-brotli, -zstandard, -snappy',
  );
  test.setTimeout(300_000);
  // Of this test alone, so that what the scan finds is ours.
  const home = join(folder, 'home');
  const temporary = join(folder, 'tmp');
  const sources = join(folder, 'originals');
  for (const path of [home, temporary, sources]) mkdirSync(path);
  process.env['HOME'] = home;
  process.env['TMPDIR'] = temporary;

  const app = await launch({ profileFolder: join(folder, 'profile') });
  await new UnlockPage(await app.window('unlock'), words).createPracticeVault('Ixchel Robledo', PASSPHRASE);
  let page = await app.window('main');
  const main = new MainPage(page, words);
  await main.heading(t('today:title')).waitFor();
  const photo = join(sources, `${WORDS.fileName}.jpg`);
  const paper = join(sources, 'constancia.pdf');
  photograph(photo, WORDS.inFile);
  letter(paper, WORDS.inFile);

  const hand = new Hand(page);
  await main.create('Emergency', hand);
  const form = await new EmergencyPage(page, words).opened();
  await form.answer(
    {
      safe: 'no',
      what: `${WORDS.narrative}. Avisar al ${WORDS.phone}.`,
      where: WORDS.place,
      caller: WORDS.caller,
    },
    hand,
  );
  await dropFiles(page, form.files.drop, [photo, paper]);
  await expect(form.files.sealed(`${WORDS.fileName}.jpg`)).toBeVisible({ timeout: 60_000 });
  await expect(form.files.sealed('constancia.pdf')).toBeVisible({ timeout: 60_000 });
  await hand.press('Control+Enter');
  await new IncidentPage(page, words).opened('tlacuach');
  const { id: caseId } = await valueOf<{ id: string }>(page, 'cases.open', {
    title: WORDS.title,
    state: 'active',
    summary: WORDS.narrative,
    openedDay: '2026-05-27',
    language: { kind: 'notAsked' },
    interpreter: 'notAsked',
    safeChannel: { medium: WORDS.phone, hours: '', avoid: '' },
    placeOrigin: WORDS.place,
    placeRefuge: '',
  });
  await valueOf(page, 'persons.record', { name: WORDS.person, aliases: [WORDS.caller] });
  await valueOf(page, 'notes.write', { caseId, kind: 'work', body: WORDS.note });
  await valueOf(page, 'drafts.save', {
    id: 'half-written',
    form: 'incident',
    title: WORDS.title,
    payload: JSON.stringify({ what: WORDS.note }),
  });
  const search = await new SearchOverlay(page, words).open();
  await search.find('tlacuachin', 'tlacuach');
  await page.evaluate((text) => (globalThis as unknown as Bridge).resguardo.copy(text), WORDS.note);

  const roots = [...new Set([home, temporary, app.profileFolder, ...browserProfiles()])].filter(existsSync);
  // The browser's own profile is among what is looked at.
  expect(roots.length).toBeGreaterThan(2);
  const canaries = Object.values(WORDS);
  const open = scan(roots, canaries);
  expect(open.hits).toEqual([]);

  await main.lock();
  let unlock = await app.window('unlock');
  await expect.poll(() => holders(app.profileFolder).filter((one) => one.includes('vault-'))).toEqual([]);
  const locked = scan(roots, canaries);
  expect(locked.hits).toEqual([]);
  await new UnlockPage(unlock, words).unlock(WORDS.wrong);
  await expect.poll(() => alertOf(app)).not.toBe('');
  unlock = await app.window('unlock');
  await new UnlockPage(unlock, words).unlock(PASSPHRASE);
  page = await app.window('main');
  await new MainPage(page, words).heading(t('today:title')).waitFor();
  // The control of the look at open files: while the vault is open, somebody holds it.
  expect(holders(app.profileFolder).some((one) => one.includes('vault-'))).toBe(true);

  const planted = join(temporary, 'planted');
  mkdirSync(planted);
  const control = 'Pirinola Cuauhtémoc Espejuelo';
  const names = execFileSync(PYTHON, [join(PROJECT, 'tests/security/plant_canaries.py'), planted, control], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n');
  const last = scan(roots, [...canaries, control]);
  const found = new Set(last.hits.filter(({ canary }) => canary === control).map(({ path }) => path));
  expect(names.filter((name) => !found.has(join(planted, name)))).toEqual([]);
  const stores = new Set(last.hits.flatMap(({ inside }) => inside));
  expect([...stores].sort()).toEqual(['brotli', 'gzip', 'leveldb', 'name', 'zip', 'zlib', 'zstd']);
  expect(last.hits.filter(({ canary }) => canary !== control)).toEqual([]);
  rmSync(planted, { recursive: true });

  await app.close();
  const after = scan(roots.filter(existsSync), canaries);
  expect(after.hits).toEqual([]);
  const bytes = open.bytes + locked.bytes + last.bytes + after.bytes;
  tally({
    kind: 'canary bytes scanned',
    what: `${canaries.length} words in what a run wrote: open, locked, unlocked, ended`,
    done: bytes,
    failures: 0,
    control: `a planted word was found in ${found.size} places of ${names.length + 1}`,
  });
  expect(open.files).toBeGreaterThan(20);
});

interface Bridge {
  resguardo: { copy(text: string): Promise<void> };
}
