import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POWERS, type Power } from '#shared/contract/define.ts';
import { contract, METHOD_NAMES, type MethodName } from '#shared/contract/index.ts';
import { PRESETS, type Preset } from '#shared/model/roster.ts';
import { Bench, PASSPHRASE } from './harness.ts';
import { addPerson, becomes, passphraseOf } from './people.ts';

/**
 * The power of every method, written down a second time on purpose: who changes one in the contract has to say so
 * here, too, and a new method does not slip in with a power that nobody decided. Groups: methods of one power.
 */
const NEEDS_KEYS = [
  'rotation.review',
  'rotation.run',
  'access.list',
  'access.settleClock',
  'activity.ofPerson',
  'activity.summary',
  'leaving.of',
  'leaving.reassign',
  'leaving.certificate',
  'erasure.certificate',
  'slots.replace',
  'slots.setPowers',
  'slots.raiseCost',
  'slots.closeEpoch',
  'vault.acceptLoss',
] as const satisfies readonly MethodName[];

const PRESET_PASSPHRASES: Readonly<Record<Preset, string>> = {
  coordination: PASSPHRASE,
  team: passphraseOf('Equipo Uno'),
  consultation: passphraseOf('Consulta Uno'),
};

let bench: Bench;

beforeAll(async () => {
  bench = await new Bench().create();
  await addPerson(bench, 'Equipo Uno', 'team');
  await addPerson(bench, 'Consulta Uno', 'consultation');
}, 60_000);
afterAll(async () => {
  await bench.end();
});

/** Ends the session or makes a new one: not to be tried in the middle of a list. */
const ENDS_SESSION: ReadonlySet<string> = new Set(['vault.lock', 'vault.create', 'vault.unlock']);

describe('every method of the contract', () => {
  test('that needs an open vault names a power; what changes keys and looks after others needs that one', () => {
    const odd = METHOD_NAMES.filter((name) => {
      const { session, power } = contract[name];
      return session === 'open' && power === null;
    });
    expect(odd).toEqual([]);
    for (const name of NEEDS_KEYS) expect([name, contract[name].power]).toEqual([name, 'keys']);
  });

  test('changes nothing for somebody who may only read', () => {
    // What a reader may call although it is no query: own passphrase, proofs, drafts of nothing.
    const readersMay = METHOD_NAMES.filter(
      (name) => contract[name].power === 'read' && contract[name].kind !== 'query',
    );
    const allowed =
      /^(slots|tickets|passphrases|vault|restore|backup|approvals|search)\.|^(evidence\.picture|indicatorSets\.inspect)$/u;
    expect(readersMay.filter((name) => !allowed.test(name))).toEqual([]);
  });

  for (const preset of Object.keys(PRESETS) as Preset[]) {
    test(`refuses ${preset} what that preset has no power for, and nothing else for that reason`, async () => {
      await becomes(bench, PRESET_PASSPHRASES[preset]);
      const held: readonly Power[] = PRESETS[preset];
      const wrong: string[] = [];
      let refused = 0;
      for (const name of METHOD_NAMES) {
        if (ENDS_SESSION.has(name)) continue;
        const { power, session } = contract[name];
        const mayNot = session === 'open' && power !== null && !held.includes(power);
        // No input of any method: what gets past the gate of powers stops there.
        const reply = await bench.core.dispatch({ method: name, input: { '': 0 }, surface: 'unlock' });
        const code = reply.ok ? 'done' : reply.error.code;
        if (mayNot) refused += 1;
        if (mayNot !== (code === 'call.notAllowed')) wrong.push(`${name}: ${code}`);
      }
      expect(wrong).toEqual([]);
      const without = POWERS.filter((power) => !held.includes(power));
      const expected = METHOD_NAMES.filter((name) => {
        const { power, session } = contract[name];
        return session === 'open' && power !== null && without.includes(power);
      }).length;
      expect(refused).toBe(expected);
      if (preset !== 'coordination') expect(refused).toBeGreaterThan(10);
    });
  }

  test('of the unlock window is refused to the main window, whoever asks', async () => {
    await becomes(bench, PASSPHRASE);
    for (const name of METHOD_NAMES) {
      if (contract[name].surface !== 'unlock') continue;
      const reply = await bench.core.dispatch({ method: name, input: { '': 0 }, surface: 'any' });
      expect([name, reply.ok ? 'done' : reply.error.code]).toEqual([name, 'call.notAllowed']);
    }
  });
});
