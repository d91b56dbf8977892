import { afterAll, beforeAll, expect, it } from 'vitest';
import en from '#resources/messages/en/cli.json' with { type: 'json' };
import es from '#resources/messages/es/cli.json' with { type: 'json' };
import { DUMP_CONFIRMATIONS } from '#shared/contract/dump.ts';
import { PROFILE_IDS } from '#shared/contract/exports.ts';
import { BuiltCommand } from '../support/built-command.ts';

/* What the built command tells somebody who does not know it yet. */

let command: BuiltCommand;

beforeAll(async () => {
  command = await BuiltCommand.make('command-help', 'es_MX.UTF-8');
}, 120_000);
afterAll(() => {
  command.end();
});

it('says of every command what it does, in both languages', async () => {
  const { stdout } = await command.run(['help']);
  const known = [...stdout.matchAll(/^ {2}resguardo ((?:[a-z-]+ )+)/gmu)].map(([, words = '']) =>
    words.replace(/ (?:-.*)?$/u, '').replaceAll(' ', '.'),
  );
  expect(known.length).toBeGreaterThan(60);
  for (const catalogue of [es, en] as readonly Readonly<Record<string, string>>[])
    expect(known.filter((name) => (catalogue[`help.${name}`] ?? '').length < 15)).toEqual([]);
  const asked = await command.run(['help', 'dump']);
  expect(asked.stdout).toContain(`--plain "${DUMP_CONFIRMATIONS.plain.es}"`);
  expect(asked.stdout).toContain(`--reserved-notes "${DUMP_CONFIRMATIONS.reserved.es}"`);
});

it('says what an evidence copy is, and the words that confirm, in the language of the person', async () => {
  const get = await command.run(['help', 'evidence', 'get']);
  expect(get.stdout).toContain('La copia sale en claro');
  const spanish = await command.run(['help', 'data', 'erase']);
  expect(spanish.stdout).toContain('--confirm suprimir.');
  const english = await command.run(['help', 'evidence', '--language', 'en']);
  expect(english.stdout).toContain('--confirm delete.');
  expect(english.stdout).toContain('leaves in clear');
  expect((await command.run(['help', 'slots', 'add'])).stdout).toContain('[--second-passphrase-file FILE]');
  for (const profile of PROFILE_IDS)
    expect((await command.run(['export', '--help'])).stdout).toContain(profile);
});

it('of two commands that compare, the help of each names the other', () => {
  for (const catalogue of [es, en] as readonly Readonly<Record<string, string>>[]) {
    expect(catalogue['help.examinations.match']).toContain('findings rematch');
    expect(catalogue['help.findings.rematch']).toContain('examinations match');
  }
});

it('points a half command to its own help, and takes no option for a word of it', async () => {
  for (const bare of ['verify', 'search']) {
    const { code, stderr } = await command.run([bare]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`«resguardo help ${bare}»`)]);
  }
  const locked = await command.run(['lock', '--vault', 'x']);
  expect(locked.code).toBe(2);
  expect(locked.stderr).toContain('«lock»');
  expect(locked.stderr).toContain('nunca deja una bóveda abierta');
  expect((await command.run(['nada', '--vault', 'x'])).stderr).toContain('«nada»');
});

it('shows how a command is written where it was written wrong, to people only', async () => {
  const form = 'resguardo backup run --vault DIR --to DIR';
  const bare = await command.run(['backup', 'run', '--to', 'x']);
  expect([bare.code, bare.stderr]).toEqual([
    2,
    expect.stringContaining(`--vault.\n${es['usage.form']}\n  ${form}`),
  ]);
  const folder = await command.run(['vault', 'check']);
  expect(folder.stderr).toContain('resguardo vault check DIR');
  const program = await command.run(['backup', 'run', '--to', 'x', '--json']);
  expect(JSON.parse(program.stderr)).toMatchObject({ error: { code: 'usage.missingOption' } });
  expect(program.stderr).not.toContain(form);
  const unread = await command.run(['vault', 'info', 'x', '--passphrase-file', 'no-hay']);
  expect(unread.stderr).not.toContain(es['usage.form']);
});

it('says what is missing before anybody types a passphrase', async () => {
  const person = '018f0000-0000-7000-8000-000000000001';
  for (const [option, ...asked] of [
    ['--to', 'backup', 'run'],
    ['--to', 'backup', 'verify'],
    ['--to', 'backup', 'rehearse'],
    ['--reason', 'data', 'block', person],
    ['--doubts', 'data', 'erase', person, '--reason', 'x', '--basis', 'x', '--confirm', 'suprimir'],
    ['--confirm', 'evidence', 'delete', person, '--reason', 'x', '--basis', 'x'],
  ] as const) {
    const { code, stderr } = await command.run([...asked, '--vault', 'x']);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`Falta la opción ${option}.`)]);
  }
});

it('names the option whose file cannot be read, and the place where JSON breaks, without its words', async () => {
  const file = await command.run(['vault', 'info', 'x', '--passphrase-file', 'no-hay']);
  expect(file.stderr).toContain('--passphrase-file');
  const words = await command.run(['vault', 'info', 'x', '--words-file', 'no-hay']);
  expect(words.stderr).toContain('--words-file');
  const json = await command.run(['call', 'cases.list', '{"text": "María" "limit": 3}', '--vault', 'x']);
  expect(json.code).toBe(2);
  expect(json.stderr).toContain('en el carácter 18');
  expect(json.stderr).not.toContain('María');
});

it('names what was typed and does not exist', async () => {
  const absent = await command.run(['verify', 'no-hay.zip']);
  expect([absent.code, absent.stdout]).toEqual([1, '']);
  expect(absent.stderr).toContain('No existe «no-hay.zip»');
  expect(absent.stderr).not.toContain('ya no');
});
