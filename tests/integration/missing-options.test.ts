import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import en from '#resources/messages/en/cli.json' with { type: 'json' };
import { PROFILE_IDS } from '#shared/contract/exports.ts';
import { BuiltCommand, type Ran } from '../support/built-command.ts';

/*
 * What is missing or cannot be is told before anybody types a passphrase. The table is what the help itself says of
 * every command, so a command that is added tomorrow is in it.
 */

const UUID = '018f0000-0000-7000-8000-000000000001';
/** Values of options and words whose form names no list. Nothing of it exists. */
const VALUES: Readonly<Record<string, string>> = {
  METHOD: 'cases.list',
  KIND: 'phone',
  CHANNEL: 'sms',
  STATE: 'discarded',
  P: 'team',
  K: '2',
  N: '3',
  ...Object.fromEntries(
    ['DEVICE', 'EXAMINATION', 'FINDING', 'MESSAGE', 'SET', 'PERSON', 'ID'].map((name) => [name, UUID]),
  ),
};

interface Part {
  /** As an error names it; null for a word without an option. */
  readonly option: string | null;
  readonly given: readonly string[];
}

interface Case {
  readonly name: string;
  readonly words: readonly string[];
  readonly parts: readonly Part[];
}

const valueOf = (form: string): string => {
  const plain = form.replace(/\.\.\.$/u, '');
  const [first = plain] = plain.split('|');
  return (
    VALUES[plain] ??
    VALUES[first] ??
    (/^[a-zñ-]+$/iu.test(first) && first !== first.toUpperCase() ? first : 'no-hay')
  );
};

/** What a form asks for: what stands in no brackets, and of several ways in parentheses the first. */
const partsOf = (form: string): Part[] => {
  const asked = form
    .replaceAll(/\[[^\]]*\](?:\.\.\.)?/gu, '')
    .replaceAll(/\(([^)]*)\)/gu, (_, ways: string) => ways.split(' | ')[0] ?? '')
    .split(/\s+/u)
    .filter((token) => token !== '');
  const parts: Part[] = [];
  for (let at = 0; at < asked.length; at += 1) {
    const token = asked[at] ?? '';
    if (!token.startsWith('--')) {
      parts.push({ option: null, given: [valueOf(token)] });
      continue;
    }
    const next = asked[at + 1];
    const isFlag = next === undefined || next.startsWith('--');
    parts.push({ option: token, given: isFlag ? [token] : [token, valueOf(next)] });
    if (!isFlag) at += 1;
  }
  return parts;
};

let command: BuiltCommand;
let cases: readonly Case[] = [];

/** Many commands after each other in one process whose standard input is closed; each by its own arguments. */
const DRIVER = `
import { readFileSync } from 'node:fs';
import { main } from './cli.js';
const ran = [];
const out = process.stdout.write.bind(process.stdout);
for (const args of JSON.parse(readFileSync(3, 'utf8'))) {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) process[name].write = (text) => ((said[name] += text), true);
  ran.push({ code: await main(args), ...said });
}
out(JSON.stringify(ran));
`;

const all = async (runs: readonly (readonly string[])[]): Promise<Ran[]> => {
  const program = join(dirname(command.program), 'run-many.mjs');
  writeFileSync(program, DRIVER);
  const { code, stdout, stderr } = await command.run([], { program, fds: [JSON.stringify(runs)] });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Ran[];
};

beforeAll(async () => {
  command = await BuiltCommand.make('missing-options', 'en_US.UTF-8');
  const { stdout } = await command.run(['help']);
  cases = [...stdout.matchAll(/^ {2}resguardo (.*)$/gmu)].map(([, line = '']) => {
    const [name = ''] = /^[a-z]+(?: [a-z-]+)?(?= |$)/u.exec(line) ?? [];
    return { name, words: name.split(' '), parts: partsOf(line.slice(name.length)) };
  });
}, 120_000);
afterAll(() => {
  command.end();
});

