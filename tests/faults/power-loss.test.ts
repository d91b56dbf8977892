import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sql } from '../../electron/core/db/index.ts';
import { checkVault } from '../../electron/core/features/vault/index.ts';
import { tally } from '../support/tally.ts';
import { lasting, seeded, times } from './support/copies.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { powerCuts, readCalls, straceOptions, type Remains } from './support/power-loss.ts';
import { SessionProcess } from './support/session-process.ts';
import { codeOf, create, unlock } from './support/vaults.ts';

const hasStrace = spawnSync('strace', ['-V']).status === 0;
if (!hasStrace && process.env['CI'] === 'true') throw new Error('strace is needed in CI');

const ports = realPorts();
const SAVES = 60;
const idRow = z.object({ id: z.string() });
let base: ReturnType<typeof freshFolder>;

beforeEach(() => {
  base = freshFolder();
});
afterEach(() => {
  base.remove();
});

/** A session that saves, watched; gives what a power cut at some of its moments may leave. */
const cutsOf = async (mode: string, count: number, seed: number): Promise<Generator<Remains>> => {
  await (await create(ports, base.path)).close();
  const before = join(base.path, 'before');
  const vault = join(base.path, 'vault');
  cpSync(vault, before, { recursive: true });
  const trace = join(base.path, 'trace');
  const session = await SessionProcess.start(base.path, mode, straceOptions(trace));
  expect((await session.next()).ready).toBe(true);
  for (let n = 0; n < SAVES; n += 1) expect((await session.ask(`write p${n}`)).code).toBeNull();
  await session.close();
  const random = seeded(seed);
  return powerCuts(before, vault, readCalls(trace, vault), count, () => random(1_000_000) / 1_000_000);
};

interface Verdict {
  readonly refused: string | null;
  readonly readOnly: string | null;
  readonly lost: readonly string[];
  readonly findings: number;
}

const openRemains = async (remains: Remains): Promise<Verdict> => {
  const copy = freshFolder();
  try {
    remains.restore(join(copy.path, 'vault'));
    let verdict: Omit<Verdict, 'refused'> = { readOnly: null, lost: [], findings: 0 };
    const refused = await codeOf(async () => {
      const vault = await unlock(ports, copy.path);
      try {
        const there = new Set(
          vault.db.read((db) => db.all(sql`SELECT id FROM case_file`, idRow)).map((row) => row.id),
        );
        const promised = remains.promised.flatMap((text) => /"wrote":"([^"]+)"/u.exec(text)?.[1] ?? []);
        const checked = await checkVault(vault, {
          objects: 'presence',
          progress: () => undefined,
          signal: new AbortController().signal,
        });
        verdict = {
          readOnly: vault.db.readOnlyBecause,
          lost: promised.filter((id) => !there.has(id)),
          findings: checked.findings.length,
        };
      } finally {
        await vault.close();
      }
    });
    return { refused, ...verdict };
  } finally {
    copy.remove();
  }
};

describe.skipIf(!hasStrace)('the power goes (needs strace)', () => {
  test(
    'at any moment, whatever part of the unsynced reached the disk: opened, whole, nothing promised is lost',
    async () => {
      const count = times(60, 1_000);
      const bad: Verdict[] = [];
      let cuts = 0;
      let promises = 0;
      for (const remains of await cutsOf('', count, 21)) {
        const verdict = await openRemains(remains);
        cuts += 1;
        promises += remains.promised.length;
        const fine = verdict.refused === null && verdict.readOnly === null && verdict.lost.length === 0;
        if (!fine || verdict.findings > 0) bad.push(verdict);
      }
      tally({
        kind: 'power cuts',
        what: 'while it saves, computed from its system calls',
        done: cuts,
        failures: bad.length,
        control: `${promises} promises were looked for; without syncs the same model loses some`,
      });
      expect(bad).toEqual([]);
      expect(cuts).toBeGreaterThan(count / 2);
      expect(promises).toBeGreaterThan(cuts);
      expect(existsSync(join(base.path, 'trace'))).toBe(true);
    },
    lasting(900_000),
  );

  test(
    'the control: with synchronous=OFF promised changes are lost',
    async () => {
      let harmed = 0;
      for (const remains of await cutsOf('sync-off', 25, 22)) {
        const { refused, readOnly, lost } = await openRemains(remains);
        if (refused !== null || readOnly !== null || lost.length > 0) harmed += 1;
      }
      expect(harmed).toBeGreaterThan(3);
    },
    lasting(300_000),
  );
});
