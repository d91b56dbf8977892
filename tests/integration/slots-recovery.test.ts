import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { PRESETS } from '#shared/model/roster.ts';
import { Bench, TEST_COST } from './harness.ts';
import { takeOut } from './people.ts';
import {
  add,
  at,
  bytesGrant,
  checked,
  codeOf,
  freshVault,
  headerFile,
  lock,
  LUIS,
  MARTA,
  NEWER,
  own,
  ticketFor,
  typedBack,
  unlockWith,
  type Shown,
} from './slots-bench.ts';

beforeEach(freshVault);
afterEach(() => at.bench.end());

describe('recovery words', () => {
  const draw = async (language: 'es' | 'en' = 'es'): Promise<{ ticket: string; shown: Shown }> => {
    const ticket = await ticketFor({ purpose: 'slots.addWords', name: 'Palabras', language });
    return { ticket, shown: await at.bench.call('slots.draw', { ticket, own }) };
  };

  test('are live only after they were typed back, and then open without a derivation', async () => {
    const { ticket, shown } = await draw();
    expect(shown).toMatchObject({ kind: 'words', needed: 1, retype: 1, colour: null });
    expect(shown.pages[0]?.words).toHaveLength(24);
    expect(shown.ask).toHaveLength(6);
    expect((await at.bench.call('slots.list', {})).hasWords).toBe(false);
    const good = typedBack(shown);
    const wrong = { ...good, asked: [...good.asked.slice(0, 5), 'ventana'] };
    if (good.asked[5] !== 'ventana') {
      expect(await codeOf(() => at.bench.call('slots.confirm', { ticket, ...wrong }))).toBe(
        'recovery.notCopied',
      );
    }
    const swapped = good.retyped.split(' ').reverse().join(' ');
    expect(await codeOf(() => at.bench.call('slots.confirm', { ticket, ...good, retyped: swapped }))).toBe(
      'recovery.notCopied',
    );
    // The same words once more: they may be on paper.
    expect((await at.bench.call('slots.draw', { ticket, own })).pages).toEqual(shown.pages);
    await at.bench.call('slots.confirm', { ticket, ...good });
    expect(await codeOf(() => at.bench.call('slots.confirm', { ticket, ...good }))).toBe('ticket.unknown');
    expect(await at.bench.call('slots.list', {})).toMatchObject({ hasWords: true, coordinators: 1 });
    expect(await checked()).toEqual([]);
    await lock();
    at.derivations = 0;
    const words = shown.pages[0]?.words ?? [];
    await unlockWith({
      words: words.map((word, i) => `${i + 1}. ${word.slice(0, 4).toUpperCase()}`).join('\n'),
    });
    expect(at.derivations).toBe(0);
    expect(await at.bench.call('vault.status', {})).toMatchObject({
      actor: { name: 'Palabras', powers: PRESETS.coordination },
    });
    // Nobody's passphrase is left: a new one is given with the words alone.
    const founder =
      (await at.bench.call('slots.list', {})).rows.find((row) => row.kind === 'passphrase')?.id ?? '';
    const again = await ticketFor({ purpose: 'slots.replace', slot: founder });
    await at.bench.call('slots.replace', {
      ticket: again,
      own: { words: words.join(' ') },
      fresh: { passphrase: NEWER },
    });
    expect(await checked()).toEqual([]);
    await lock();
    await unlockWith({ passphrase: NEWER });
  });

  test('a mistyped word is named before anything is tried', async () => {
    const { ticket, shown } = await draw('en');
    await at.bench.call('slots.confirm', { ticket, ...typedBack(shown) });
    await lock();
    const words = [...(shown.pages[0]?.words ?? [])];
    const reply = await at.bench.core.dispatch({
      method: 'vault.unlock',
      input: { folder: at.bench.vaultTarget('open'), words: words.with(6, 'zzzzz').join(' ') },
      surface: 'unlock',
    });
    expect(reply).toMatchObject({ ok: false, error: { code: 'recovery.unknownWord', params: { word: 7 } } });
    expect(await codeOf(() => unlockWith({ words: words.slice(1).join(' ') }))).toBe('recovery.wordCount');
  });
});

