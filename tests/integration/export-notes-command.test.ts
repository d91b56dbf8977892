import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BuiltCommand, type Ran } from '../support/built-command.ts';
import { Bench, PASSPHRASE } from './harness.ts';
import { openingFields } from './slots-bench.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/* What the built command says of an export besides its result: to who approves, to who goes on, and to a log. */

const NAME = 'Eduviges Tlatoani Prado';
const CODE = 'EXP-2026-001';
let command: BuiltCommand;
let bench: Bench;
let secret = '';
let second = '';
/** A file in the place of the folder to write to: a release fails there, and nothing before it does. */
let noFolder = '';

const run = (...args: string[]): Promise<Ran> =>
  command.run([...args, '--vault', bench.vaultFolder, '--passphrase-file', secret]);
const exportTo = (profile: string, ...args: string[]): Promise<Ran> =>
  run('export', '--case', CODE, '--profile', profile, '--out', noFolder, '--withhold-undecided', ...args);

beforeAll(async () => {
  command = await BuiltCommand.make('export-notes', 'en_US.UTF-8');
  secret = command.secret('secret', `${PASSPHRASE}\n`);
  second = command.secret('second', 'barro cumbre lince pardo vela junco\n');
  noFolder = join(command.folder, 'no-folder');
  writeFileSync(noFolder, '');
  bench = await new Bench().create();
  const { id: caseId } = await bench.call('cases.open', { ...openingFields, code: CODE });
  const { id: personId } = await bench.call('persons.record', { name: NAME, caseId });
  await bench.call('cases.addPerson', { caseId, personId, roles: ['beneficiary'], relation: '' });
  await bench.call('consents.record', {
    ...{ caseId, personId, recipientClass: 'all', answer: 'given' },
    ...{ toBody: true, toState: true, toPublic: true },
  });
  await bench.call('incidents.record', {
    caseId,
    happened: { kind: 'day', day: '2026-03-01' },
    narrative: `${NAME} recibió una llamada.`,
  });
  await bench.call('vault.lock', {});
  const added = await run(
    'slots',
    'add',
    '--name',
    'Beatriz Olmedo',
    '--preset',
    'coordination',
    '--new-passphrase-file',
    second,
  );
  expect(added.code, added.stderr).toBe(0);
});
afterAll(async () => {
  await bench.end();
  command.end();
});

// The program is part of every Debian system; elsewhere it takes other arguments.
const hasScript = process.platform === 'linux' && existsSync('/usr/bin/script');
if (!hasScript && process.env['CI'] === 'true') throw new Error('script is missing');

/** Runs the command at a terminal where somebody types; gives what is seen there. `end` stands behind the command. */
const atTerminal = (args: readonly string[], typed: string, end = ''): string => {
  const words = [process.execPath, command.program, ...args];
  const quoted = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  return execFileSync('script', ['-q', '-c', `${quoted} ${end}`, '/dev/null'], {
    cwd: command.folder,
    env: command.environment(),
    encoding: 'utf8',
    input: typed,
  });
};

describe('an export that waits for somebody to read what can be read in it', () => {
  const unread = (): string[] => [
    ...['export', '--case', CODE, '--profile', 'public', '--out', noFolder, '--withhold-undecided'],
    ...['--vault', bench.vaultFolder, '--passphrase-file', secret],
  ];

  it('writes its words to no log', async () => {
    for (const json of [[], ['--json']]) {
      const ran = await command.run([...unread(), ...json]);
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain('--inventory-read');
      expect(ran.stderr).toContain('The words are not written here');
      expect(ran.stdout + ran.stderr).not.toContain('Tlatoani');
    }
  });

  it.skipIf(!hasScript)('writes them to a terminal', () => {
    const shown = atTerminal(unread(), '');
    expect(shown).toContain('--inventory-read');
    expect(shown).toContain('Tlatoani');
    expect(shown).not.toContain('The words are not written here');
  });
});

describe('who approves is told whether it will be signed', () => {
  const approved = async (profile: string, ...args: string[]): Promise<string> => {
    const ran = await exportTo(profile, '--inventory-read', '--second-passphrase-file', second, ...args);
    expect(ran.stderr).toMatch(/^What is to be approved: /mu);
    return /^It will leave (?:signed|without a signature)\.$/mu.exec(ran.stderr)?.[0] ?? ran.stderr;
  };

  it.each([
    ['public', [], 'It will leave without a signature.'],
    ['public', ['--sign'], 'It will leave signed.'],
    ['iachr-precautionary', [], 'It will leave signed.'],
    ['iachr-precautionary', ['--unsigned'], 'It will leave without a signature.'],
    ['iachr-precautionary', ['--form', 'filing'], 'It will leave without a signature.'],
  ] as const)('%s %j', async (profile, args, words) => {
    expect(await approved(profile, ...args)).toBe(words);
  });
});

describe.skipIf(!hasScript)('who approves at a terminal', () => {
  const asked = (end: string): string =>
    atTerminal(
      [
        ...['export', '--case', CODE, '--profile', 'public', '--out', noFolder, '--withhold-undecided'],
        ...['--inventory-read', '--vault', bench.vaultFolder, '--passphrase-file', secret],
      ],
      'barro cumbre lince pardo vela junco\r',
      end,
    );

  it('is shown what can be read in it, and then asked', () => {
    const shown = asked('');
    expect(shown).toContain('What is to be approved: ');
    expect(shown).toContain('Tlatoani');
    // Signed: what fails is the place to write to.
    expect(shown).toContain('it goes on with: --export');
  });

  it('is not asked where that would be shown to nobody', () => {
    const log = join(command.folder, 'log');
    const shown = asked(`2>'${log}'`);
    const said = readFileSync(log, 'utf8');
    expect(said).toContain('Another person has to approve export');
    expect(shown + said).not.toContain('What is to be approved');
    expect(shown + said).not.toContain('Tlatoani');
  });
});

describe('a release that fails', () => {
  it('goes on with how it was to be closed, its approval stands', async () => {
    const ran = await exportTo('public', '--inventory-read', '--second-passphrase-file', second, '--sign');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /^Once it can, it goes on with: --export [0-9a-f-]{36} --sign --inventory-read$/mu,
    );
    expect(ran.stderr).not.toContain('--emergency');
  });

  it('goes on with a reason where it was to leave without approval', async () => {
    const ran = await exportTo('public', '--inventory-read', '--emergency', 'la buscan hoy', '--unsigned');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /^It was to leave without the approval of another person\. .* --export [0-9a-f-]{36} --unsigned --inventory-read --emergency "REASON"$/mu,
    );
    expect(ran.stderr).not.toContain('la buscan hoy');
  });
});
