import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { contract } from '#shared/contract/index.ts';
import { BuiltCommand, CHEAP, type Ran } from '../support/built-command.ts';

/* Slots from the built command, as a child process, with every secret from its own source. */

const JULIA = 'faro niebla cobre tejado luna';
const LUIS = 'ventana lluvia motor azul cuchara';
const MARTA = 'papel gallina reloj verde tornillo';
let folder = '';
let command: BuiltCommand;
let vault = '';

const start = (args: readonly string[], fds: readonly string[] = []) => command.start(args, { fds });
const run = (args: readonly string[], fds: readonly string[] = []): Promise<Ran> =>
  command.run(args, { fds });
const secretFile = (name: string, text: string, mode?: number): string => command.secret(name, text, mode);

const asJulia = (): string[] => ['--vault', vault, '--passphrase-file', secretFile('julia', JULIA)];

beforeAll(async () => {
  command = await BuiltCommand.make('slots-cli-test', 'en_US.UTF-8');
  folder = command.folder;
  mkdirSync(join(folder, 'vaults'));
  vault = join(folder, 'vaults', 'one');
  const made = await run([
    'vault',
    'create',
    vault,
    '--owner',
    'Julia',
    ...CHEAP,
    '--passphrase-file',
    secretFile('julia', JULIA),
  ]);
  expect(made.code, made.stderr).toBe(0);
}, 120_000);
afterAll(() => {
  command.end();
});

const listSchema = contract['slots.list'].output;
const list = async (): Promise<z.output<typeof listSchema>> => {
  const ran = await run(['slots', 'list', ...asJulia(), '--json']);
  expect(ran.code, ran.stderr).toBe(0);
  return listSchema.parse(JSON.parse(ran.stdout));
};

