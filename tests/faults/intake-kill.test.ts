import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { checkVault } from '../../electron/core/features/vault/index.ts';
import { sql } from '../../electron/core/db/sql.ts';
import { lasting, seeded, times } from './support/copies.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { create, unlock } from './support/vaults.ts';
import { tally } from '../support/tally.ts';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, '.build', 'faults', `intake-${process.pid}.mjs`);

let base: ReturnType<typeof freshFolder>;
beforeAll(async () => {
  base = freshFolder();
  await build({
    entryPoints: [join(ROOT, 'tests/faults/programs/intake.ts')],
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    // Names of ours, which `packages` would take for packages.
    alias: { '#shared': join(ROOT, 'shared'), '#resources': join(ROOT, 'resources') },
    logLevel: 'error',
  });
});
afterAll(() => {
  base.remove();
});

/** Files taken in before the clock of a kill starts: a busy machine takes its time, and must not make the test idle. */
const BEFORE_KILL = 2;

/** Runs intakes and kills the process `afterMs` after the second was acknowledged; gives the ids of all that were. */
const runAndKill = (source: string, afterMs: number): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, base.path, source], {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const took: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line) as { ready?: true; took?: string };
      if (message.ready === true) child.stdin.write('go\n');
      if (message.took === undefined) return;
      took.push(message.took);
      if (took.length === BEFORE_KILL) setTimeout(() => child.kill('SIGKILL'), afterMs);
    });
    child.once('close', () => {
      if (took.length >= BEFORE_KILL) resolve(took);
      else reject(new Error('ended before it was killed'));
    });
  });

/** Objects and temporary files that lie in the vault. */
const filesKept = (): { readonly objects: number; readonly temporary: number } => {
  const files = readdirSync(join(base.path, 'vault', 'objects'), {
    recursive: true,
    withFileTypes: true,
  }).filter((entry) => entry.isFile());
  const temporary = files.filter((entry) => entry.parentPath.endsWith('.tmp')).length;
  return { objects: files.length - temporary, temporary };
};

test(
  'killed at any moment of an intake: what was acknowledged is whole, what is listed is whole',
  async () => {
    const ports = realPorts();
    await (await create(ports, base.path)).close();
    // The larger one is written past the system's cache.
    const sources = [3_000_000, 17_500_000].map((size) => {
      const path = join(base.path, `toma-${size}.bin`);
      writeFileSync(path, ports.random.bytes(size));
      return path;
    });
    const random = seeded(11);
    const acknowledged: string[] = [];
    let interrupted = 0;
    let before = 0;
    const rounds = times(12, 60);
    for (let n = 0; n < rounds; n += 1) {
      const took = await runAndKill(sources[n % 2] as string, random(150));
      acknowledged.push(...took);
      const { objects, temporary } = filesKept();
      if (objects - before + temporary > took.length) interrupted += 1;
      before = objects;
    }
    // Positive control: some were killed with a file half taken in.
    expect(interrupted).toBeGreaterThan(0);

    const vault = await unlock(ports, base.path);
    try {
      const listed = vault.db
        .read((db) => db.all(sql`SELECT id FROM evidence`, z.object({ id: z.string() })))
        .map((row) => row.id);
      const lost = acknowledged.filter((id) => !listed.includes(id));
      tally({
        kind: 'kills',
        what: 'while it takes files in',
        done: rounds,
        failures: lost.length,
        control: `${interrupted} fell within a file`,
      });
      expect(lost).toEqual([]);
      const verdict = await checkVault(vault, {
        objects: 'content',
        progress: () => undefined,
        signal: new AbortController().signal,
      });
      expect(verdict.findings).toEqual([]);
      expect(verdict.checked.objects).toBe(listed.length);
    } finally {
      await vault.close();
    }
  },
  lasting(280_000),
);
