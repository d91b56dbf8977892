import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { reviewRotation, rotateVault } from '../../../electron/core/features/rotation/index.ts';
import { realPorts } from '../support/ports.ts';
import { unlock } from '../support/vaults.ts';

/**
 * Opens the vault of `argv[2]`, and on the first line of its input takes out the person whose slot id is `argv[3]`, so
 * that a test can kill it at any system call. Every answer is one JSON line, written at once.
 */
const say = (value: unknown): void => {
  writeSync(1, `${JSON.stringify(value)}\n`);
};

const [base = '', slot = ''] = process.argv.slice(2);

const run = async (): Promise<void> => {
  const vault = await unlock(realPorts(), base);
  const { digest } = await reviewRotation(vault);
  say({ ready: true });
  await new Promise((resolve) => {
    createInterface({ input: process.stdin }).once('line', resolve);
  });
  say({ begins: true });
  await rotateVault(
    vault,
    { remove: [slot], immediate: true, reason: '', confirmed: digest },
    { signal: new AbortController().signal, progress: () => undefined },
  );
  say({ rotated: true });
  process.exit(0);
};

run().catch((thrown: unknown) => {
  say({ failed: thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown) });
  process.exitCode = 1;
});
