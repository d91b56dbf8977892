import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sql } from '../../electron/core/db/index.ts';
import { checkVault } from '../../electron/core/features/vault/index.ts';
import { lasting, times } from './support/copies.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { addSlot } from './support/slots.ts';
import { addCase, create, unlock } from './support/vaults.ts';

const ROOT = join(import.meta.dirname, '../..');
const hasStrace = spawnSync('strace', ['-V']).status === 0;
if (!hasStrace && process.env['CI'] === 'true') throw new Error('strace is needed in CI');

let base: ReturnType<typeof freshFolder>;
beforeEach(() => {
  base = freshFolder();
});
afterEach(() => {
  base.remove();
});

let bundle: Promise<string> | null = null;
const program = (): Promise<string> => {
  const outfile = join(ROOT, '.build', 'faults', `rotation-${process.pid}.mjs`);
  bundle ??= build({
    entryPoints: [join(ROOT, 'tests/faults/programs/rotation.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@signalapp/sqlcipher', 'sodium-native', 'libsodium-wrappers-sumo'],
    logLevel: 'error',
  }).then(() => outfile);
  return bundle;
};

/** System calls that change something on disk. SQLite makes its own in the main thread, our port partly in others. */
const CALLS = ['pwrite64', 'fsync', 'fdatasync', 'ftruncate', 'unlink', 'rename'] as const;
type SystemCall = (typeof CALLS)[number];

/** Runs the program under strace until it ends or is killed. True where it said that it had rotated. */
const rotate = async (at: string, slot: string, options: readonly string[]): Promise<boolean> => {
  const child = spawn('strace', ['-f', '-y', ...options, process.execPath, await program(), at, slot], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let rotated = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.includes('ready')) child.stdin.write('go\n');
    if (line.includes('rotated')) rotated = true;
  });
  child.stdin.on('error', () => undefined);
  await new Promise((resolve) => child.once('close', resolve));
  return rotated;
};

/** How many of each call the thread that SQLite works in makes before the rotation, and in it. */
const countCalls = (trace: string): Map<SystemCall, { before: number; within: number }> => {
  const counts = new Map(CALLS.map((name) => [name, { before: 0, within: 0 }]));
  const lines = readFileSync(trace, 'utf8').split('\n');
  const main = /^(\d+) /u.exec(lines.find((line) => line.includes('begins')) ?? '')?.[1];
  let begun = false;
  for (const line of lines) {
    if (line.includes('"{\\"begins')) begun = true;
    const found = new RegExp(`^(\\d+) +(${CALLS.join('|')})\\(`, 'u').exec(line);
    if (found === null || found[1] !== main) continue;
    const count = counts.get(found[2] as SystemCall);
    if (count !== undefined) count[begun ? 'within' : 'before'] += 1;
  }
  return counts;
};

describe.skipIf(!hasStrace)('killed inside a system call of SQLite (needs strace)', () => {
  test(
    'the vault opens with exactly one of the two headers, whole',
    { timeout: lasting(600_000) },
    async () => {
      const ports = realPorts();
      const vault = await create(ports, base.path);
      for (let n = 0; n < 40; n += 1) addCase(vault, `c${String(n).padStart(2, '0')}`, `C-${n}`);
      const slot = await addSlot(vault, 'Luis', {
        kind: 'passphrase',
        passphrase: 'siete cuervos sobre el trigo',
      });
      await vault.close();

      const whole = freshFolder();
      cpSync(base.path, whole.path, { recursive: true });
      const trace = join(whole.path, 'trace');
      const wanted = ['-e', `trace=${[...CALLS, 'write'].join(',')}`];
      expect(await rotate(whole.path, slot, [...wanted, '-o', trace])).toBe(true);
      const counts = countCalls(trace);
      whole.remove();
      expect(counts.get('pwrite64')?.within).toBeGreaterThan(100);

      /** Where to kill: spread over all calls of one kind that the rotation makes. */
      const places = CALLS.flatMap((name) => {
        const { before, within } = counts.get(name) ?? { before: 0, within: 0 };
        const most = Math.min(within, name === 'pwrite64' ? times(8) : times(3));
        return Array.from({ length: most }, (_, index) => ({
          name,
          at: before + 1 + Math.floor((index * (within - 1)) / Math.max(1, most - 1)),
        }));
      });
      const generations: number[] = [];
      let kills = 0;
      for (const { name, at } of places) {
        const run = freshFolder();
        cpSync(base.path, run.path, { recursive: true });
        const inject = [
          '-e',
          `trace=${name}`,
          '-e',
          `inject=${name}:signal=SIGKILL:when=${at}`,
          '-o',
          '/dev/null',
        ];
        if (!(await rotate(run.path, slot, inject))) kills += 1;
        const again = await unlock(ports, run.path);
        const entries = again.db.read((db) =>
          db.all(sql`SELECT id FROM case_file`, z.object({ id: z.string() })),
        );
        const verdict = await checkVault(again, {
          objects: 'presence',
          progress: () => undefined,
          signal: new AbortController().signal,
        });
        generations.push(again.generation);
        expect([name, at, again.db.readOnlyBecause, entries.length, verdict.findings]).toEqual([
          name,
          at,
          null,
          40,
          [],
        ]);
        expect(readdirSync(join(run.path, 'vault')).filter((one) => one.endsWith('.db')).length).toBe(1);
        await again.close();
        run.remove();
      }
      // Positive controls: most runs did die, and both sides of the commit point were met.
      expect(kills).toBeGreaterThan(places.length / 2);
      expect(new Set(generations)).toEqual(new Set([1, 2]));
      expect(existsSync(base.path)).toBe(true);
    },
  );
});
