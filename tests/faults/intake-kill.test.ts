import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { checkVault } from '../../electron/core/features/vault/index.ts';
import { sql } from '../../electron/core/db/sql.ts';
import { seeded, times } from './support/copies.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { create, unlock } from './support/vaults.ts';

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

/** Runs intakes and kills the process `afterMs` after it began; gives the ids that it had acknowledged. */
const runAndKill = (source: string, afterMs: number): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, base.path, source], {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const took: string[] = [];
    let ready = false;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line) as { ready?: true; took?: string };
      if (message.took !== undefined) took.push(message.took);
      if (message.ready !== true) return;
      ready = true;
      child.stdin.write('go\n');
      setTimeout(() => child.kill('SIGKILL'), afterMs);
    });
    child.once('close', () => {
      if (ready) resolve(took);
      else reject(new Error('ended before it was ready'));
    });
  });

test('killed at any moment of an intake: what was acknowledged is whole, what is listed is whole', async () => {
  const ports = realPorts();
  await (await create(ports, base.path)).close();
  const source = join(base.path, 'toma.bin');
  writeFileSync(source, ports.random.bytes(3_000_000));
  const random = seeded(11);
  const acknowledged: string[] = [];
  for (let n = 0; n < times(10); n += 1) acknowledged.push(...(await runAndKill(source, 5 + random(250))));

  const vault = await unlock(ports, base.path);
  try {
    const listed = vault.db
      .read((db) => db.all(sql`SELECT id FROM evidence`, z.object({ id: z.string() })))
      .map((row) => row.id);
    expect(acknowledged.filter((id) => !listed.includes(id))).toEqual([]);
    // Positive control: the runs did take files in, and were killed with one of them half done.
    expect(acknowledged.length).toBeGreaterThan(times(10));
    const leftovers = readdirSync(join(base.path, 'vault', 'objects', '.tmp')).length;
    const files = readdirSync(join(base.path, 'vault', 'objects'), { recursive: true, withFileTypes: true });
    const objects = files.filter((entry) => entry.isFile() && /^[0-9a-f]{32}$/u.test(entry.name)).length;
    expect(leftovers + objects).toBeGreaterThan(acknowledged.length);
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
}, 280_000);
