import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';
import { messagesIn } from './messages.ts';
import { PASSPHRASE_VARIABLE, readPassphrase } from './passphrase.ts';

const folder = mkdtempSync(join(tmpdir(), 'passphrase-'));
afterEach(() => {
  delete process.env[PASSPHRASE_VARIABLE];
  rmSync(folder, { recursive: true, force: true });
});

it('a passphrase in the environment goes to no child process, also when another source is used', async () => {
  const path = join(folder, 'secret');
  writeFileSync(path, 'cuatro garzas\n', { mode: 0o600 });
  process.env[PASSPHRASE_VARIABLE] = 'otra cosa';
  const args = readArguments(['--passphrase-file', path], {}, { min: 0, max: 0 });
  expect(await readPassphrase(args, messagesIn('es'))).toEqual({ text: 'cuatro garzas', from: 'file' });
  expect(process.env[PASSPHRASE_VARIABLE]).toBeUndefined();
});
