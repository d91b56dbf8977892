import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BackupBench, runKilled, SECRET } from './support/backups.ts';
import { lasting, seeded, times } from './support/copies.ts';

let bench: BackupBench;

beforeEach(async () => {
  bench = new BackupBench();
  await bench.create();
  await bench.openCase('B-0');
  for (let n = 0; n < 6; n += 1) await bench.take(`e${n}.bin`, Buffer.alloc(300_000 + n * 50_000, n + 1));
});
afterEach(async () => {
  await bench.end();
});

/**
 * Whatever a run was doing when it died, what the list names is whole: it opens, every object decrypts, and the
 * next run goes on. What this cannot see (a power cut that loses what was not synced) is checked by the order of
 * calls elsewhere.
 */
test(
  'a run killed at any moment leaves the last good backup, and the next run goes on',
  async () => {
    await bench.run();
    await bench.lock();
    const whole = await runKilled([bench.base.path, 'run', 'B-1'], null);
    expect(whole.failed).toBeNull();
    const random = seeded(31);
    let killed = 0;
    let finished = 0;
    const findings: string[] = [];
    for (let n = 0; n < times(30); n += 1) {
      const ended = await runKilled(
        [bench.base.path, 'run', `K-${n}`],
        random(Math.ceil(whole.tookMs * 1.1)),
      );
      expect(ended.began).toBe(true);
      if (ended.done) finished += 1;
      else killed += 1;
      await bench.unlock();
      const verdict = await bench.verify();
      findings.push(...verdict.findings.map((finding) => `${finding.part} ${finding.code}`));
      // Every few deaths a run of this process goes on from what was left.
      if (n % 5 === 4) {
        const next = await bench.run();
        expect(next.warnings).toEqual(['sameDisk']);
        expect(readdirSync(bench.usb).sort()).toEqual(['catalogue.json', 'headers', 'objects', 'snapshots']);
        expect(readdirSync(join(bench.usb, 'objects', '.tmp'))).toEqual([]);
        expect(readdirSync(join(bench.usb, 'snapshots')).length).toBe(next.target.snapshots.length);
      }
      await bench.lock();
    }
    expect(findings).toEqual([]);
    expect(killed + finished).toBe(times(30));
    // Positive control: most of them did die on the way.
    expect(killed).toBeGreaterThan(times(30) / 3);
  },
  lasting(600_000),
);

test(
  'a first run killed at any moment is taken up by the next',
  async () => {
    await bench.lock();
    const random = seeded(32);
    for (let n = 0; n < times(8); n += 1) {
      rmSync(bench.usb, { recursive: true });
      bench = new BackupBench(bench.ports, bench.base);
      const fate = random(160);
      await runKilled([bench.base.path, 'run', `F-${n}`], fate);
      await bench.unlock();
      const { newSnapshot } = await bench.run();
      const verdict = await bench.verify();
      expect(verdict.findings).toEqual([]);
      expect(verdict.checked.objects).toBe(6);
      expect(typeof newSnapshot).toBe('boolean');
      await bench.lock();
    }
  },
  lasting(300_000),
);

test(
  'a restore killed at any moment leaves no vault, or a whole one',
  async () => {
    const { target } = await bench.run();
    await bench.lock();
    const folder = bench.grant(join(bench.base.path, 'plan'), 'vault');
    const plan = await bench.call('backup.planRestore', {
      source: bench.grant(bench.usb),
      secret: SECRET,
      folder,
    });
    expect(plan.snapshot.id).toBe(target.snapshots[0]?.id);
    const whole = await runKilled([bench.base.path, 'restore', 'entera', plan.confirmDay], null);
    expect(whole).toMatchObject({ done: true, failed: null });
    const random = seeded(33);
    let killed = 0;
    for (let n = 0; n < times(30); n += 1) {
      const name = 'restaurada';
      const ended = await runKilled(
        [bench.base.path, 'restore', name, plan.confirmDay],
        random(Math.ceil(whole.tookMs * 1.05)),
      );
      if (!ended.done) killed += 1;
      const there = existsSync(join(bench.base.path, name));
      if (ended.done) expect(there).toBe(true);
      if (there) {
        // What has taken its place is a whole vault that opens for writing, in a chain of its own.
        const info = await bench.unlock(join(bench.base.path, name));
        expect(info.readOnlyBecause).toBeUndefined();
        expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
        await bench.lock();
        rmSync(join(bench.base.path, name), { recursive: true });
      }
    }
    expect(killed).toBeGreaterThan(times(30) / 3);
    // The leftovers of the last death do not stand in the way, and the backup itself was only read.
    await runKilled([bench.base.path, 'restore', 'ultima', plan.confirmDay], null);
    expect(readdirSync(bench.base.path)).not.toContain('ultima.restoring');
    await bench.unlock();
    expect((await bench.verify()).findings).toEqual([]);
  },
  lasting(600_000),
);
