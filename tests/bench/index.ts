import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { backupBench } from './backup-bench.ts';
import { caseworkBench } from './casework-bench.ts';
import { evidenceBench } from './evidence-bench.ts';
import { indicatorsBench } from './indicators-bench.ts';
import { ownProcess } from './own-process.ts';
import { asTable, holds, type Measure } from './report.ts';
import { importParts, surveillanceImportBench } from './surveillance-import-bench.ts';

const quick = process.argv.includes('--quick');
const size = (name: string, full: number, small: number): number => {
  const given = Number(process.env[name]);
  return Number.isInteger(given) && given > 0 ? given : quick ? small : full;
};

const main = async (): Promise<number> => {
  process.umask(0o077);
  const megabytes = size('RESGUARDO_BENCH_FILE_MB', 2_000, 200);
  const cases = size('RESGUARDO_BENCH_CASES', 10_000, 200);
  const incidents = size('RESGUARDO_BENCH_INCIDENTS', 100_000, 2_000);
  const gigabytes = size('RESGUARDO_BENCH_BACKUP_GB', 10, 1);
  const links = size('RESGUARDO_BENCH_LINKS', 500_000, 100_000);
  const records = size('RESGUARDO_BENCH_RECORDS', 1_000_000, 50_000);
  const folder = mkdtempSync(join(process.env['RESGUARDO_BENCH_DIR'] ?? tmpdir(), 'resguardo-bench-'));
  const measures: Measure[] = [];
  try {
    if (!process.argv.includes('--no-indicators')) measures.push(...indicatorsBench(links));
    if (!process.argv.includes('--no-imports'))
      measures.push(
        ...surveillanceImportBench(folder, quick ? [records] : [Math.ceil(records / 5), records]),
      );
    if (!process.argv.includes('--no-evidence')) measures.push(...(await evidenceBench(folder, megabytes)));
    if (!process.argv.includes('--no-backup')) measures.push(...(await backupBench(folder, gigabytes)));
    if (!process.argv.includes('--no-casework'))
      measures.push(...(await caseworkBench(folder, cases, incidents)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
  };
  mkdirSync('.build', { recursive: true });
  writeFileSync(
    '.build/bench.json',
    `${JSON.stringify({ machine, sizes: { megabytes, cases, incidents, links, records }, measures }, null, 2)}\n`,
  );
  const missed = measures.filter((one) => !holds(one)).length;
  process.stdout.write(
    `\n${asTable(measures)}\n\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}. JSON: .build/bench.json\n`,
  );
  process.stdout.write(missed === 0 ? 'Every goal was reached.\n' : `${missed} goals were not reached.\n`);
  return missed === 0 ? 0 : 1;
};

if (!(await ownProcess(process.argv.slice(2), importParts))) process.exitCode = await main();
