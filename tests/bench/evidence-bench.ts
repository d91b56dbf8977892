import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  fsyncSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PASSPHRASE, benchCore, quantile, timed } from './bench-core.ts';
import type { Measure } from './report.ts';

const MEGABYTE = 1_000_000;
const ROUNDS = 3;
const SETTLE_MS = 3_000;

/** Bytes that no program can squeeze. */
const makeFile = async (path: string, megabytes: number): Promise<void> => {
  await pipeline(
    createReadStream('/dev/urandom', { end: megabytes * MEGABYTE - 1, highWaterMark: 4 << 20 }),
    createWriteStream(path),
  );
};

const run = (program: string, args: readonly string[]): void => {
  const { status, error } = spawnSync(program, args, { stdio: 'ignore' });
  if (error !== undefined || status !== 0) throw new Error(`${program} did not run`);
};

const durable = (path: string): void => {
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
};

const objectsIn = (vault: string): string[] =>
  readdirSync(join(vault, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Lets the disk come to rest, so that nobody pays for what the one before left to be written. */
const settle = async (): Promise<void> => {
  run('sync', []);
  await new Promise((resolve) => {
    setTimeout(resolve, SETTLE_MS);
  });
};

/** Evidence in and out, against `sha256sum`, `age -e` and `age -d` on the same file. */
export const evidenceBench = async (folder: string, megabytes: number): Promise<Measure[]> => {
  const vault = join(folder, 'evidence-vault');
  const file = join(folder, 'video.bin');
  const sealed = join(folder, 'video.age');
  const key = join(folder, 'age.key');
  await makeFile(file, megabytes);
  /* What is still on its way to the disk would be written during whichever measurement comes next. */
  durable(file);
  const bench = await benchCore();
  await bench.call('vault.create', {
    folder: bench.grant(vault, 'create'),
    use: 'practice',
    ownerName: 'Ana',
    passphrase: PASSPHRASE,
    cost: { ops: 3, memoryBytes: 64 << 20 },
  });
  execFileSync('age-keygen', ['-o', key], { stdio: 'ignore' });
  const recipient = execFileSync('age-keygen', ['-y', key], { encoding: 'utf8' }).trim();

  /* Both read a file that the system already holds in memory, so that the disk does not decide. */
  run('sha256sum', [file]);
  const before = process.memoryUsage().rss;
  let peak = before;
  let id = '';
  const plains: number[] = [];
  const intakes: number[] = [];
  /* By turns, so that whatever else the machine does falls on both. */
  for (let round = 0; round < ROUNDS; round += 1) {
    rmSync(sealed, { force: true });
    await settle();
    plains.push(
      await timed(() => {
        run('sha256sum', [file]);
        run('age', ['-e', '-r', recipient, '-o', sealed, file]);
        durable(sealed);
      }),
    );
    /* Like the other's: memory that held a file before is quicker than fresh memory of a virtual machine. */
    for (const path of objectsIn(vault)) rmSync(path);
    await settle();
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 10);
    intakes.push(
      await timed(async () => {
        ({ id } = await bench.call('evidence.take', { source: bench.grant(file, 'file') }));
      }),
    );
    clearInterval(watch);
  }
  const [plain, intake] = [quantile(plains, 0.5), quantile(intakes, 0.5)];

  const opened = join(folder, 'opened');
  const ageOut = await timed(() => {
    run('age', ['-d', '-i', key, '-o', opened, sealed]);
    durable(opened);
  });
  rmSync(sealed);
  rmSync(opened);
  const saved = join(folder, 'saved');
  const ours = await timed(() =>
    bench.call('evidence.save', { id, target: bench.grant(saved, 'targetFile'), plain: true } as never),
  );
  if (statSync(saved).size !== megabytes * MEGABYTE) throw new Error('what came back is not what went in');
  run('cmp', [saved, file]);
  await bench.core.close();
  for (const path of [saved, file]) rmSync(path);
  const rate = (ms: number): string => `${((megabytes / ms) * 1000).toFixed(0)} MB/s`;
  return [
    {
      work: `evidence intake, ${megabytes} MB`,
      ours: rate(intake),
      against: 'sha256sum, then age -e',
      theirs: rate(plain),
      value: intake / plain,
      atMost: 0.5,
      unit: 'times',
    },
    {
      work: 'memory while taking it in',
      ours: '',
      against: 'before',
      theirs: `${(before / MEGABYTE).toFixed(0)} MB`,
      value: (peak - before) / MEGABYTE,
      atMost: 64,
      unit: 'MB',
    },
    {
      work: 'evidence read back',
      ours: rate(ours),
      against: 'age -d',
      theirs: rate(ageOut),
      value: ours / ageOut,
      atMost: 1,
      unit: 'times',
    },
  ];
};
