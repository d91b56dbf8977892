import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { everyCell, indexedWords, openDirectly } from '../support/stored-text.ts';
import {
  back,
  codeOf,
  freshBench,
  loseVault,
  openCase,
  recoveryPages,
  recoveryWords,
  restoreInput,
} from './backup-bench.ts';
import { PASSPHRASE, type Bench } from './harness.ts';
import { addPerson, passphraseOf, takeOut } from './people.ts';

const LUIS = 'Luis Cano';
const NEWER = 'puente limonada invierno tractor nube';
const HER = 'Zenobia Quetzalli';
const grounds = { reason: 'se pidió', legalBasis: 'Cancelación' };

let bench: Bench;
beforeEach(async () => {
  bench = await freshBench();
});
afterEach(async () => {
  await bench.end();
});

const plain = async () => {
  const input = { ...restoreInput(), newer: await loseVault() };
  const plan = await bench.call('backup.planRestore', input);
  return { plan, order: { ...input, confirmDay: plan.confirmDay, planCode: plan.planCode, apply: true } };
};

const changePassphrase = async (): Promise<void> => {
  const { ticket } = await bench.call('slots.prepare', { purpose: 'slots.change' });
  await bench.call('slots.change', {
    ticket,
    own: { passphrase: PASSPHRASE },
    fresh: { passphrase: NEWER },
  });
};

const erase = async (personId: string): Promise<void> => {
  await bench.call('erasure.block', { personId: personId as never, requestId: null, ...grounds });
  const seen = await bench.call('erasure.preview', { personId: personId as never });
  await bench.call('erasure.erase', {
    personId: personId as never,
    requestId: null,
    ...grounds,
    evidence: seen.evidence.map(({ id }) => ({ evidenceId: id, action: 'delete' as const })),
    keepMentions: [],
    replaceMentions: seen.mentions.filter((one) => !one.certain).map((one) => one.id),
    copies: 'erase',
    language: 'es',
    typed: 'SUPRIMIR',
  });
};

test('an erasure and somebody who was taken out since: she stays erased, he stays out', async () => {
  const luis = await addPerson(bench, LUIS, 'coordination');
  const { id: caseId } = await openCase('S-1');
  const { id: personId } = await bench.call('persons.record', { name: HER, caseId });
  await bench.call('incidents.record', { caseId, title: `Llamada a ${HER}`, narrative: `Contestó ${HER}.` });
  const path = join(bench.folder, 'acta.txt');
  writeFileSync(path, `Acta de ${HER}.`);
  await bench.call('evidence.take', { source: bench.fileTarget(path), caseId });
  rmSync(path);
  await back();
  await erase(personId);
  await takeOut(bench, [luis]);
  const { plan, order } = await plain();
  expect(plan).toMatchObject({ comparedWith: 'lostVault', notCompared: null });
  expect(plan.comesBack.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['erasedEntry', 'removedPerson']),
  );
  const done = await bench.call('backup.restore', order);
  expect(done.rotationAdvised).toBe(true);
  expect(await codeOf(bench.unlock(passphraseOf(LUIS)))).toBe('vault.rosterDamaged');
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const cells = everyCell(vault).filter(({ text }) => /zenobia|quetzalli/iu.test(text));
  const words = indexedWords(vault).filter((word) => /zenobia|quetzalli/u.test(word));
  await vault.close();
  expect([cells.map(({ table }) => table), words]).toEqual([[], []]);
  await bench.unlock();
  expect((await bench.call('search.everything', { text: 'Quetzalli' })).hits).toEqual([]);
  const slots = await bench.call('slots.list', {});
  expect(slots.rows.filter((row) => row.name === LUIS && !row.retired)).toEqual([]);
  expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
  // What the screen asks for is done as ever, and afterwards his header opens nothing of it.
  await takeOut(bench, []);
  expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
  await bench.call('vault.lock', {});
  expect(await codeOf(bench.unlock(passphraseOf(LUIS)))).toBe('vault.wrongPassphrase');
});