describe('resguardo slots', () => {
  it('adds with the new passphrase from a descriptor, and a second person where there are two', async () => {
    const adding = [
      'slots',
      'add',
      ...asJulia(),
      '--name',
      'Marta',
      '--preset',
      'coordination',
      '--new-passphrase-fd',
      '3',
    ];
    // Whoever gives one believes that two people answer for who gets in.
    for (const idle of ['--second-passphrase-fd', '--second-key-file']) {
      const unasked = await run([...adding, idle, '4', '--json'], [MARTA, LUIS]);
      expect([unasked.code, unasked.stderr]).toEqual([1, expect.stringContaining('"slots.secondNotAsked"')]);
    }
    expect((await list()).rows).toHaveLength(1);
    const marta = await run(adding, [MARTA]);
    expect(marta.code, marta.stderr).toBe(0);
    expect(marta.stdout).toContain('They can see all cases that are open');
    const luis = [
      'slots',
      'add',
      ...asJulia(),
      '--name',
      'Luis',
      '--preset',
      'team',
      '--new-passphrase-fd',
      '3',
    ];
    const alone = await run(luis, [LUIS]);
    expect(alone.code).toBe(2);
    expect(alone.stderr).toContain('--second-passphrase-file');
    const both = await run([...luis, '--second-passphrase-fd', '4'], [LUIS, MARTA]);
    expect(both.code, both.stderr).toBe(0);
    expect((await list()).rows.map((row) => [row.name, row.preset])).toEqual([
      ['Julia', 'coordination'],
      ['Marta', 'coordination'],
      ['Luis', 'team'],
    ]);
  });

  it('refuses what a role may not, by each command', async () => {
    const asLuis = ['--vault', vault, '--passphrase-file', secretFile('luis', LUIS)];
    for (const args of [
      ['slots', 'add', ...asLuis, '--name', 'Eva', '--preset', 'team'],
      ['slots', 'replace', ...asLuis, '--slot', 'Marta'],
      ['slots', 'powers', ...asLuis, '--slot', 'Marta', '--preset', 'team'],
      ['slots', 'words', ...asLuis, '--name', 'x'],
      ['slots', 'raise-cost', ...asLuis],
      ['slots', 'close-cost', ...asLuis],
    ]) {
      const ran = await run([...args, '--json']);
      expect([args[1], ran.code, ran.stderr]).toEqual([
        args[1],
        1,
        expect.stringContaining('"call.notAllowed"'),
      ]);
    }
    expect((await run(['slots', 'list', ...asLuis])).code).toBe(0);
  });

  it('changes a passphrase; a key file goes with the new one', async () => {
    const key = join(folder, 'llave');
    const made = await run(['slots', 'key-file', key, '--vault', vault, '--passphrase-fd', '3'], [LUIS]);
    expect(made.code, made.stderr).toBe(0);
    const changed = await run(
      [
        'slots',
        'change',
        '--vault',
        vault,
        '--passphrase-fd',
        '3',
        '--new-passphrase-fd',
        '4',
        '--new-key-file',
        key,
      ],
      [LUIS, `${LUIS} dos`],
    );
    expect(changed.code, changed.stderr).toBe(0);
    const info = ['vault', 'info', vault, '--passphrase-fd', '3'];
    expect((await run(info, [LUIS])).code).toBe(1);
    expect((await run(info, [`${LUIS} dos`])).code).toBe(1);
    const right = await run([...info, '--key-file', key], [`${LUIS} dos`]);
    expect(right.code, right.stderr).toBe(0);
  });

  // Elsewhere a signal that one program sends another ends it at once.
  it.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM'] as const)(
    'a command that waits with the vault open locks in order on %s',
    async (signal) => {
      const words = ['slots', 'words', ...asJulia(), '--name', 'Paper', '--words-language', 'en'];
      const started = start([...words, '--second-passphrase-fd', '3', '--json'], [MARTA]);
      await new Promise<void>((resolve, reject) => {
        started.child.stdout?.once('data', () => resolve());
        started.child.on('close', () => reject(new Error(started.said().stderr)));
      });
      expect(existsSync(join(vault, 'vault.lock'))).toBe(true);
      started.child.kill(signal);
      await started.ended;
      expect(started.child.signalCode).toBe(signal);
      expect(existsSync(join(vault, 'vault.lock'))).toBe(false);
      expect((await list()).hasWords).toBe(false);
    },
  );

  it('words are typed back before they open anything', async () => {
    const started = start(
      [
        'slots',
        'words',
        ...asJulia(),
        '--name',
        'Paper',
        '--words-language',
        'en',
        '--second-passphrase-fd',
        '3',
        '--json',
      ],
      [MARTA],
    );
    const drawn = contract['slots.draw'].output;
    const shown = await new Promise<z.output<typeof drawn>>((resolve, reject) => {
      started.child.stdout?.on('data', () => {
        try {
          resolve(drawn.parse(JSON.parse(started.said().stdout)));
        } catch {
          // Not all of it yet.
        }
      });
      started.child.on('close', () => reject(new Error(started.said().stderr)));
    });
    const words = shown.pages[0]?.words ?? [];
    const answers = [...shown.ask.map((one) => words[one.word - 1] ?? ''), words.join(' ')];
    started.child.stdin?.end(`${answers.join('\n')}\n`);
    const ended = await started.ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect((await list()).hasWords).toBe(true);

    const paper = secretFile('paper', words.map((word, i) => `${i + 1} ${word}`).join('\n'));
    const opened = await run(['slots', 'list', '--vault', vault, '--words-file', paper]);
    expect(opened.code, opened.stderr).toBe(0);
    const loose = await run([
      'slots',
      'list',
      '--vault',
      vault,
      '--words-file',
      secretFile('loose', words.join(' '), 0o644),
    ]);
    expect(loose.code).toBe(2);
    const two = await run(['slots', 'list', ...asJulia(), '--words-file', paper]);
    expect(two.code).toBe(2);
  });

  it('generates a passphrase without a vault', async () => {
    const ran = await run(['passphrase', 'generate', '--count', '8', '--words-language', 'en']);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout.trim().split(' ')).toHaveLength(8);
  });

  it('shows a clock that disagrees with the vault, and settles it once its time was typed back', async () => {
    const shown = await run(['clock', 'show', ...asJulia()]);
    expect(shown.code, shown.stderr).toBe(0);
    // The same program under a clock of another century.
    const later = join(dirname(command.program), 'later.mjs');
    writeFileSync(
      later,
      `const now = Date.now; Date.now = () => now() + ${String(73 * 365 * 86_400_000)};
      const { main } = await import('./cli.js');
      process.exitCode = await main(process.argv.slice(2));
      `,
    );
    const wrong = await command.run(['slots', 'list', ...asJulia()], { program: later });
    expect(wrong.code).toBe(0);
    const ahead = await run(['clock', 'show', ...asJulia()]);
    expect(ahead.code).toBe(1);
    expect(ahead.stdout).toContain('resguardo clock settle');

    const settle = ['clock', 'settle', ...asJulia(), '--reason', 'The clock battery was flat'];
    const asked = await run(settle);
    expect(asked.code).toBe(1);
    const time = /--confirm (\d{4}-\d{2}-\d{2}T\d{2}:\d{2})/u.exec(asked.stdout)?.[1] ?? '';
    expect(time).toHaveLength(16);
    const refused = await run([...settle, '--confirm', '2001-01-01T10:00', '--json']);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'access.clockMoved' } });
    expect((await run([...settle, '--confirm', 'now'])).code).toBe(2);
    const done = await run([...settle, '--confirm', time]);
    expect(done.code, done.stderr).toBe(0);
    expect((await run(['clock', 'show', ...asJulia()])).code).toBe(0);
    const again = await run([...settle, '--json']);
    expect(JSON.parse(again.stderr)).toMatchObject({ error: { code: 'access.clockFits' } });
  });

  it('takes no secret as an argument and none from the environment for a new passphrase', async () => {
    const ran = await run(['slots', 'change', ...asJulia()]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('--new-passphrase-file');
  });
});
