import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PRESETS, type Preset } from '#shared/model/roster.ts';
import { BuiltCommand, CHEAP, type Ran } from '../support/built-command.ts';
import { passphraseOf } from './people.ts';
import { PASSPHRASE } from './harness.ts';

/* The built command with each role: what a role lacks is refused at the terminal as it is in the window. */

const PRESET_NAMES = Object.keys(PRESETS) as Preset[];
let folder = '';
let command: BuiltCommand;

const run = (...args: string[]): Promise<Ran> => command.run(args);
const secretOf = (preset: Preset): string => join(folder, `secret-${preset}`);
const as = (preset: Preset, ...args: string[]): Promise<Ran> =>
  run(...args, '--vault', join(folder, 'vault'), '--passphrase-file', secretOf(preset), '--json');

beforeAll(async () => {
  command = await BuiltCommand.make('roles-test', 'en_US.UTF-8');
  folder = command.folder;
  for (const preset of PRESET_NAMES) {
    const text = preset === 'coordination' ? PASSPHRASE : passphraseOf(preset);
    writeFileSync(secretOf(preset), `${text}\n`, { mode: 0o600 });
  }
  writeFileSync(join(folder, 'nota.txt'), 'Una nota');
  const made = await as('coordination', 'vault', 'create', '--owner', 'Ana Ruiz', '--practice', ...CHEAP);
  expect([made.code, made.stderr]).toEqual([0, '']);
  for (const preset of ['team', 'consultation'] as const) {
    const added = await as(
      'coordination',
      'slots',
      'add',
      '--name',
      `Persona ${preset}`,
      '--preset',
      preset,
      '--new-passphrase-file',
      secretOf(preset),
    );
    expect([added.code, added.stderr]).toEqual([0, '']);
  }
}, 180_000);
afterAll(() => {
  command.end();
});

/** Verbs with the presets that may use them. Those that may get past the refusal, whatever they answer then. */
const VERBS: readonly (readonly [verb: string[], may: readonly Preset[]])[] = [
  [
    ['vault', 'info'],
    ['coordination', 'team', 'consultation'],
  ],
  [
    ['vault', 'check', '--quick'],
    ['coordination', 'team', 'consultation'],
  ],
  [
    ['search', 'nada'],
    ['coordination', 'team', 'consultation'],
  ],
  [
    ['slots', 'list'],
    ['coordination', 'team', 'consultation'],
  ],
  [
    ['import', 'evidence', 'nota.txt'],
    ['coordination', 'team'],
  ],
  [
    ['call', 'drafts.discard', '{"id":"x"}'],
    ['coordination', 'team'],
  ],
  [['call', 'exports.release', '{}'], ['coordination']],
  [['dump', '--out', 'volcado', '--plain', 'x'], ['coordination']],
  [['slots', 'words', '--name', 'Papel'], ['coordination']],
  [['slots', 'raise-cost'], ['coordination']],
  [['slots', 'remove', '--slot', 'Persona team'], ['coordination']],
  [['vault', 'rotate'], ['coordination']],
  [['activity'], ['coordination']],
];

const codeOf = (ran: Ran): string => {
  try {
    return (JSON.parse(ran.stderr) as { error: { code: string } }).error.code;
  } catch {
    return '';
  }
};

describe('each verb with each role', () => {
  test.each(VERBS)('%j', { timeout: 120_000 }, async (verb, may) => {
    for (const preset of PRESET_NAMES) {
      const ran = await as(preset, ...verb);
      // A verb that works through a list of files tells each file's refusal in its answer.
      const refused = `${ran.stdout}${ran.stderr}`.includes('"call.notAllowed"');
      expect([preset, refused]).toEqual([preset, !may.includes(preset)]);
      if (!may.includes(preset)) expect(ran.code).toBe(1);
    }
  });
});

test(
  'rotation and removal ask for the list that was seen, and the person is out',
  { timeout: 120_000 },
  async () => {
    const seen = await as('coordination', 'slots', 'remove', '--slot', 'Persona team');
    expect(seen.code).toBe(1);
    const { review } = JSON.parse(seen.stdout) as { review: { digest: string; slots: { name: string }[] } };
    expect(review.slots.map((slot) => slot.name).sort()).toEqual([
      'Ana Ruiz',
      'Persona consultation',
      'Persona team',
    ]);
    const wrong = await as(
      'coordination',
      'slots',
      'remove',
      '--slot',
      'Persona team',
      '--confirm',
      'a'.repeat(64),
    );
    expect([wrong.code, codeOf(wrong)]).toEqual([1, 'rotation.listChanged']);
    const before = readFileSync(join(folder, 'vault', 'vault.json'));
    const done = await as(
      'coordination',
      'slots',
      'remove',
      '--slot',
      'Persona team',
      '--confirm',
      review.digest,
    );
    expect([done.code, JSON.parse(done.stdout)]).toMatchObject([
      0,
      { generation: 2, staying: 2, oldFileRemoved: true },
    ]);
    expect(readFileSync(join(folder, 'vault', 'vault.json')).equals(before)).toBe(false);
    const out = await as('team', 'vault', 'info');
    expect([out.code, codeOf(out)]).toEqual([1, 'vault.wrongPassphrase']);
    expect((await as('consultation', 'vault', 'info')).code).toBe(0);
    const check = await as('coordination', 'vault', 'check');
    expect([check.code, JSON.parse(check.stdout)]).toMatchObject([0, { ok: true }]);
  },
);