test('what was drawn is signed by the slot of that moment: after a changed passphrase it is drawn again', async () => {
  const ticket = await ticketFor({ purpose: 'slots.addWords', name: 'Palabras', language: 'es' });
  const shown = await at.bench.call('slots.draw', { ticket, own });
  const change = await ticketFor({ purpose: 'slots.change' });
  await at.bench.call('slots.change', { ticket: change, own, fresh: { passphrase: NEWER } });
  expect(await codeOf(() => at.bench.call('slots.confirm', { ticket, ...typedBack(shown) }))).toBe(
    'ticket.notProven',
  );
  const again = await at.bench.call('slots.draw', { ticket, own: { passphrase: NEWER } });
  expect(again.pages).toEqual(shown.pages);
  await at.bench.call('slots.confirm', { ticket, ...typedBack(again) });
  expect(await checked()).toEqual([]);
  await lock();
  await unlockWith({ words: (again.pages[0]?.words ?? []).join(' ') });
});

test('words are a way in and no second person', async () => {
  const ticket = await ticketFor({ purpose: 'slots.addWords', name: 'Palabras', language: 'es' });
  const shown = await at.bench.call('slots.draw', { ticket, own });
  await at.bench.call('slots.confirm', { ticket, ...typedBack(shown) });
  await add('Marta', MARTA, 'coordination');
  const adding = await ticketFor({ purpose: 'slots.add', name: 'Luis', powers: ['read'] });
  const words = (shown.pages[0]?.words ?? []).join(' ');
  const give = (approver: { passphrase: string } | { words: string }): Promise<unknown> =>
    at.bench.call('slots.add', { ticket: adding, own, approver, fresh: { passphrase: LUIS } });
  expect(await codeOf(() => give({ words }))).toBe('approval.notAPerson');
  await give({ passphrase: MARTA });
});

describe('recovery shares', () => {
  const make = async (needed: number, pages: number): Promise<readonly (readonly string[])[]> => {
    const ticket = await ticketFor({
      purpose: 'slots.addShares',
      name: `Hojas ${needed} de ${pages}`,
      language: 'es',
      needed,
      pages,
    });
    const shown = await at.bench.call('slots.draw', { ticket, own });
    expect(shown.pages).toHaveLength(pages);
    expect(shown.ask).toHaveLength(2 * pages);
    await at.bench.call('slots.confirm', { ticket, ...typedBack(shown) });
    return shown.pages.map((page) => page.words);
  };
  const text = (words: readonly string[] | undefined): string => (words ?? []).join(' ');

  test('any three of five open; two are refused before they are put together', async () => {
    const pages = await make(3, 5);
    expect(await at.bench.call('slots.list', {})).toMatchObject({ hasShares: true });
    expect(await checked()).toEqual([]);
    await lock();
    at.derivations = 0;
    expect(await codeOf(() => unlockWith({ shares: [text(pages[0]), text(pages[4])] }))).toBe(
      'recovery.pagesTooFew',
    );
    for (const chosen of [
      [0, 1, 2],
      [4, 1, 3],
      [0, 1, 2, 3, 4],
    ]) {
      await unlockWith({ shares: chosen.map((index) => text(pages[index])) });
      await lock();
    }
    expect(at.derivations).toBe(0);
  });

  test('pages of two sets are told apart, and a set of another vault does not open', async () => {
    const first = await make(2, 3);
    const second = await make(2, 2);
    await lock();
    const mixed = await at.bench.core.dispatch({
      method: 'vault.unlock',
      input: {
        folder: at.bench.vaultTarget('open'),
        shares: [text(first[0]), text(first[1]), text(second[1])],
      },
      surface: 'unlock',
    });
    expect(mixed).toMatchObject({ ok: false, error: { code: 'recovery.pageOtherSet', params: { page: 3 } } });
    const other = new Bench();
    try {
      await other.create();
      await other.call('vault.lock', {});
      const reply = await other.core.dispatch({
        method: 'vault.unlock',
        input: { folder: other.vaultTarget('open'), shares: [text(first[0]), text(first[1])] },
        surface: 'unlock',
      });
      expect(reply).toMatchObject({ ok: false, error: { code: 'recovery.pagesDoNotFit' } });
    } finally {
      await other.end();
    }
  });

  test('a new set takes the place of the old one', async () => {
    const old = await make(2, 2);
    const id = (await at.bench.call('slots.list', {})).rows.find((row) => row.kind === 'shares')?.id ?? '';
    const ticket = await ticketFor({
      purpose: 'slots.addShares',
      name: 'Hojas nuevas',
      language: 'en',
      needed: 2,
      pages: 2,
      replaces: id,
    });
    const shown = await at.bench.call('slots.draw', { ticket, own });
    await at.bench.call('slots.confirm', { ticket, ...typedBack(shown) });
    expect(await at.bench.call('slots.list', {})).toMatchObject({ rotationAdvised: true, free: 14 });
    await lock();
    expect(await codeOf(() => unlockWith({ shares: old.map(text) }))).toBe('recovery.pagesDoNotFit');
    await unlockWith({ shares: shown.pages.map((page) => text(page.words)) });
  });
});

