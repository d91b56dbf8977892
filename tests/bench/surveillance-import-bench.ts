import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { targetIdSchema } from '#shared/model/ids.ts';
import { benchCore, PASSPHRASE, timed, type BenchCore } from './bench-core.ts';
import { inOwnProcess, type OwnPart } from './own-process.ts';
import { MADE_MODULES, PLANTED, setFile, writeResults, type MadeModule } from './phone-results.ts';
import { watchTree, type Usage } from './process-tree.ts';
import type { Measure } from './report.ts';

/** MVT HEAD on a machine with two shared cores, from file to answer, and what it holds for 200,000 records. */
const REFERENCE_PER_SECOND = 34_000;
const REFERENCE_MB = 465;
const TIMES = 8;
const GOAL_MB = 230;
const GOAL_RECORDS = 200_000;

const makeVault = async (folder: string, set: string): Promise<void> => {
  const bench = await benchCore();
  try {
    await bench.call('vault.create', {
      folder: bench.grant(folder, 'create'),
      use: 'practice',
      ownerName: 'Medida',
      passphrase: PASSPHRASE,
      cost: { ops: 3, memoryBytes: 64 * 1024 * 1024 },
    });
    await bench.call('indicatorSets.add', { target: bench.grant(set, 'file') });
    await bench.call('devices.record', { kind: 'phone' });
  } finally {
    await bench.core.close();
  }
};

interface Imported {
  readonly ms: number;
  /** The most that was held meanwhile. */
  readonly peak: Usage;
  readonly engineSeconds: number;
  readonly parserSeconds: number;
  /** The same results kept and not read, and read again from what was kept. */
  readonly keepingMs: number;
  readonly readingMs: number;
}

