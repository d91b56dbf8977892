import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ExportWorkspace } from '../pages/export-pages.ts';
import { SHARE_COLOURS } from '../../shared/model/recovery.ts';
import { KeysPage } from '../pages/keys-page.ts';
import { lastClick } from '../pages/last-act.ts';
import { MainPage } from '../pages/main-page.ts';

import { expectAccessible } from './support/axe.ts';
import { mainCall, PASSPHRASE, valueOf } from './support/bridge.ts';
import { waitFor } from './support/host.ts';
import { previewPort } from './support/launch-preview.ts';
import { lives } from './support/processes.ts';
import { missingCommands } from './support/real-files.ts';
import { expect, test } from './support/test.ts';
import {
  addMarta,
  alertOf,
  entered,
  expectRefused,
  HERS,
  locked,
  MARTA,
  openCase,
  OWNER,
  ticketOf,
  withVault,
  words,
} from './support/vault-steps.ts';
import { watchPage } from './support/watch.ts';

/** Who opens the vault, from the screen: given, used, changed, written on paper, taken away. */
const { t } = words;
const NEW = 'canela puente volcan nido jueves pizarra';

test('a second person gets access, enters with her own passphrase, and may do what the team may', async ({
  launch,
  folder,
}) => {
  test.setTimeout(180_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await withVault(app, folder, complaints);
  await expect(page.getByRole('region', { name: t('safeguard:bar.title') })).toBeVisible();
  await addMarta(app, page, 'team', complaints);
  await expectAccessible(page);
  expect(app.windowCount(), 'the window that took passphrases is gone').toBe(1);

  const unlock = await locked(app, page);
  await unlock.unlock(HERS);
  const hers = await entered(app);
  watchPage(hers, complaints);
  const status = await valueOf<{ actor: { name: string; powers: string[] } }>(hers, 'vault.status');
  expect(status.actor).toEqual({ name: MARTA, powers: ['read', 'document', 'prepare'] });
  // Refused by the engine, and not offered by the screen.
  expect(await mainCall(hers, 'slots.prepare', { purpose: 'slots.raiseCost' })).toMatchObject({
    ok: false,
    error: { code: 'call.notAllowed' },
  });
  expect(await mainCall(hers, 'rotation.review')).toMatchObject({
    ok: false,
    error: { code: 'call.notAllowed' },
  });
  const keys = await new KeysPage(hers, words).open();
  await expect(keys.row(OWNER)).toBeVisible();
  await expect(keys.addPersonButton).toHaveCount(0);
  await expect(hers.getByRole('button', { name: t('keys:removePerson') })).toHaveCount(0);

  // Her own passphrase is hers to change.
  await keys.changeMine();
  const change = await ticketOf(app, complaints);
  await change.own(MARTA).fill(HERS);
  await change.typeFresh(NEW);
  await change.carryOut('slots_change');
  await expect(hers.getByText(t('keys:changed'))).toBeVisible({ timeout: 30_000 });
  const again = await locked(app, hers);
  await again.unlock(HERS);
  await (await expectRefused(app, 'vault.wrongPassphrase')).unlock(NEW);
  await entered(app);
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});

test('words are shown once, typed back from paper, and open the vault', async ({ launch, folder }) => {
  test.setTimeout(180_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await withVault(app, folder, complaints);
  const keys = await new KeysPage(page, words).open();
  await keys.makeWords();
  const ticket = await ticketOf(app, complaints);
  await ticket.own(OWNER).fill(PASSPHRASE);
  await ticket.carryOut('slots_addWords');
  const paper = await ticket.copyPages(1);
  expect(paper[0]).toHaveLength(24);
  // One word wrong: nothing is active yet.
  await ticket.typeBack([[...(paper[0] ?? []).slice(0, 23), 'zorro']], 'words');
  await ticket.confirmTyped();
  await expect.poll(() => alertOf(app), { timeout: 20_000 }).not.toBe('');
  expect(await valueOf(page, 'slots.list', {})).toMatchObject({ hasWords: false });
  const second = await ticketOf(app, complaints);
  if ((await second.page.getByRole('form', { name: t('unlock:paper.back') }).count()) === 0) {
    await second.own(OWNER).fill(PASSPHRASE);
    await second.carryOut('slots_addWords');
    expect(await second.copyPages(1), 'the same words again').toEqual(paper);
  }
  await second.typeBack(paper, 'words');
  await second.confirmTyped();
  await expect(page.getByText(t('keys:wordsMade'))).toBeVisible({ timeout: 30_000 });
  await expect(keys.row(t('keys:wordsName'))).toBeVisible();

  const unlock = await locked(app, page);
  await unlock.page.getByRole('combobox', { name: t('unlock:way.label') }).click();
  await unlock.page.getByRole('option', { name: t('unlock:way.words') }).click();
  // Four letters of each are enough.
  await unlock.page
    .getByRole('textbox', { name: t('unlock:way.wordsLabel') })
    .fill((paper[0] ?? []).map((word) => word.slice(0, 4)).join(' '));
  await lastClick(unlock.open);
  const opened = await entered(app);
  expect(await valueOf(opened, 'vault.status')).toMatchObject({ state: 'open' });
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});

test('pages for several people: what is printed bears words and a colour, and two of three open', async ({
  launch,
  folder,
}) => {
  test.setTimeout(180_000);
  const complaints: string[] = [];
  const app = await launch();
  test.skip(app.host !== 'preview', 'A real printer dialogue cannot be answered from a test.');
  const page = await withVault(app, folder, complaints);
  const keys = await new KeysPage(page, words).open();
  await keys.makeShares();
  const ticket = await ticketOf(app, complaints);
  await ticket.own(OWNER).fill(PASSPHRASE);
  await ticket.carryOut('slots_addShares');
  await ticket.page.getByRole('button', { name: t('unlock:paper.print') }).click();
  await expect.poll(() => previewPort(app).printed.length).toBe(1);
  const paper = await ticket.copyPages(3);
  expect(paper.map((one) => one.length)).toEqual([32, 32, 32]);
  if (missingCommands(['pdftotext']).length === 0) {
    const file = join(folder, 'hojas.pdf');
    writeFileSync(file, previewPort(app).printed[0] ?? new Uint8Array());
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    // Some colours have two words, and some are words that may stand on a sheet.
    const colours = SHARE_COLOURS.map((name) => t(`unlock:colour.${name}`));
    const colour = colours
      .filter((name) => text.trimStart().startsWith(name))
      .sort((a, b) => b.length - a.length)[0];
    const known = new Set([...paper.flat(), ...(colour ?? '').split(' ')]);
    const rest = text
      .split(/\s+/u)
      .filter((word) => word !== '' && !/^\d{1,2}$/u.test(word) && !known.has(word));
    expect([typeof colour, rest], 'a colour and nothing else').toEqual(['string', []]);
    expect(text.split('\f').length - 1, 'one sheet a page').toBe(3);
  }
  await ticket.typeBack(paper, 'shares');
  await ticket.confirmTyped();
  await expect(page.getByText(t('keys:sharesMade'))).toBeVisible({ timeout: 30_000 });

  const unlock = await locked(app, page);
  await unlock.page.getByRole('combobox', { name: t('unlock:way.label') }).click();
  await unlock.page.getByRole('option', { name: t('unlock:way.shares') }).click();
  for (const [at, number] of [
    [0, 1],
    [2, 2],
  ] as const)
    await unlock.page
      .getByRole('textbox', { name: t('unlock:way.page', { number }) })
      .fill((paper[at] ?? []).join(' '));
  await lastClick(unlock.open);
  await entered(app);
  expect(complaints).toEqual([]);
});

test('who is removed cannot enter any more; the key has changed and nothing is lost', async ({
  launch,
  folder,
}) => {
  test.setTimeout(180_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await withVault(app, folder, complaints);
  const keys = await addMarta(app, page, 'team', complaints);
  await valueOf(page, 'incidents.record', { narrative: 'Cortaron la luz de la emisora.' });
  const before = await valueOf<{ generation: number }>(page, 'rotation.review');
  await keys.removeNow(MARTA);
  const ticket = await ticketOf(app, complaints);
  await ticket.own(OWNER).fill(PASSPHRASE);
  await ticket.carryOut('rotation_run');
  await page.getByRole('heading', { level: 1, name: t('keys:leaver.title') }).waitFor({ timeout: 60_000 });
  const after = await valueOf<{ generation: number; slots: { name: string }[] }>(page, 'rotation.review');
  expect(after.generation).toBe(before.generation + 1);
  expect(after.slots.map((slot) => slot.name)).toEqual([OWNER]);
  await expectAccessible(page);

  const unlock = await locked(app, page);
  await unlock.unlock(HERS);
  await (await expectRefused(app, 'vault.wrongPassphrase')).unlock(PASSPHRASE);
  const opened = await entered(app);
  expect(await valueOf(opened, 'incidents.list')).toMatchObject({ total: 1 });
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});

test('a wrong passphrase in the small window ends it; a fresh one says why, and giving up changes nothing', async ({
  launch,
  folder,
}) => {
  test.setTimeout(120_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await withVault(app, folder, complaints);
  const keys = await new KeysPage(page, words).open();
  await keys.changeMine();
  const first = await ticketOf(app, complaints);
  const firstPid = await app.rendererPid('unlock');
  await first.own(OWNER).fill('no es esta frase');
  await first.typeFresh(NEW);
  await first.carryOut('slots_change');
  await waitFor(() => (lives(firstPid ?? 0) ? null : true), "the first window's process to end");
  const second = await ticketOf(app, complaints);
  await expect(second.page.getByRole('alert')).toHaveText(words.error('vault.wrongPassphrase'));
  await second.giveUp();
  await expect.poll(() => app.windowCount()).toBe(1);
  await expect(page.getByRole('button', { name: t('keys:changeMine') })).toBeEnabled();
  await (await locked(app, page)).unlock(PASSPHRASE);
  await entered(app);
});

test('what leaves waits for another person, who signs in the small window; then it goes', async ({
  launch,
  folder,
}) => {
  test.setTimeout(300_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await withVault(app, folder, complaints);
  await addMarta(app, page, 'coordination', complaints);
  const { id: caseId } = await openCase(page, 'Radio y agua de Encinares', 'EXP-1');
  await valueOf(page, 'incidents.record', {
    caseId,
    title: 'Corte de luz',
    happened: { kind: 'month', month: '2026-04' },
    narrative: 'Cortaron la luz de la emisora durante la asamblea.',
  });
  const { id } = await valueOf<{ id: string }>(page, 'exports.prepare', {
    caseId,
    profile: 'public',
    recipient: 'Prensa',
    purpose: 'difusión',
    language: 'es',
  });
  for (let round = 0; round < 4; round += 1) {
    const { suggestions } = await valueOf<{ suggestions: { id: string; decision: unknown }[] }>(
      page,
      'exports.view',
      { id },
    );
    const open = suggestions.filter((one) => one.decision === null);
    if (open.length === 0) break;
    await valueOf(page, 'exports.decide', {
      id,
      decisions: open.map((one) => ({ suggestionId: one.id, action: 'withhold', reason: '' })),
    });
  }
  const { report } = await valueOf<{ report: { hits: { id: string }[] } }>(page, 'exports.check', {
    id,
    form: 'filing',
  });
  for (const hit of report.hits)
    await valueOf(page, 'exports.adjudicate', { id, hitId: hit.id, verdict: 'other' });
  await valueOf(page, 'exports.confirmInventory', { id });

  await new MainPage(page, words).open('exports');
  await page
    .getByRole('button', { name: t('exports:goOn') })
    .first()
    .click();
  const workspace = await new ExportWorkspace(page, words).opened();
  await workspace.step('release');
  const panel = page.getByRole('region', { name: t('safeguard:approval.title') });
  await expect(panel.getByText(t('safeguard:approval.missing'))).toBeVisible();
  const target = join(folder, 'salida');
  mkdirSync(target);
  await app.answerDialogs([target]);
  await workspace.chooseFolder();
  await expect(workspace.release).toBeDisabled();
  // The one who prepared it cannot sign it herself, whatever the screen would offer.
  expect(
    await mainCall(page, 'approvals.approve', { subject: { kind: 'export', id, form: 'filing' } }),
  ).toMatchObject({ ok: false, error: { code: 'approval.sameAsMaker' } });

  await panel.getByRole('button', { name: t('safeguard:approval.here') }).click();
  const ticket = await ticketOf(app, complaints);
  await expect(ticket.page.getByText('Prensa')).toBeVisible();
  await ticket.page.getByRole('textbox').first().fill(HERS);
  await ticket.carryOut('approval');
  await expect(panel.getByText(t('safeguard:approval.given'))).toBeVisible({ timeout: 30_000 });
  await expect(panel.getByText(MARTA)).toBeVisible();
  expect(await valueOf(page, 'vault.status'), 'her session did not take the place of this one').toMatchObject(
    {
      actor: { name: OWNER },
    },
  );
  await workspace.release.click();
  await expect(page.getByText(t('exports:released')).first()).toBeVisible({ timeout: 60_000 });
  const { rows } = await valueOf<{ rows: { approvedBy: string | null; emergency: boolean }[] }>(
    page,
    'exports.ledger',
    {},
  );
  expect(rows[0]).toMatchObject({ approvedBy: MARTA, emergency: false });
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});
