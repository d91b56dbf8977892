import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CaseId } from '#shared/model/ids.ts';
import { BuiltCommand, type Ran } from '../support/built-command.ts';
import { rewriteFindings } from '../support/rewrite-findings.ts';
import { Examiner, type ExaminedDevice } from './examined-device.ts';
import { Bench, PASSPHRASE } from './harness.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/* The built command, as scripts run it, on what they cannot see: nobody looks at what drops out of an export. */

let command: BuiltCommand;
let bench: Bench;
let caseId: CaseId;
let caseCode = '';
let first: ExaminedDevice['examinationId'];
let second: ExaminedDevice['examinationId'];
let secret = '';
let out = '';

const forPeople = (args: readonly string[], zone: string): Promise<Ran> =>
  command.run([...args, '--vault', bench.vaultFolder, '--passphrase-file', secret], { env: { TZ: zone } });
const inVault = (...args: string[]): Promise<Ran> =>
  command.run([...args, '--vault', bench.vaultFolder, '--passphrase-file', secret, '--json']);
const ended = ({ code, stderr, stdout }: Ran) => ({
  code,
  stdout,
  // What is noted for people may stand before it.
  error: (
    JSON.parse(stderr.slice(stderr.lastIndexOf('{\n  "error"'))) as { error: { code: string; text: string } }
  ).error,
});
const written = (): string[] => (existsSync(out) ? readdirSync(out) : []);

beforeAll(async () => {
  command = await BuiltCommand.make('export-command', 'en_US.UTF-8');
  secret = command.secret('secret', `${PASSPHRASE}\n`);
  out = join(command.folder, 'out');
  bench = await new Bench().create();
  const examiner = new Examiner(bench, command.folder);
  await examiner.addSet('Faro', ['faro-negro.example', 'luz-verde.example']);
  const made = await examiner.examined(
    'Radio',
    'Maricela Xochimitl Olmedo',
    'iPhone 12',
    'https://faro-negro.example/cita-1\n',
  );
  caseId = made.caseId;
  first = made.examinationId;
  second = (await examiner.examinedOf(caseId, made.ownerId, 'iPhone 15', 'https://luz-verde.example/b\n'))
    .examinationId;
  caseCode = (await bench.call('cases.get', { id: caseId })).code;
  await bench.call('vault.lock', {});
  await rewriteFindings(bench.ports, bench.vaultFolder, first, 'https://inventada.example/otra');
});
afterAll(async () => {
  await bench.end();
  command.end();
});

describe('an export with altered examinations', () => {
  let exportId = '';
  const goOn = (...ids: string[]): Promise<Ran> =>
    inVault(
      'export',
      ...['--export', exportId, '--out', out],
      ...['--withhold-undecided', '--inventory-read', '--emergency', 'prueba'],
      ...ids.flatMap((id) => ['--without-altered', id]),
    );
  const leftOut = async (): Promise<string[]> => {
    await bench.unlock();
    const { digital } = await bench.call('exports.view', { id: exportId as never });
    await bench.call('vault.lock', {});
    return digital.altered.filter((one) => one.leftOut).map((one) => one.examinationId);
  };

  test('stops and says which', async () => {
    const ran = ended(
      await inVault('export', '--case', caseCode, '--profile', 'forensic-summary', '--out', out),
    );
    expect(ran).toMatchObject({ code: 1, stdout: '', error: { code: 'export.altered' } });
    expect(ran.error.text).toContain(first);
    expect(ran.error.text).not.toContain(second);
    exportId = /--export ([0-9a-f-]{36})/u.exec(ran.error.text)?.[1] ?? '';
    expect(exportId).not.toBe('');
    expect(written()).toEqual([]);
  });

  // One of the two has another day than UTC, whatever hour it is.
  test.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago'])(
    'tells the day of the comparison as people in %s lived it',
    async (zone) => {
      await bench.unlock();
      const { digital } = await bench.call('exports.view', { id: exportId as never });
      await bench.call('vault.lock', {});
      const days = (digital.altered[0]?.comparedAt ?? []).map((at) =>
        new Date(at).toLocaleDateString('en-CA', { timeZone: zone }),
      );
      expect(days).toHaveLength(1);
      const { code, stderr } = await forPeople(['export', '--export', exportId, '--out', out], zone);
      expect(code).toBe(1);
      expect(
        /\d{4}-\d{2}-\d{2}/u.exec(stderr.split('\n').find((line) => line.includes('iPhone 12')) ?? '')?.[0],
      ).toBe(days[0]);
    },
  );

  test('what is intact cannot be left out, and then nothing is', async () => {
    const ran = ended(await goOn(first, second));
    expect(ran).toMatchObject({ code: 1, error: { code: 'export.notAltered' } });
    expect(ran.error.text).toContain(second);
    expect(ran.error.text).not.toContain(first);
    expect(await leftOut()).toEqual([]);
    expect(written()).toEqual([]);
    expect((await goOn('mine')).code).toBe(2);
  });

  test('one that is altered later stops a command that names another, and nothing is left out', async () => {
    await rewriteFindings(bench.ports, bench.vaultFolder, second, 'https://inventada.example/nueva');
    const ran = ended(await goOn(first));
    expect(ran).toMatchObject({ code: 1, error: { code: 'export.altered' } });
    expect(ran.error.text).toContain(second);
    expect(ran.error.text).not.toContain(first);
    expect(await leftOut()).toEqual([]);
    expect(written()).toEqual([]);
  });

  test('with each of them named it leaves, and the receipt names them', async () => {
    const ran = await goOn(first, second);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const { withoutExaminations } = JSON.parse(ran.stdout) as {
      withoutExaminations: { examinationId: string }[];
    };
    expect(withoutExaminations.map(({ examinationId }) => examinationId).sort()).toEqual(
      [first, second].sort(),
    );
    expect(written()).toHaveLength(1);
  });
});

const EXPORT = ['export', '--export', '01890000-0000-7000-8000-000000000001', '--out', 'x', '--vault', 'v'];

describe('options that would do nothing', () => {
  test.each([
    ['--case', [...EXPORT, '--case', 'EXP-2026-002']],
    ['--profile', [...EXPORT, '--profile', 'public']],
    ['--to', [...EXPORT, '--to', 'Somebody else']],
    ['--purpose', [...EXPORT, '--purpose', 'x']],
    ['--filing-language', [...EXPORT, '--filing-language', 'en']],
    ['--format', ['vault', 'check', 'v', '--format', 'pdf']],
    ['--report-language', ['vault', 'check', 'v', '--report-language', 'en']],
    ['--key-file', ['vault', 'create', 'v', '--owner', 'A', '--key-file', 'k']],
    ['--words-file', ['vault', 'create', 'v', '--owner', 'A', '--words-file', 'w']],
    ['--apply', ['backup', 'restore', 'b', '--out', 'o', '--apply']],
    ['--bring-back', ['backup', 'restore', 'b', '--out', 'o', '--bring-back']],
    ['--plan', ['backup', 'restore', 'b', '--out', 'o', '--plan', '0123456789ab']],
    ['--what', ['activity', '--vault', 'v', '--what', 'opened']],
    ['--editable-key-file', ['slots', 'change', '--vault', 'v', '--editable-key-file']],
  ])('%s is refused, before anything is opened', async (option, args) => {
    const ran = ended(await command.run([...args, '--passphrase-file', secret, '--json']));
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.error.code).toMatch(/^usage\.(?:notBeside|onlyBeside|noEffect)$/u);
    expect(ran.error.text).toContain(option);
  });
});
