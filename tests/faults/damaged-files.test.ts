import { rmSync, statSync, truncateSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileNamed, flipBit, isSilent, outcomeOf, seeded, times } from './support/copies.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { SessionProcess } from './support/session-process.ts';
import { addCase, addConsent, addPerson, create } from './support/vaults.ts';
import { tally } from '../support/tally.ts';

const ports = realPorts();
const ERROR_CODE = /^(?:vault|disk)\.[a-zA-Z]+$/u;

/** A vault that was locked properly. */
const locked = freshFolder();
/** A vault whose process was killed with its last changes in the log. */
const killed = freshFolder();

beforeAll(async () => {
  for (const base of [locked, killed]) {
    const vault = await create(ports, base.path);
    addPerson(vault, 'p', 'Rosa');
    for (let n = 0; n < 30; n += 1) addCase(vault, `c${n}`, `C-${n}`);
    addConsent(vault, 'k', 'c0', 'p');
    await vault.close();
  }
  const session = await SessionProcess.start(killed.path);
  expect((await session.next()).ready).toBe(true);
  for (let n = 0; n < 8; n += 1) expect((await session.ask(`write w${n}`)).code).toBeNull();
  await session.kill();
});
afterAll(() => {
  locked.remove();
  killed.remove();
});

test('the controls: undamaged copies open and have no findings', async () => {
  for (const base of [locked, killed]) {
    const outcome = await outcomeOf(ports, base.path, () => undefined);
    expect(outcome).toEqual({ refused: null, readOnly: null, findings: [] });
  }
  expect(statSync(fileNamed(killed.path, '.db-wal')).size).toBeGreaterThan(8 * 4096);
});

const flips = (base: string, ending: string, seed: number, count: number): (() => Promise<string[]>) => {
  return async () => {
    const random = seeded(seed);
    const bits = statSync(fileNamed(base, ending)).size * 8;
    const silent: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const bit = random(bits);
      const outcome = await outcomeOf(ports, base, (copy) => flipBit(fileNamed(copy, ending), bit));
      if (isSilent(outcome)) silent.push(`bit ${bit}`);
      for (const code of [outcome.refused, outcome.readOnly, ...outcome.findings]) {
        if (code !== null) expect(code).toMatch(ERROR_CODE);
      }
    }
    tally({
      kind: 'bit flips',
      what: `${ending}, vault opened and checked`,
      done: count,
      failures: silent.length,
      control: 'the undamaged copy has no findings',
    });
    return silent;
  };
};

describe('one flipped bit is never silent', () => {
  test('header', async () => {
    expect(await flips(locked.path, 'vault.json', 1, times(60, 2_000))()).toEqual([]);
  });
  test('anchor', async () => {
    expect(await flips(locked.path, 'vault.anchor', 2, times(40, 2_000))()).toEqual([]);
  });
  test('database', async () => {
    expect(await flips(locked.path, '.db', 3, times(60, 2_000))()).toEqual([]);
  });

  test('write-ahead log: always named as missing changes, whatever the bit', async () => {
    const random = seeded(4);
    const bits = statSync(fileNamed(killed.path, '.db-wal')).size * 8;
    const seen = new Map<string, number>();
    const count = times(60, 2_000);
    for (let n = 0; n < count; n += 1) {
      const bit = random(bits);
      const outcome = await outcomeOf(ports, killed.path, (copy) => flipBit(fileNamed(copy, '.db-wal'), bit));
      const name = outcome.refused ?? outcome.readOnly ?? 'silent';
      seen.set(name, (seen.get(name) ?? 0) + 1);
    }
    tally({
      kind: 'bit flips',
      what: 'write-ahead log, vault opened and checked',
      done: count,
      failures: count - (seen.get('vault.changesMissing') ?? 0),
      control: 'the undamaged copy has no findings',
    });
    expect(Object.fromEntries(seen)).toEqual({ 'vault.changesMissing': count });
  });
});

describe('a log that is gone or cut', () => {
  test('deleted', async () => {
    const outcome = await outcomeOf(ports, killed.path, (copy) => rmSync(fileNamed(copy, '.db-wal')));
    expect(outcome.readOnly).toBe('vault.changesMissing');
    expect(outcome.findings).toContain('vault.changesMissing');
  });

  test('truncated anywhere', async () => {
    const random = seeded(5);
    const { size } = statSync(fileNamed(killed.path, '.db-wal'));
    const lengths = [0, 1, 31, 32, size - 1, size - 24, size - 4096, size - 4120];
    for (let n = 0; n < times(12); n += 1) lengths.push(random(size));
    for (const length of lengths) {
      const outcome = await outcomeOf(ports, killed.path, (copy) =>
        truncateSync(fileNamed(copy, '.db-wal'), length),
      );
      expect([length, outcome.readOnly]).toEqual([length, 'vault.changesMissing']);
    }
  });

  test('with the anchor gone as well the vault still does not open as if nothing had happened', async () => {
    const outcome = await outcomeOf(ports, killed.path, (copy) => {
      rmSync(fileNamed(copy, '.db-wal'));
      rmSync(fileNamed(copy, 'vault.anchor'));
    });
    expect(outcome.readOnly).toBe('vault.anchorDamaged');
  });
});

describe('files that are missing', () => {
  test.each([
    ['vault.json', 'vault.notFound'],
    ['.db', 'vault.databaseMissing'],
  ])('%s', async (ending, code) => {
    const outcome = await outcomeOf(ports, locked.path, (copy) => rmSync(fileNamed(copy, ending)));
    expect(outcome.refused).toBe(code);
  });

  test('an empty database file is damage, not a new database', async () => {
    const outcome = await outcomeOf(ports, locked.path, (copy) => truncateSync(fileNamed(copy, '.db'), 0));
    expect(outcome.refused).toBe('vault.databaseDamaged');
  });
});
