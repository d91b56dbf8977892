import { join } from 'node:path';
import type { CallInput } from '#shared/contract/index.ts';
import type { CaseId } from '#shared/model/ids.ts';
import { PRESETS } from '#shared/model/roster.ts';
import { bareDatabase, type BareDatabase } from './bare-database.ts';
import { PASSPHRASE, benchCore, quantile, timed, type BenchCore } from './bench-core.ts';
import type { Measure } from './report.ts';
import { seeded, textOf, VOCABULARY, wordAt } from './words.ts';

const WORDS_IN_INCIDENT = 120;
const ROUNDS = 200;

const day = (number: number): string =>
  new Date(Date.UTC(2010, 0, 1 + (number % 5_800))).toISOString().slice(0, 10);

const caseInput = (number: number): CallInput<'cases.open'> => ({
  code: `EXP-${2_000 + (number % 20)}-${number}`,
  title: `Expediente ficticio ${number}`,
  state: 'active',
  summary: '',
  openedDay: day(number),
  language: { kind: 'notAsked' },
  interpreter: 'notAsked',
  safeChannel: { medium: '', hours: '', avoid: '' },
  placeOrigin: '',
  placeRefuge: '',
});

const incidentInput = (
  caseId: CaseId | null,
  number: number,
  narrative: string,
): CallInput<'incidents.record'> => ({
  caseId,
  title: `Incidente ${number}`,
  happened: { kind: 'day', day: day(number) },
  narrative,
});

/** Fills a vault through the contract, as people would, and a bare database with the same texts. */
const fill = async (
  bench: BenchCore,
  bare: BareDatabase,
  cases: number,
  incidents: number,
): Promise<void> => {
  const random = seeded(1);
  const ids: CaseId[] = [];
  for (let i = 0; i < cases; i += 1) ids.push((await bench.call('cases.open', caseInput(i))).id);
  let batch: { happened: string; text: string }[] = [];
  for (let i = 0; i < incidents; i += 1) {
    const text = textOf(random, WORDS_IN_INCIDENT);
    await bench.call('incidents.record', incidentInput(ids[i % ids.length] ?? null, i, text));
    batch.push({ happened: day(i), text });
    if (batch.length === 2_000 || i === incidents - 1) {
      bare.insertMany(batch);
      batch = [];
      if (process.stderr.isTTY) process.stderr.write(`\r${i + 1} incidents`);
    }
  }
};

const saving = async (bench: BenchCore, bare: BareDatabase): Promise<Measure[]> => {
  const random = seeded(2);
  const ours: number[] = [];
  const narrow: number[] = [];
  const theirs: number[] = [];
  const indexed: number[] = [];
  /* By turns, so that whatever else the machine does falls on all. */
  for (let i = 0; i < ROUNDS; i += 1) {
    const text = textOf(random, WORDS_IN_INCIDENT);
    ours.push(await timed(() => bench.call('incidents.record', incidentInput(null, i, text))));
    theirs.push(await timed(() => bare.insertIncident(day(i), text)));
    narrow.push(await timed(() => bare.insertOne(day(i), text)));
    indexed.push(await timed(() => bare.insertIndexed(day(i), text)));
  }
  const [mine, other] = [quantile(ours, 0.5), quantile(theirs, 0.5)];
  const [least, both] = [quantile(narrow, 0.5), quantile(indexed, 0.5)];
  return [
    {
      work: 'save one incident',
      ours: `${mine.toFixed(1)} ms`,
      against: 'bare SQLCipher insert of the row, FULL',
      theirs: `${other.toFixed(1)} ms`,
      value: mine / other,
      atMost: 3,
      unit: 'times',
    },
    {
      work: 'save one incident',
      ours: `${mine.toFixed(1)} ms`,
      against: 'bare insert of two columns with one index',
      theirs: `${least.toFixed(1)} ms`,
      value: mine / least,
      atMost: null,
      unit: 'times',
    },
    {
      work: 'save one incident',
      ours: `${mine.toFixed(1)} ms`,
      against: 'the same two columns and a full-text index',
      theirs: `${both.toFixed(1)} ms`,
      value: mine / both,
      atMost: null,
      unit: 'times',
    },
  ];
};

/** One or two words from frequent to rare, and beginnings of words. */
const queries = (): { ours: string; bare: string }[] => {
  const random = seeded(3);
  return Array.from({ length: ROUNDS }, (_, i) => {
    const one = wordAt(Math.floor(VOCABULARY ** (0.3 + 0.7 * random())));
    const two = wordAt(Math.floor(VOCABULARY ** (0.3 + 0.7 * random())));
    return i % 2 === 0
      ? { ours: one, bare: `"${one}"*` }
      : { ours: `${one} ${two}`, bare: `"${one}"* "${two}"*` };
  });
};