test('whoever only changed their passphrase is not taken out, and keeps their cases', async () => {
  const marta = await addPerson(bench, 'Marta Sol', 'team');
  const secret = { kind: 'words', words: await recoveryWords() } as const;
  const { id: caseId } = await openCase('S-2');
  const { responsible } = await bench.call('access.ofCase', { caseId });
  const own = responsible?.slotId ?? '';
  const seal = (people: string[], answers: string) =>
    bench.call('access.setCase', {
      caseId,
      visibility: 'sealed',
      people: people as never,
      responsible: answers as never,
    });
  await seal([own, marta], own);
  await back();
  await changePassphrase();
  const after = (await bench.call('access.ofCase', { caseId })).responsible?.slotId ?? '';
  await seal([after], after);
  const newer = await loseVault();
  const input = { ...restoreInput(), secret, newer };
  const plan = await bench.call('backup.planRestore', input);
  // Only that Marta may not see it any more has to be undone again.
  expect(plan.comesBack.map(({ kind }) => kind)).toEqual(['closedCase']);
  const done = await bench.call('backup.restore', {
    ...input,
    confirmDay: plan.confirmDay,
    planCode: plan.planCode,
    apply: true,
  });
  // The passphrase before opens it again: that is said, and to be changed.
  expect(done.rotationAdvised).toBe(true);
  await bench.unlock();
  expect((await bench.call('vault.status', {})).readOnlyBecause).toBeUndefined();
  expect((await bench.call('cases.list', {})).total).toBe(1);
  const list = await bench.call('access.ofCase', { caseId });
  expect(list.people.map((one) => one.name)).not.toContain('Marta Sol');
  expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
});

test('the founder taken out since stays out, and the pages of before still open it', async () => {
  const secret = { kind: 'shares', shares: await recoveryPages(2, 2) } as const;
  await openCase('S-4');
  await back();
  const luis = await addPerson(bench, LUIS, 'coordination');
  expect(luis).toHaveLength(32);
  const { rows } = await bench.call('slots.list', {});
  const founder = rows.find((row) => row.own)?.id ?? '';
  const pages = rows.find((row) => row.kind === 'shares')?.id ?? '';
  await bench.call('vault.lock', {});
  await bench.unlock(passphraseOf(LUIS));
  await takeOut(bench, [founder], { own: passphraseOf(LUIS) });
  const newer = await loseVault();
  const input = { ...restoreInput(), secret, newer };
  const plan = await bench.call('backup.planRestore', input);
  expect(plan.comesBack.map(({ kind }) => kind)).toContain('removedPerson');
  expect(pages).toHaveLength(32);
  // The pages still open it, so somebody does: applied.
  const order = { ...input, confirmDay: plan.confirmDay, planCode: plan.planCode, apply: true };
  expect((await bench.call('backup.restore', order)).applied).toBe(plan.comesBackTotal);
  expect(await codeOf(bench.unlock())).toBe('vault.rosterDamaged');
  await bench.call('vault.unlock', { folder: bench.vaultTarget('open'), shares: [...secret.shares] });
  expect((await bench.call('vault.check', {})).findings).toEqual([]);
});

test('nothing is applied that would leave a vault without anybody who keeps its keys', async () => {
  await addPerson(bench, LUIS, 'team');
  await openCase('S-5');
  await back();
  await addPerson(bench, 'Marta Sol', 'coordination');
  const founder = (await bench.call('slots.list', {})).rows.find((row) => row.own)?.id ?? '';
  await bench.call('vault.lock', {});
  await bench.unlock(passphraseOf('Marta Sol'));
  await takeOut(bench, [founder], { own: passphraseOf('Marta Sol') });
  const newer = await loseVault();
  // Luis is in both; whoever keeps the keys in one of them is not in the other.
  const secret = { kind: 'passphrase', passphrase: passphraseOf(LUIS) } as const;
  const input = { ...restoreInput(), secret, newer };
  const plan = await bench.call('backup.planRestore', input);
  const restore = (apply: boolean) =>
    bench.call('backup.restore', { ...input, confirmDay: plan.confirmDay, planCode: plan.planCode, apply });
  expect(await codeOf(restore(true))).toBe('backup.nobodyLeft');
  expect(existsSync(bench.vaultFolder)).toBe(false);
  expect((await restore(false)).rotationAdvised).toBe(true);
  await bench.unlock();
});
