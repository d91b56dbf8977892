import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeOutput } from '../../electron/core/features/filings/package/write-output.ts';
import { createNodeClock } from '../../electron/core/ports/node/node-clock.ts';
import { Bench } from '../integration/harness.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { brokenRules, recordingDisk, type RecordingDisk } from './support/recording-disk.ts';
import { addCase, create } from './support/vaults.ts';

/** Syncs beside those of creation, save and lock: each is left out once, and the rules must say so. */

type Scenario = (recorder: RecordingDisk, folder: string) => Promise<void>;

const runWithout = async (
  skip: number,
  scenario: Scenario,
): Promise<{ readonly broken: readonly string[]; readonly syncs: number }> => {
  const run = freshFolder();
  try {
    const recorder = recordingDisk(skip, false);
    await scenario(recorder, run.path);
    recorder.calls.push({ kind: 'answered' });
    return { broken: brokenRules(recorder.calls), syncs: recorder.syncs() };
  } finally {
    run.remove();
  }
};

async function* content(): AsyncGenerator<Buffer> {
  yield Buffer.from('contenido');
  await Promise.resolve();
}

const scenarios: readonly (readonly [name: string, leastSyncs: number, scenario: Scenario])[] = [
  [
    'a copy of evidence to a place outside',
    3,
    async (recorder, folder) => {
      const bench = await new Bench({ folder, ports: { disk: recorder.disk } }).create();
      const source = join(folder, 'nota.txt');
      writeFileSync(source, 'una nota');
      const { id } = await bench.call('evidence.take', { source: bench.fileTarget(source) });
      const outside = join(folder, 'outside');
      mkdirSync(outside);
      recorder.arm();
      const target = bench.outTarget('targetFile', join(outside, 'nota.txt'));
      await bench.call('evidence.save', { id, target });
      await bench.core.close();
    },
  ],
  [
    'a package or document that is handed out',
    2,
    async (recorder, folder) => {
      recorder.arm();
      await writeOutput(recorder.disk, folder, 'paquete.zip', content(), '2026-01-05');
    },
  ],
  [
    'the anchor of a session that stays open for half a minute',
    1,
    async (recorder, folder) => {
      let later = 0;
      const clock = createNodeClock();
      const ports = {
        ...realPorts({ disk: recorder.disk }),
        clock: { ...clock, monotonic: () => clock.monotonic() + later },
      };
      const vault = await create(ports, folder);
      addCase(vault, 'a', 'C-1');
      recorder.arm();
      later = 31_000;
      await vault.beat(() => undefined);
      // What comes after (lock syncs too) is not to be looked at.
      const seen = recorder.calls.length;
      await vault.close();
      recorder.calls.splice(seen);
    },
  ],
];

test.each(scenarios)('%s', async (_name, leastSyncs, scenario) => {
  const whole = await runWithout(-1, scenario);
  expect(whole.broken).toEqual([]);
  expect(whole.syncs).toBeGreaterThanOrEqual(leastSyncs);
  const unnoticed: number[] = [];
  for (let skip = 0; skip < whole.syncs; skip += 1) {
    if ((await runWithout(skip, scenario)).broken.length === 0) unnoticed.push(skip);
  }
  expect(unnoticed).toEqual([]);
});