const searching = async (bench: BenchCore, bare: BareDatabase, incidents: number): Promise<Measure[]> => {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (const { ours: mine, bare: other } of queries()) {
    ours.push(await timed(() => bench.call('search.everything', { text: mine, limit: 50 })));
    theirs.push(await timed(() => bare.search(other)));
  }
  const [mine, other] = [quantile(ours, 0.95), quantile(theirs, 0.95)];
  const [mineMedian, otherMedian] = [quantile(ours, 0.5), quantile(theirs, 0.5)];
  return [
    {
      work: `search ${incidents} incidents, p95`,
      ours: `${mine.toFixed(1)} ms`,
      against: 'limit',
      theirs: '',
      value: mine,
      atMost: 50,
      unit: 'ms',
    },
    {
      work: 'search, p95',
      ours: `${mine.toFixed(1)} ms`,
      against: 'bare FTS5',
      theirs: `${other.toFixed(1)} ms`,
      value: mine / other,
      atMost: 1.5,
      unit: 'times',
    },
    {
      work: 'search, median',
      ours: `${mineMedian.toFixed(1)} ms`,
      against: 'bare FTS5',
      theirs: `${otherMedian.toFixed(1)} ms`,
      value: mineMedian / otherMedian,
      atMost: null,
      unit: 'times',
    },
  ];
};

const listing = async (bench: BenchCore, bare: BareDatabase, incidents: number): Promise<Measure[]> => {
  const random = seeded(4);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    const offset = Math.floor(random() * incidents);
    ours.push(await timed(() => bench.call('incidents.list', { offset, limit: 100 })));
    theirs.push(await timed(() => bare.page(offset)));
  }
  const [mine, other] = [quantile(ours, 0.95), quantile(theirs, 0.95)];
  return [
    {
      work: `any page of ${incidents} incidents, p95`,
      ours: `${mine.toFixed(1)} ms`,
      against: 'limit',
      theirs: '',
      value: mine,
      atMost: 50,
      unit: 'ms',
    },
    {
      work: 'any page, p95',
      ours: `${mine.toFixed(1)} ms`,
      against: 'bare SQL',
      theirs: `${other.toFixed(1)} ms`,
      value: mine / other,
      atMost: 2,
      unit: 'times',
    },
  ];
};

/** As many people as a header has room for: fifteen beside the founder, who has one passphrase like everybody. */
const fillSlots = async (bench: BenchCore): Promise<void> => {
  const random = seeded(5);
  for (let i = 1; i < 16; i += 1) {
    const { ticket } = await bench.call('slots.prepare', {
      purpose: 'slots.add',
      name: `Persona ${i}`,
      powers: [...PRESETS.team],
    });
    const passphrase = `${textOf(random, 7)} ${i}`;
    await bench.call('slots.add', { ticket, own: { passphrase: PASSPHRASE }, fresh: { passphrase } });
  }
};

const unlocking = async (vault: string, records: string): Promise<Measure[]> => {
  const unlocks: number[] = [];
  const derivations: number[] = [];
  const firsts: number[] = [];
  const locks: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    const bench = await benchCore();
    unlocks.push(
      await timed(() =>
        bench.call('vault.unlock', { folder: bench.grant(vault, 'open'), passphrase: PASSPHRASE }),
      ),
    );
    firsts.push(await timed(() => bench.call('today.overview', {})));
    const { kdf } = await bench.call('vault.info', {});
    const salt = bench.ports.random.bytes(16);
    derivations.push(
      await timed(() =>
        bench.ports.crypto.argon2id13(Buffer.from(PASSPHRASE), salt, kdf.ops, kdf.memoryBytes),
      ),
    );
    locks.push(await timed(() => bench.call('vault.lock', {})));
    await bench.core.close();
  }
  const [mine, other] = [quantile(unlocks, 0.5), quantile(derivations, 0.5)];
  return [
    {
      work: `unlock, ${records}`,
      ours: `${mine.toFixed(0)} ms`,
      against: 'one Argon2id derivation',
      theirs: `${other.toFixed(0)} ms`,
      value: mine / other,
      atMost: 1.3,
      unit: 'times',
    },
    {
      work: `lock, ${records}`,
      ours: '',
      against: 'limit',
      theirs: '',
      value: quantile(locks, 0.5),
      atMost: 1_000,
      unit: 'ms',
    },
    {
      work: 'first screen after it',
      ours: '',
      against: 'limit',
      theirs: '',
      value: quantile(firsts, 0.5),
      atMost: 300,
      unit: 'ms',
    },
  ];
};

/** Everything about records: filling, saving, searching, listing, unlocking. */
export const caseworkBench = async (folder: string, cases: number, incidents: number): Promise<Measure[]> => {
  const vault = join(folder, 'casework-vault');
  const bench = await benchCore();
  const bare = bareDatabase(folder);
  await bench.call('vault.create', {
    folder: bench.grant(vault, 'create'),
    use: 'practice',
    ownerName: 'Ana',
    passphrase: PASSPHRASE,
  });
  const filled = await timed(() => fill(bench, bare, cases, incidents));
  const measures: Measure[] = [
    {
      work: 'records written one by one',
      ours: `${((cases + incidents) / (filled / 1000)).toFixed(0)} a second`,
      against: 'told only',
      theirs: '',
      value: filled / (cases + incidents),
      atMost: null,
      unit: 'ms',
    },
    ...(await saving(bench, bare)),
    ...(await searching(bench, bare, incidents)),
    ...(await listing(bench, bare, incidents)),
  ];
  bare.close();
  await fillSlots(bench);
  await bench.core.close();
  return [...measures, ...(await unlocking(vault, `${cases} cases, ${incidents} incidents, 16 people`))];
};
