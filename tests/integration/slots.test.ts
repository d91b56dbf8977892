import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deriveSlotKeys } from '../../electron/core/crypto/key-hierarchy.ts';
import { arrangeSlots, openSlots, sealSlot } from '../../electron/core/crypto/slots.ts';
import { PASSPHRASE, TEST_COST } from './harness.ts';
import {
  add,
  at,
  checked,
  codeOf,
  freshVault,
  headerFile,
  lock,
  LUIS,
  MARTA,
  NEWER,
  openingFields,
  own,
  ticketFor,
  unlockWith,
} from './slots-bench.ts';

beforeEach(freshVault);
afterEach(() => at.bench.end());

describe('a person’s slot', () => {
  test('is added, opens with its own powers, and the check is content', async () => {
    const luis = await add('Luis', LUIS);
    const list = await at.bench.call('slots.list', {});
    expect(list).toMatchObject({
      coordinators: 1,
      hasWords: false,
      hasShares: false,
      free: 14,
      raising: null,
    });
    expect(list.rows.find((row) => row.id === luis)).toMatchObject({
      name: 'Luis',
      kind: 'passphrase',
      factor: 'none',
      preset: 'team',
      addedBy: 'Julia Bermejo Anaya',
      own: false,
      cost: 'current',
    });
    expect(await checked()).toEqual([]);
    await lock();
    await unlockWith({ passphrase: LUIS });
    expect(await at.bench.call('vault.status', {})).toMatchObject({ actor: { name: 'Luis' } });
    expect(await codeOf(() => ticketFor({ purpose: 'slots.add', name: 'Eva', powers: ['read'] }))).toBe(
      'call.notAllowed',
    );
    await at.bench.call('cases.open', openingFields);
    expect(await checked()).toEqual([]);
    await lock();
    await unlockWith(own);
    expect(await checked()).toEqual([]);
  });

  test('a passphrase, name or strength that will not do is refused', async () => {
    await add('Luis', LUIS);
    expect(await codeOf(() => add('luis ', MARTA))).toBe('slots.nameTaken');
    expect(await codeOf(() => add('Eva', LUIS))).toBe('slots.passphraseTaken');
    expect(await codeOf(() => add('Eva', PASSPHRASE))).toBe('slots.passphraseTaken');
    expect(await codeOf(() => add('Eva', 'corta'))).toBe('vault.passphraseTooWeak');
    expect((await at.bench.call('slots.list', {})).rows).toHaveLength(2);
  });

  test('with two coordinators a third is let in by both', async () => {
    await add('Marta', MARTA, 'coordination');
    const ticket = await ticketFor({ purpose: 'slots.add', name: 'Luis', powers: ['read'] });
    expect(await at.bench.call('tickets.describe', { ticket })).toMatchObject({
      purpose: 'slots.add',
      who: 'Julia Bermejo Anaya',
      needsApprover: true,
      subject: { name: 'Luis', preset: 'consultation' },
    });
    const fresh = { passphrase: LUIS };
    expect(await codeOf(() => at.bench.call('slots.add', { ticket, own, fresh }))).toBe(
      'slots.secondPersonNeeded',
    );
    expect(await codeOf(() => at.bench.call('slots.add', { ticket, own, approver: own, fresh }))).toBe(
      'slots.secondPersonSame',
    );
    await at.bench.call('slots.add', { ticket, own, approver: { passphrase: MARTA }, fresh });
    const third = await ticketFor({ purpose: 'slots.add', name: 'Eva', powers: ['read'] });
    expect(
      await codeOf(() =>
        at.bench.call('slots.add', {
          ticket: third,
          own,
          approver: { passphrase: LUIS },
          fresh: { passphrase: NEWER },
        }),
      ),
    ).toBe('call.notAllowed');
    expect(await checked()).toEqual([]);
  });

  test('seventeen do not fit, and the header never changes its length', async () => {
    const lengths = new Set([headerFile().length]);
    for (let n = 2; n <= 16; n += 1) {
      await add(`Persona ${n}`, `${LUIS} ${n * 7_919}`);
      lengths.add(headerFile().length);
    }
    expect(lengths.size).toBe(1);
    expect(await codeOf(() => ticketFor({ purpose: 'slots.add', name: 'otra', powers: ['read'] }))).toBe(
      'slots.full',
    );
    await lock();
    at.derivations = 0;
    await unlockWith({ passphrase: `${LUIS} ${16 * 7_919}` });
    expect(at.derivations).toBe(1);
  }, 300_000);
});

describe('one derivation for any number of slots', () => {
  test.each([1, 5])('%i slots: one for a right and one for a wrong passphrase', async (slots) => {
    for (let n = 2; n <= slots; n += 1) await add(`Persona ${n}`, `${LUIS} ${n * 7_919}`);
    await lock();
    at.derivations = 0;
    expect(await codeOf(() => unlockWith({ passphrase: 'equivocada del todo' }))).toBe(
      'vault.wrongPassphrase',
    );
    expect(at.derivations).toBe(1);
    await unlockWith(own);
    expect(at.derivations).toBe(2);
  });
});

