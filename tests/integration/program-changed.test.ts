import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { join } from 'node:path';
import { Case, code, filesIn } from './export-case.ts';
import { Bench } from './harness.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/* An update in place took away the file that the running program loads when the first export is encrypted. */
vi.mock('age-encryption', () => {
  throw new Error('ERR_MODULE_NOT_FOUND');
});

const RECIPIENT = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';

let bench: Bench;
let file: Case;

beforeAll(async () => {
  bench = await new Bench().create();
  file = await new Case(bench).build();
  await file.consent(file.defender, 'given', true);
});
afterAll(() => bench.end());

test('a release that cannot load its encryption says why, leaves nothing, and can be repeated', async () => {
  const id = await file.prepare('Organización A');
  await file.decideAll(id);
  await bench.call('exports.check', { id, form: 'filing' });
  await file.judgeAll(id);
  await bench.call('exports.confirmInventory', { id });
  const out = join(bench.folder, 'out');
  expect(await code(file.release(id, out, 'filing', { ageRecipients: [RECIPIENT] }))).toBe(
    'call.programChanged',
  );
  expect(filesIn(out)).toEqual([]);
  expect((await bench.call('exports.ledger', {})).rows).toEqual([]);
  expect((await file.view(id)).state).toBe('checked');
  await file.release(id, join(bench.folder, 'open'), 'filing');
  expect(filesIn(join(bench.folder, 'open')).length).toBeGreaterThan(0);
});
