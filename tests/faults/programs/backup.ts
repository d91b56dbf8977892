import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CallInput, CallOutput, MethodName } from '#shared/contract/index.ts';
import { createCore } from '../../../electron/core/create-core.ts';
import { PASSPHRASE, realPorts } from '../support/ports.ts';

/**
 * One run or one restore in a process of its own, so that a test can kill it at any moment:
 * `backup.mjs <base> run <case>` or `backup.mjs <base> restore <folder> <day>`. Says when it begins and how it ends.
 */
const say = (value: unknown): void => {
  writeSync(1, `${JSON.stringify(value)}\n`);
};

const [base = '', mode = '', what = '', day = ''] = process.argv.slice(2);
const core = createCore(realPorts());
const grant = (path: string, kind: 'targetFolder' | 'vault'): string => {
  const id = randomBytes(16).toString('hex');
  const place = { id, path, name: basename(path) };
  core.grant(kind === 'vault' ? { ...place, kind, mode: 'open' } : { ...place, kind });
  return id;
};
const call = async <M extends MethodName>(method: M, input: CallInput<M>): Promise<CallOutput<M>> => {
  const answer = await core.dispatch({ method, input, surface: 'unlock' });
  if (!answer.ok) throw Object.assign(new Error(method), { code: answer.error.code });
  return answer.value as CallOutput<M>;
};

const run = async (): Promise<void> => {
  const secret = { kind: 'passphrase', passphrase: PASSPHRASE } as const;
  const usb = grant(join(base, 'usb'), 'targetFolder') as never;
  if (mode === 'run') {
    await call('vault.unlock', {
      folder: grant(join(base, 'vault'), 'vault') as never,
      passphrase: PASSPHRASE,
    });
    await call('cases.open', {
      code: what,
      title: 'Caso',
      state: 'active',
      summary: 'x'.repeat(20_000),
      openedDay: '2026-03-01',
      language: { kind: 'notAsked' },
      interpreter: 'needed',
      safeChannel: { medium: '', hours: '', avoid: '' },
      placeOrigin: '',
      placeRefuge: '',
    });
    say({ began: true });
    await call('backup.run', { target: usb });
  } else {
    say({ began: true });
    await call('backup.restore', {
      source: usb,
      secret,
      folder: grant(join(base, what), 'vault') as never,
      confirmDay: day,
      apply: false,
    });
  }
  say({ done: true });
  await core.close();
};

run().catch((thrown: unknown) => {
  say({ failed: thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown) });
  process.exitCode = 1;
});