/** One import from a folder to stored findings, memory watched all the while; throws where a planted link is missed. */
async function importOnce(
  bench: BenchCore,
  folder: string,
  deviceId: string,
  records: number,
): Promise<Imported> {
  const examine = async (basis: 'owner' | 'pending') =>
    (await bench.call('examinations.record', { deviceId: deviceId as never, basis })).id;
  const chosen = () => {
    const id = targetIdSchema.parse(Buffer.from(bench.ports.random.bytes(16)).toString('hex'));
    bench.core.grant({ id, kind: 'folder', path: folder, name: 'results', sizeBytes: 0 });
    return id;
  };
  const id = await examine('owner');
  globalThis.gc?.();
  const watch = watchTree();
  let stored = 0;
  const ms = await timed(async () => {
    const report = await bench.call('imports.phone', { examinationId: id, source: chosen() });
    if (report.records !== records) throw new Error(`read ${report.records} of ${records} records`);
    stored = report.findings.stored;
  });
  const { peak, engineSeconds, parserSeconds } = watch.stop();
  const { rows } = await bench.call('findings.list', { examinationId: id, kinds: ['indicator'], limit: 1 });
  const { modules } = await bench.call('findings.list', { examinationId: id, limit: 1 });
  if (rows.length === 0 || stored < PLANTED || modules.length !== 1)
    throw new Error(`stored ${stored} findings`);
  // Each half by itself, for the figure to explain itself.
  const pending = await examine('pending');
  const keepingMs = await timed(() =>
    bench.call('imports.phone', { examinationId: pending, source: chosen() }),
  );
  const readingMs = await timed(() => bench.call('findings.rematch', { examinationId: id }));
  return {
    ms,
    peak,
    engineSeconds,
    parserSeconds,
    keepingMs,
    readingMs,
  };
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const inSeconds = (value: number): string => `${value.toFixed(2)} s`;

/** What an import is made of: which of the two processes was busy for how long, and each half by itself. */
const stagesOf = (name: string, count: number, one: Imported): Measure[] => {
  const part = (work: string, ms: number): Measure => ({
    work: `  of it: ${work}`,
    ours: inSeconds(ms / 1_000),
    against: `${name}, ${count} records in all`,
    theirs: inSeconds(one.ms / 1_000),
    value: ms / one.ms,
    atMost: null,
    unit: 'times',
  });
  return [
    part(
      'processor time of the engine (read, hash twice, encrypt, hand over, store)',
      one.engineSeconds * 1e3,
    ),
    part('processor time of the parser (take over, hash, read records, compare)', one.parserSeconds * 1e3),
    part('the same kept and not read (time of the clock)', one.keepingMs),
    part('the same read again out of the vault (time of the clock)', one.readingMs),
  ];
};

interface Results {
  readonly folder: string;
  readonly records: number;
}

/** Opens the vault as a session of every day does, and imports one after the other. */
const importAll = async (vault: string, results: readonly Results[]): Promise<Imported[]> => {
  const bench = await benchCore();
  try {
    await bench.call('vault.unlock', { folder: bench.grant(vault, 'open'), passphrase: PASSPHRASE });
    const { rows: devices } = await bench.call('devices.list', {});
    const imported: Imported[] = [];
    for (const { folder, records } of results)
      imported.push(await importOnce(bench, folder, devices[0]?.id ?? '', records));
    return imported;
  } finally {
    await bench.core.close();
  }
};

interface ToWrite {
  readonly path: string;
  readonly module: MadeModule;
  readonly count: number;
  readonly set: string;
}

/**
 * What runs in processes of its own. The vault too is made in one: making it loads the dictionaries against which a
 * new passphrase is weighed, and no session of every day holds those.
 */
export const importParts = {
  writeResults: ({ path, module, count, set }: ToWrite) => {
    writeResults(path, module, count, set);
  },
  makeVault: ({ vault, set }: { vault: string; set: string }) => makeVault(vault, set),
  importAll: ({ vault, results }: { vault: string; results: readonly Results[] }) =>
    importAll(vault, results),
} satisfies Record<string, OwnPart>;

const measuresOf = (module: MadeModule, count: number, imported: Imported): Measure[] => {
  const perSecond = count / (imported.ms / 1_000);
  const { own, all, once } = imported.peak;
  return [
    {
      work: `${module} results, ${count} records, folder to stored findings`,
      ours: `${Math.round(perSecond / 1_000)} thousand/s`,
      against: 'MVT, noted once',
      theirs: `${REFERENCE_PER_SECOND / 1_000} thousand/s`,
      value: REFERENCE_PER_SECOND / perSecond,
      atMost: module === 'sms' ? 1 / TIMES : null,
      unit: 'times',
    },
    ...stagesOf(module, count, imported),
    {
      work: `  memory meanwhile, engine and parsers (engine alone ${megabytes(own)})`,
      ours: `${megabytes(once)}, shared pages once`,
      against: 'MVT, 200,000 records',
      theirs: `${REFERENCE_MB} MB`,
      value: all / 1e6,
      atMost: process.platform === 'linux' && count <= GOAL_RECORDS ? GOAL_MB : null,
      unit: 'MB',
    },
  ];
};

/** Phone results from a folder on the disk to findings in the vault: kept, read, compared in both modes, stored. */
export const surveillanceImportBench = (folder: string, counts: readonly number[]): Measure[] => {
  const work = join(folder, 'imports');
  mkdirSync(work);
  const set = setFile(work);
  const vault = join(work, 'vault');
  inOwnProcess('makeVault', { vault, set });
  return MADE_MODULES.flatMap((module) => {
    const results = counts.map((records) => ({ folder: join(work, `${module}-${records}`), records }));
    for (const { folder: into, records } of results) {
      mkdirSync(into);
      inOwnProcess('writeResults', { path: join(into, `${module}.json`), module, count: records, set });
    }
    const imported = inOwnProcess('importAll', { vault, results }) as Imported[];
    const measures = imported.flatMap((one, at) => measuresOf(module, counts[at] ?? 0, one));
    const perRecord = imported.map(({ ms }, at) => ms / (counts[at] ?? 1));
    const [first = 1, last = first] = [perRecord[0], perRecord.at(-1)];
    if (perRecord.length > 1)
      measures.push({
        work: `${module}: time a record with ${Math.round((counts.at(-1) ?? 1) / (counts[0] ?? 1))} times as many`,
        ours: `${(last * 1_000).toFixed(2)} µs`,
        against: 'the smaller',
        theirs: `${(first * 1_000).toFixed(2)} µs`,
        value: last / first,
        atMost: 1.6,
        unit: 'times',
      });
    return measures;
  });
};