describe('second factors', () => {
  test('a key file is needed with the passphrase, and a changed one looks like a wrong passphrase', async () => {
    const content = at.bench.ports.random.bytes(500);
    await add('Luis', LUIS, 'team', { factor: 'keyFile', keyFile: bytesGrant(content, 'llave.bin') });
    await lock();
    expect(await codeOf(() => unlockWith({ passphrase: LUIS }))).toBe('vault.wrongPassphrase');
    const changed = Buffer.from(content);
    changed[7] = (changed[7] ?? 0) ^ 1;
    expect(await codeOf(() => unlockWith({ passphrase: LUIS, keyFile: bytesGrant(changed) }))).toBe(
      'vault.wrongFactors',
    );
    expect(
      await codeOf(() => unlockWith({ passphrase: 'otra cosa muy distinta', keyFile: bytesGrant(content) })),
    ).toBe('vault.wrongFactors');
    at.clock.add(120_000);
    await unlockWith({ passphrase: LUIS, keyFile: bytesGrant(content) });
  });

  test('sizes and kinds of key files; a generated one', async () => {
    const sizes: readonly [number, string | null][] = [
      [31, 'slots.keyFileSize'],
      [32, null],
    ];
    for (const [size, expected] of sizes) {
      const keyFile = bytesGrant(at.bench.ports.random.bytes(size), 'llave.bin');
      expect(
        await codeOf(() => add(`n ${size}`, `${LUIS} ${size}`, 'team', { factor: 'keyFile', keyFile })),
      ).toBe(expected);
    }
    const photo = bytesGrant(at.bench.ports.random.bytes(900), 'foto.JPG');
    expect(await codeOf(() => add('Eva', MARTA, 'team', { factor: 'keyFile', keyFile: photo }))).toBe(
      'slots.keyFileEditable',
    );
    const path = join(at.bench.folder, 'llave');
    await at.bench.call('slots.makeKeyFile', { target: at.bench.outTarget('targetFile', path) });
    expect(readFileSync(path)).toHaveLength(64);
    expect(
      await codeOf(() =>
        at.bench.call('slots.makeKeyFile', { target: at.bench.outTarget('targetFile', path) }),
      ),
    ).toBe('disk.targetExists');
    await add('Eva', MARTA, 'team', { factor: 'keyFile', keyFile: at.bench.fileTarget(path) });
    await lock();
    await unlockWith({ passphrase: MARTA, keyFile: at.bench.fileTarget(path) });
  });

  test('the secret of the computer: nothing alone, needed where it belongs, and words do without it', async () => {
    const secret = at.bench.ports.random.bytes(32);
    await add('Luis', LUIS, 'team', { factor: 'machine', machine: bytesGrant(secret) });
    const ticket = await ticketFor({ purpose: 'slots.addWords', name: 'Palabras', language: 'es' });
    const shown = await at.bench.call('slots.draw', { ticket, own });
    await at.bench.call('slots.confirm', { ticket, ...typedBack(shown) });
    await lock();
    expect(await codeOf(() => unlockWith({ machine: bytesGrant(secret) }))).toBe('call.invalidInput');
    expect(await codeOf(() => unlockWith({ passphrase: LUIS }))).toBe('vault.wrongPassphrase');
    expect(
      await codeOf(() => unlockWith({ passphrase: LUIS, machine: bytesGrant(secret.subarray(1)) })),
    ).toBe('slots.machineSecret');
    await unlockWith({ passphrase: LUIS, machine: bytesGrant(secret) });
    await lock();
    await unlockWith({ words: (shown.pages[0]?.words ?? []).join(' ') });
  });
});

