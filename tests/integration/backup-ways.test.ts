import { afterEach, beforeEach, expect, test } from 'vitest';
import type { UnlockSecret } from '#shared/contract/backup.ts';
import {
  back,
  codeOf,
  freshBench,
  loseVault,
  openCase,
  recoveryPages,
  recoveryWords,
  restoreInput,
  takeFile,
} from './backup-bench.ts';
import type { Bench } from './harness.ts';
import { takeOut } from './people.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await freshBench();
});
afterEach(async () => {
  await bench.end();
});

/** Look, plan, restore, open: with this and nothing else. */
const roundTrip = async (secret: UnlockSecret, wrong: UnlockSecret, code: string): Promise<void> => {
  const { target } = await back();
  expect((await bench.call('backup.rehearse', { target: target.id, secret })).ok).toBe(true);
  expect(await codeOf(bench.call('backup.rehearse', { target: target.id, secret: wrong }))).toBe(code);
  await loseVault();
  const input = { ...restoreInput(), secret };
  const seen = await bench.call('backup.inspect', { source: input.source, secret });
  expect(seen.snapshots.length).toBeGreaterThan(0);
  for (const method of ['backup.inspect', 'backup.planRestore'] as const) {
    const bad = { ...input, secret: wrong };
    const asked = method === 'backup.inspect' ? { source: bad.source, secret: wrong } : bad;
    expect(await codeOf(bench.call(method, asked as never))).toBe(code);
  }
  const { confirmDay } = await bench.call('backup.planRestore', input);
  const done = await bench.call('backup.restore', { ...input, confirmDay, apply: false });
  expect(done.counts.objects).toBe(1);
  const typed = secret.kind === 'words' ? { words: secret.words } : { shares: shares(secret) };
  await bench.call('vault.unlock', { folder: bench.vaultTarget('open'), ...typed });
  expect((await bench.call('vault.status', {})).readOnlyBecause).toBeUndefined();
  expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
};

const shares = (secret: UnlockSecret): string[] => (secret.kind === 'shares' ? secret.shares : []);

test('a backup opens with recovery words, also where the keys changed since they were written down', async () => {
  const words = await recoveryWords();
  const typed = words
    .split(' ')
    .map((word) => word.slice(0, 4))
    .join(' ');
  await openCase('P-1');
  await takeFile('p.bin', Buffer.alloc(70_000, 6));
  await back();
  await takeOut(bench, []);
  const others = words.split(' ').slice(1).join(' ');
  await roundTrip({ kind: 'words', words: typed }, { kind: 'words', words: others }, 'recovery.wordCount');
});

test('a backup opens with two pages of three, and not with one', async () => {
  const pages = await recoveryPages(2, 3);
  await openCase('P-2');
  await takeFile('p.bin', Buffer.alloc(70_000, 6));
  await roundTrip(
    { kind: 'shares', shares: [pages[2] ?? '', pages[0] ?? ''] },
    { kind: 'shares', shares: [pages[1] ?? ''] },
    'recovery.pagesTooFew',
  );
});
