import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BuiltCommand, CHEAP } from '../support/built-command.ts';

/* Leaving, checking and forgetting from the built command, as a child process. */

const PASSPHRASE = 'faro niebla cobre tejado luna';
let command: BuiltCommand;
let folder = '';

const run = (args: readonly string[]): { code: number | null; out: string; err: string } => {
  const ran = spawnSync(process.execPath, [command.program, ...args], {
    cwd: folder,
    env: command.environment(),
    encoding: 'utf8',
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
};
const inVault = (...args: string[]): string[] => [
  ...args,
  '--vault',
  join(folder, 'v'),
  '--passphrase-file',
  join(folder, 'pass'),
];

beforeAll(async () => {
  command = await BuiltCommand.make('exit-cli-test', 'en_US.UTF-8');
  folder = command.folder;
  command.secret('pass', PASSPHRASE);
  const made = run([
    'vault',
    'create',
    join(folder, 'v'),
    '--owner',
    'Julia',
    ...CHEAP,
    '--passphrase-file',
    join(folder, 'pass'),
  ]);
  expect(made.code, made.err).toBe(0);
  writeFileSync(join(folder, 'acta.txt'), 'Acta de la asamblea.');
}, 120_000);
afterAll(() => {
  command.end();
});

it('checks with a report, dumps what others can read, deletes for good', () => {
  const imported = run(inVault('import', 'evidence', join(folder, 'acta.txt'), '--json'));
  expect(imported.code, imported.err).toBe(0);
  const id = (JSON.parse(imported.out) as { taken: { id: string }[] }).taken[0]?.id ?? '';

  for (const format of ['text', 'json', 'pdf']) {
    const file = join(folder, `report.${format}`);
    const checked = run(inVault('vault', 'check', '--report', file, '--format', format));
    expect(checked.code, checked.err).toBe(0);
    expect(readFileSync(file).length).toBeGreaterThan(200);
  }
  expect((JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as { ok: boolean }).ok).toBe(true);
  expect(run(inVault('vault', 'check', '--report', join(folder, 'x'), '--format', 'doc')).code).toBe(2);

  const out = join(folder, 'out');
  mkdirSync(out);
  expect(run(inVault('dump', '--out', out)).code).toBe(2);
  expect(run(inVault('dump', '--out', out, '--plain', 'yes')).code).toBe(1);
  expect(readdirSync(out)).toEqual([]);
  const dumped = run(inVault('dump', '--out', out, '--plain', 'not encrypted'));
  expect(dumped.code, dumped.err).toBe(0);
  expect(dumped.out).toContain('It is in clear');
  const [archive = ''] = readdirSync(out);
  const open = join(folder, 'open');
  const unzip = 'import sys,zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])';
  execFileSync('python3', ['-c', unzip, join(out, archive), open]);
  expect(execFileSync('python3', [join(open, 'verify_dump.py')], { encoding: 'utf8' })).toContain(
    'problems 0',
  );

  const why = ['--reason', 'copia', '--basis', 'propia'];
  expect(run(inVault('evidence', 'delete', id, ...why, '--confirm', 'no')).code).toBe(1);
  const deleted = run(inVault('evidence', 'delete', id, ...why, '--confirm', 'delete'));
  expect(deleted.code, deleted.err).toBe(0);
  expect(deleted.out).toContain('neither key nor file exists');
  expect(run(inVault('vault', 'check')).code).toBe(0);
});

it('tells a person what is known of her, and forgets her in two stages', () => {
  const input = JSON.stringify({ name: 'Fermina Ocaranza Tovar', aliases: ['la Fermi'] });
  const recorded = run(inVault('call', 'persons.record', input, '--json'));
  expect(recorded.code, recorded.err).toBe(0);
  const { id } = JSON.parse(recorded.out) as { id: string };
  const known = run(inVault('data', 'know', id, '--words-language', 'en'));
  expect(known.out).toContain('Fermina Ocaranza Tovar');
  const why = ['--reason', 'she asked', '--basis', 'law'];
  const choices = ['--doubts', 'replace', '--evidence', 'delete', '--confirm', 'erase'];
  expect(run(inVault('data', 'erase', id, ...why, ...choices)).err).toContain('blocked first');
  expect(run(inVault('data', 'block', id, ...why)).code).toBe(0);
  expect(run(inVault('data', 'preview', id)).out).toContain('Journal entries: ');
  const erased = run(inVault('data', 'erase', id, ...why, ...choices));
  expect(erased.code, erased.err).toBe(0);
  expect(erased.out).toMatch(/From now on she is P-[A-Z0-9]{8}/u);
  expect(run(inVault('data', 'know', id)).code).toBe(1);
  expect(run(inVault('vault', 'check')).out).toContain('with erased content');
});

// The program is part of every Debian system; elsewhere it takes other arguments.
const hasScript = process.platform === 'linux' && existsSync('/usr/bin/script');
if (!hasScript && process.env['CI'] === 'true') throw new Error('script is missing');

it('tells the other coordinator what she approves, and asks her nothing where that goes to a file', () => {
  const second = command.secret('second', 'barro cumbre lince pardo vela junco');
  const who = ['--name', 'Marta', '--preset', 'coordination', '--new-passphrase-file', second];
  const added = run(inVault('slots', 'add', ...who));
  expect(added.code, added.err).toBe(0);
  const out = join(folder, 'approved');
  mkdirSync(out);
  const dump = inVault('dump', '--out', out, '--plain', 'not encrypted');
  if (hasScript) {
    const words = [process.execPath, command.program, ...dump].map((word) => `'${word}'`).join(' ');
    const log = join(folder, 'log');
    spawnSync('script', ['-q', '-c', `${words} 2>'${log}'`, '/dev/null'], {
      cwd: folder,
      env: command.environment(),
      input: `${readFileSync(second, 'utf8')}\r`,
    });
    expect(readFileSync(log, 'utf8')).toContain('--second-passphrase-file');
    expect(readdirSync(out)).toEqual([]);
  }
  const notes = [...dump, '--reserved-notes', 'reserved notes', '--second-passphrase-file', second];
  const ran = run(notes);
  expect(ran.code, ran.err).toBe(0);
  expect(ran.err).toContain('What is to be approved: a complete dump.');
  expect(ran.err).toContain('It will leave in clear.');
  expect(ran.err).toContain('The reserved notes leave with it.');
  expect(readdirSync(out)).toHaveLength(1);
});