describe('the cost of an attempt', () => {
  const raise = async (): Promise<CallOutput<'slots.raiseCost'>> => {
    const ticket = await ticketFor({
      purpose: 'slots.raiseCost',
      cost: { ops: TEST_COST.ops + 1, memoryBytes: TEST_COST.memoryBytes },
    });
    return at.bench.call('slots.raiseCost', { ticket, own });
  };

  test('rises in two steps: two derivations while somebody has not moved, one again after', async () => {
    await add('Luis', LUIS);
    expect(await raise()).toMatchObject({ waiting: 1, cost: { ops: 4 } });
    expect((await at.bench.call('slots.list', {})).raising?.waiting.map((row) => row.name)).toEqual(['Luis']);
    expect(await codeOf(raise)).toBe('slots.raiseUnderway');
    expect(await codeOf(() => at.bench.call('slots.closeEpoch', {}))).toBe('slots.stillWaiting');
    const length = headerFile().length;
    await lock();
    at.derivations = 0;
    expect(await codeOf(() => unlockWith({ passphrase: 'equivocada del todo' }))).toBe(
      'vault.wrongPassphrase',
    );
    expect(at.derivations).toBe(2);
    await unlockWith(own);
    expect(at.derivations).toBe(4);
    await lock();
    await unlockWith({ passphrase: LUIS });
    expect(at.derivations).toBe(6);
    expect((await at.bench.call('slots.list', {})).raising).toBeNull();
    expect(headerFile().length).toBeLessThan(length);
    expect(await checked()).toEqual([]);
    await lock();
    at.derivations = 0;
    await unlockWith({ passphrase: LUIS });
    await lock();
    await unlockWith(own);
    expect(at.derivations).toBe(2);
    expect((await at.bench.call('slots.list', {})).cost).toEqual({
      ops: 4,
      memoryBytes: TEST_COST.memoryBytes,
    });
  });

  test('a new slot while it rises, and a lower cost', async () => {
    await add('Luis', LUIS);
    await raise();
    await add('Marta', MARTA);
    expect(await codeOf(() => add('Eva', LUIS))).toBe('slots.passphraseTaken');
    await lock();
    await unlockWith({ passphrase: MARTA });
    await lock();
    await unlockWith({ passphrase: LUIS });
    await lock();
    await unlockWith(own);
    const ticket = await ticketFor({
      purpose: 'slots.raiseCost',
      cost: { ops: 3, memoryBytes: TEST_COST.memoryBytes },
    });
    expect(await codeOf(() => at.bench.call('slots.raiseCost', { ticket, own }))).toBe('slots.costNotHigher');
  });

  test('ninety days are those of the session: a clock that is set leaves nobody out', async () => {
    const luis = await add('Luis', LUIS);
    await raise();
    const close = () => at.bench.call('slots.closeEpoch', { leaveOut: [luis] });
    at.clock.set(100 * 86_400_000);
    expect(await codeOf(close)).toBe('slots.clockWrong');
    at.clock.set(0);
    expect(await codeOf(close)).toBe('slots.stillWaiting');
    // Raised under a clock that stood ahead, the days begin when that time has come, whatever was said of it.
    at.clock.add(91 * 86_400_000);
    await close();
    await add('Marta', MARTA);
    await lock();
    at.clock.set(40 * 86_400_000);
    await unlockWith(own);
    const ticket = await ticketFor({
      purpose: 'slots.raiseCost',
      cost: { ops: TEST_COST.ops + 2, memoryBytes: TEST_COST.memoryBytes },
    });
    await at.bench.call('slots.raiseCost', { ticket, own });
    const marta = (await at.bench.call('slots.list', {})).raising?.waiting.map((row) => row.id) ?? [];
    at.clock.set(0);
    await lock();
    await unlockWith(own);
    const leave = () => at.bench.call('slots.closeEpoch', { leaveOut: marta });
    expect(await codeOf(leave)).toBe('slots.clockWrong');
    const { computer } = await at.bench.call('access.clock', {});
    await at.bench.call('access.settleClock', { computer, reason: 'El reloj iba cuarenta días adelante' });
    expect(await codeOf(leave)).toBe('slots.stillWaiting');
    at.clock.add(129 * 86_400_000);
    expect(await codeOf(leave)).toBe('slots.stillWaiting');
    at.clock.add(2 * 86_400_000);
    expect(await codeOf(leave)).toBeNull();
    expect(await checked()).toEqual([]);
  });

  test('ninety days do not pass by settling the clock to a year that is long over', async () => {
    const luis = await add('Luis', LUIS);
    await raise();
    await lock();
    at.clock.set(-6 * 365 * 86_400_000);
    await unlockWith(own);
    const { computer } = await at.bench.call('access.clock', {});
    await at.bench.call('access.settleClock', { computer, reason: 'El reloj iba seis años adelante' });
    await lock();
    at.clock.set(0);
    await unlockWith(own);
    const close = () => at.bench.call('slots.closeEpoch', { leaveOut: [luis] });
    expect(await codeOf(close)).toBe('slots.stillWaiting');
    expect((await at.bench.call('slots.list', {})).raising?.closable).toBe(false);
    at.clock.add(91 * 86_400_000);
    expect(await codeOf(close)).toBeNull();
  });

  test('ninety days do not pass by setting the clock twice, before or after the raise', async () => {
    const luis = await add('Luis', LUIS);
    const close = () => at.bench.call('slots.closeEpoch', { leaveOut: [luis] });
    const settle = async (): Promise<void> => {
      const { computer } = await at.bench.call('access.clock', {});
      await at.bench.call('access.settleClock', { computer, reason: 'El reloj iba años adelante' });
    };
    const under = async (days: number): Promise<void> => {
      await lock();
      at.clock.set(days * 86_400_000);
      await unlockWith(own);
    };
    // A year ago, so that it would be a year old when the clock is right again.
    await under(-365);
    await settle();
    await raise();
    await under(0);
    expect((await at.bench.call('access.clock', {})).state).toBe('right');
    expect(await codeOf(close)).toBe('slots.stillWaiting');
    // And six years ago, with ninety-one days after that.
    await under(-6 * 365);
    await settle();
    await under(-6 * 365 + 91);
    expect((await at.bench.call('access.clock', {})).state).toBe('right');
    expect(await codeOf(close)).toBe('slots.stillWaiting');
    expect((await at.bench.call('slots.list', {})).raising?.closable).toBe(false);
    await under(89);
    expect(await codeOf(close)).toBe('slots.stillWaiting');
    await under(91);
    expect(await codeOf(close)).toBeNull();
    expect(await checked()).toEqual([]);
  });

  test('raised under a clock that stood far ahead, it ends when who does not come is taken out', async () => {
    const luis = await add('Luis', LUIS);
    at.clock.set(40 * 365 * 86_400_000);
    await lock();
    await unlockWith(own);
    await raise();
    at.clock.set(0);
    await lock();
    await unlockWith(own);
    const { computer } = await at.bench.call('access.clock', {});
    await at.bench.call('access.settleClock', { computer, reason: 'El reloj iba cuarenta años adelante' });
    at.clock.add(91 * 86_400_000);
    expect(await codeOf(() => at.bench.call('slots.closeEpoch', { leaveOut: [luis] }))).toBe(
      'slots.stillWaiting',
    );
    await takeOut(at.bench, [luis]);
    await at.bench.call('slots.closeEpoch', {});
    expect((await at.bench.call('slots.list', {})).raising).toBeNull();
    expect(await checked()).toEqual([]);
    await lock();
    await unlockWith(own);
  });

  test('whoever has not come for ninety days may be left out, by name', async () => {
    const luis = await add('Luis', LUIS);
    await raise();
    at.clock.add(89 * 86_400_000);
    expect(await codeOf(() => at.bench.call('slots.closeEpoch', { leaveOut: [luis] }))).toBe(
      'slots.stillWaiting',
    );
    at.clock.add(2 * 86_400_000);
    expect(await codeOf(() => at.bench.call('slots.closeEpoch', {}))).toBe('slots.stillWaiting');
    await at.bench.call('slots.closeEpoch', { leaveOut: [luis] });
    expect(await checked()).toEqual([]);
    expect((await at.bench.call('slots.list', {})).rows).toHaveLength(1);
    await lock();
    expect(await codeOf(() => unlockWith({ passphrase: LUIS }))).toBe('vault.wrongPassphrase');
    await unlockWith(own);
    expect(await codeOf(() => at.bench.call('slots.closeEpoch', {}))).toBe('slots.notRaising');
  });
});