test('sixteen slots take no more time than one', async () => {
  const { crypto, random } = at.bench.ports;
  const vaultId = random.bytes(16);
  const accessKey = random.bytes(32);
  const records = Array.from({ length: 16 }, () => {
    const slotSecret = random.bytes(32);
    return sealSlot(crypto, random, {
      vaultId,
      slotId: random.bytes(16),
      accessKey: random.bytes(32),
      factor: { kind: 'none' },
      slotSecret,
      generation: 1,
      masterKey: random.bytes(32),
      boxPublic: deriveSlotKeys(crypto, slotSecret).boxPublic,
    });
  });
  const median = async (runs: number, work: () => unknown): Promise<number> => {
    const times: number[] = [];
    for (let n = 0; n < runs; n += 1) {
      const began = performance.now();
      await work();
      times.push(performance.now() - began);
    }
    return times.sort((a, b) => a - b)[runs >> 1] ?? 0;
  };
  const derivation = await median(5, () =>
    crypto.argon2id13(Buffer.from(PASSPHRASE), vaultId, TEST_COST.ops, TEST_COST.memoryBytes),
  );
  const attempt = (used: number): Promise<number> => {
    const header = arrangeSlots(random, records.slice(0, used));
    return median(101, () => {
      expect(() => openSlots(crypto, vaultId, header, [accessKey], { kind: 'none' })).toThrow();
    });
  };
  const [one, sixteen] = [await attempt(1), await attempt(16)];
  expect(derivation + sixteen).toBeLessThan(1.05 * (derivation + one));
});

describe('changing a passphrase', () => {
  test('the old one opens the old header only, and the session goes on with the new key', async () => {
    const copy = join(at.bench.folder, 'copy');
    await at.bench.call('vault.lock', {});
    cpSync(at.bench.vaultFolder, copy, { recursive: true });
    await unlockWith(own);
    const ticket = await ticketFor({ purpose: 'slots.change' });
    const changed = await at.bench.call('slots.change', { ticket, own, fresh: { passphrase: NEWER } });
    expect(changed.rotationAdvised).toBe(false);
    const list = await at.bench.call('slots.list', { retired: true });
    expect(list.rows.map((row) => [row.id === changed.slot, row.own, row.retired])).toEqual(
      expect.arrayContaining([
        [true, true, false],
        [false, false, true],
      ]),
    );
    await at.bench.call('cases.open', openingFields);
    expect(await checked()).toEqual([]);
    await lock();
    expect(await codeOf(() => unlockWith(own))).toBe('vault.wrongPassphrase');
    await unlockWith({ passphrase: NEWER });
    expect(await checked()).toEqual([]);
    await lock();
    // What was copied before opens with what it was copied with; nobody is promised otherwise.
    rmSync(at.bench.vaultFolder, { recursive: true });
    cpSync(copy, at.bench.vaultFolder, { recursive: true });
    await unlockWith(own);
  });

  test('by a team member, whose new row a coordinator need not sign', async () => {
    await add('Luis', LUIS);
    await lock();
    await unlockWith({ passphrase: LUIS });
    const ticket = await ticketFor({ purpose: 'slots.change' });
    await at.bench.call('slots.change', {
      ticket,
      own: { passphrase: LUIS },
      fresh: { passphrase: NEWER },
      exposed: true,
    });
    expect(await checked()).toEqual([]);
    await lock();
    await unlockWith(own);
    const list = await at.bench.call('slots.list', {});
    expect(list.rotationAdvised).toBe(true);
    expect(list.rows.find((row) => row.name === 'Luis')).toMatchObject({
      preset: 'team',
      addedBy: 'Julia Bermejo Anaya',
    });
    await lock();
    await unlockWith({ passphrase: NEWER });
  });

  test('a forgotten one is replaced by a coordinator', async () => {
    const luis = await add('Luis', LUIS);
    const ticket = await ticketFor({ purpose: 'slots.replace', slot: luis });
    expect((await at.bench.call('tickets.describe', { ticket })).confirm.map((row) => row.name)).toEqual([
      'Luis',
    ]);
    await at.bench.call('slots.replace', { ticket, own, fresh: { passphrase: NEWER } });
    expect(await checked()).toEqual([]);
    await lock();
    expect(await codeOf(() => unlockWith({ passphrase: LUIS }))).toBe('vault.wrongPassphrase');
    await unlockWith({ passphrase: NEWER });
  });
});