describe('before a passphrase is read', () => {
  it('reads the form of every command', () => {
    expect(cases.length).toBeGreaterThan(60);
    expect(cases.find(({ name }) => name === 'slots powers')?.parts).toEqual([
      { option: '--vault', given: ['--vault', 'no-hay'] },
      { option: '--slot', given: ['--slot', UUID] },
      { option: '--preset', given: ['--preset', 'team'] },
    ]);
    expect(cases.find(({ name }) => name === 'slots key-file')?.parts.map(({ given }) => given)).toEqual([
      ['no-hay'],
      ['--vault', 'no-hay'],
    ]);
  });

  it('names each thing that is missing, and how the command is written', async () => {
    const rows = cases.flatMap(({ name, words, parts }) =>
      parts.map((missing) => ({
        name,
        option: missing.option,
        args: [...words, ...parts.filter((part) => part !== missing).flatMap(({ given }) => given)],
      })),
    );
    expect(rows.length).toBeGreaterThan(100);
    const ran = await all(rows.map(({ args }) => args));
    const wrong = rows.flatMap(({ name, option, args }, at) => {
      const { code, stdout, stderr } = ran[at] as Ran;
      const [told = ''] = stderr.split('\n');
      const names = option === null ? told !== '' : told.includes(option);
      const form = stderr.includes(`${en['usage.form']}\n  resguardo ${name}`);
      return code === 2 && stdout === '' && names && form
        ? []
        : [{ args: args.join(' '), option, code, stderr }];
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ['--slot', 'slots', 'replace'],
    ['--slot', 'slots', 'powers', '--preset', 'team'],
    ['--preset', 'slots', 'powers', '--slot', 'Marta'],
    ['--name', 'slots', 'add', '--preset', 'team'],
  ])('names %s of «%s %s», as a process of its own', async (option, ...asked) => {
    const { code, stderr } = await command.run([...asked, '--vault', 'no-hay']);
    expect([code, stderr]).toEqual([2, expect.stringContaining(option)]);
    expect(stderr).toContain(`${en['usage.form']}\n  resguardo ${asked.slice(0, 2).join(' ')}`);
    expect(stderr).not.toContain(en['passphrase.noTerminal']);
  });

  it('names each value that cannot be', async () => {
    const rows: readonly (readonly [string, string])[] = [
      ['usage.oneOf', 'slots add --name Eva --preset nada'],
      ['usage.oneOf', 'slots powers --slot Marta --power nada'],
      ['usage.presetOrPowers', 'slots powers --slot Marta --preset team --power read'],
      ['usage.kdfPair', 'slots raise-cost --kdf-passes 3'],
      ['usage.number', 'slots raise-cost --kdf-passes x --kdf-memory-mib 64'],
      ['usage.number', 'slots shares --name Hojas --needed dos --pages 3'],
      ['usage.badId', 'slots words --name Hojas --replaces nada'],
      ['usage.badId', 'slots close-cost --leave-out nada'],
      ['usage.oneOf', 'vault check --report no-hay/x --format nada'],
      ['usage.oneOf', 'vault check --report no-hay/x --report-language xx'],
      ['usage.day', 'activity --from ayer'],
      ['usage.oneOf', 'activity --person Luis --what nada'],
      ['usage.badInstant', `devices receive ${UUID} --from Luis --at ayer`],
      ['usage.badInstant', `devices step ${UUID} --action sealed --at ayer`],
      ['usage.badInstant', `devices return ${UUID} --to Luis --at ayer`],
      ['usage.oneOf', `data know ${UUID} --words-language xx`],
      ['usage.oneOf', 'dump --out no-hay --with-passphrase --words-language xx'],
      ['usage.badId', 'export --out no-hay --export nada'],
      ['usage.oneOf', 'export --out no-hay --case EXP --profile nada'],
      ['usage.oneOf', `export --out no-hay --case EXP --profile ${PROFILE_IDS[0]} --filing-language xx`],
      ['usage.badId', `findings rematch --examination ${UUID} --set nada`],
      ['disk.targetExists', 'slots key-file run.mjs'],
      ['disk.notFound', 'backup run --to no-hay'],
      ['disk.notFound', 'backup inspect no-hay'],
      ['disk.notFound', 'backup restore no-hay --out no-hay'],
      ['disk.notFound', `import mvt no-hay --examination ${UUID}`],
      ['disk.notFound', 'messages add --channel sms --text-file no-hay'],
    ];
    writeFileSync(join(command.folder, 'run.mjs'), '');
    const ran = await all(rows.map(([, line]) => [...line.split(' '), '--vault', 'no-hay', '--json']));
    expect(
      ran.map(({ stderr }, at) => [
        (JSON.parse(stderr) as { error: { code: string } }).error.code,
        rows[at]?.[1],
      ]),
    ).toEqual(rows);
  });
});