describe('powers', () => {
  test('change by a newly signed row; what a demoted coordinator signed before still holds', async () => {
    const marta = await add('Marta', MARTA, 'coordination');
    await lock();
    await unlockWith({ passphrase: MARTA });
    const luisTicket = await ticketFor({ purpose: 'slots.add', name: 'Luis', powers: ['read'] });
    await at.bench.call('slots.add', {
      ticket: luisTicket,
      own: { passphrase: MARTA },
      approver: own,
      fresh: { passphrase: LUIS },
    });
    await lock();
    await unlockWith(own);
    const ticket = await ticketFor({ purpose: 'slots.setPowers', slot: marta, powers: ['read', 'document'] });
    await at.bench.call('slots.setPowers', { ticket, own, approver: { passphrase: MARTA } });
    expect(await checked()).toEqual([]);
    await lock();
    await unlockWith({ passphrase: LUIS });
    await lock();
    await unlockWith({ passphrase: MARTA });
    expect(await at.bench.call('vault.status', {})).toMatchObject({
      actor: { powers: ['read', 'document'] },
    });
    await lock();
    await unlockWith(own);
    const self = (await at.bench.call('slots.list', {})).rows.find((row) => row.own)?.id ?? '';
    expect(await codeOf(() => ticketFor({ purpose: 'slots.setPowers', slot: self, powers: ['read'] }))).toBe(
      'slots.lastCoordinator',
    );
  });

  test('the founder may step back, and comes to be ruled by another', async () => {
    await add('Marta', MARTA, 'coordination');
    const self = (await at.bench.call('slots.list', {})).rows.find((row) => row.own)?.id ?? '';
    const kept = await ticketFor({ purpose: 'slots.add', name: 'Eva', powers: ['read'] });
    const ticket = await ticketFor({ purpose: 'slots.setPowers', slot: self, powers: ['read'] });
    await at.bench.call('slots.setPowers', { ticket, own, approver: { passphrase: MARTA } });
    expect(await at.bench.call('vault.status', {})).toMatchObject({ actor: { powers: ['read'] } });
    // What she asked for while she might is no longer hers to do.
    expect(
      await codeOf(() =>
        at.bench.call('slots.add', {
          ticket: kept,
          own,
          approver: { passphrase: MARTA },
          fresh: { passphrase: LUIS },
        }),
      ),
    ).toBe('call.notAllowed');
    expect(await checked()).toEqual([]);
    await lock();
    await unlockWith(own);
    expect(await codeOf(() => ticketFor({ purpose: 'slots.add', name: 'Eva', powers: ['read'] }))).toBe(
      'call.notAllowed',
    );
    await lock();
    await unlockWith({ passphrase: MARTA });
    expect(await checked()).toEqual([]);
  });
});

describe('tickets', () => {
  test('are good once, for ten minutes, in one session, and only in the unlock window', async () => {
    const prepare = (): Promise<string> => ticketFor({ purpose: 'slots.change' });
    const change = (ticket: string, passphrase = PASSPHRASE): Promise<unknown> =>
      at.bench.call('slots.change', { ticket, own: { passphrase }, fresh: { passphrase: NEWER } });
    const first = await prepare();
    const fromMain = await at.bench.core.dispatch({
      method: 'slots.change',
      input: { ticket: first, own, fresh: { passphrase: NEWER } },
      surface: 'any',
    });
    expect(fromMain).toMatchObject({ ok: false, error: { code: 'call.notAllowed' } });
    at.clock.add(10 * 60_000 + 1);
    expect(await codeOf(() => change(first))).toBe('ticket.unknown');
    const second = await prepare();
    await lock();
    await unlockWith(own);
    expect(await codeOf(() => change(second))).toBe('ticket.unknown');
    expect(await codeOf(() => at.bench.call('tickets.describe', { ticket: second }))).toBe('ticket.unknown');
    const third = await prepare();
    const otherMethod = await codeOf(() =>
      at.bench.call('slots.add', { ticket: third, own, fresh: { passphrase: NEWER } }),
    );
    expect(otherMethod).toBe('ticket.unknown');
    // A wrong passphrase does not use it up, and is slowed like any other attempt.
    for (let n = 0; n < 3; n += 1) {
      expect(await codeOf(() => change(third, 'equivocada del todo'))).toBe('vault.wrongPassphrase');
    }
    expect(await codeOf(() => change(third))).toBe('vault.slowDown');
    expect(await at.bench.call('vault.status', {})).toMatchObject({ state: 'open' });
    at.clock.add(1_000);
    await change(third);
    expect(await codeOf(() => change(third))).toBe('ticket.unknown');
  });

  test('somebody else’s passphrase is not one’s own', async () => {
    await add('Luis', LUIS);
    const ticket = await ticketFor({ purpose: 'slots.change' });
    expect(
      await codeOf(() =>
        at.bench.call('slots.change', { ticket, own: { passphrase: LUIS }, fresh: { passphrase: NEWER } }),
      ),
    ).toBe('slots.otherPerson');
  });
});

test('a generated passphrase is strong enough, and drawn evenly', async () => {
  const made = new Set<string>();
  for (let n = 0; n < 50; n += 1) {
    const { passphrase, bits } = await at.bench.call('passphrases.generate', { language: 'es' });
    expect(passphrase).toMatch(/^(?:[a-z]+ ){6}[a-z]+$/u);
    expect(bits).toBe(77);
    made.add(passphrase);
  }
  expect(made.size).toBe(50);
  const [one] = made;
  expect(await at.bench.call('vault.rate', { passphrase: one ?? '', language: 'es' })).toEqual({
    score: 4,
    accepted: true,
  });
});
