import { statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EmergencyPage } from '../pages/emergency-page.ts';
import { wordsOf } from '../pages/words.ts';

import { keepInBoth } from './support/both-languages.ts';
import { createVault, valueOf } from './support/bridge.ts';
import { dropFiles } from './support/drop.ts';
import { expect, test } from './support/test.ts';

const GIB = 1024 ** 3;
/**
 * Files are sealed one after the other, so one that is not sealed while this test runs, on whatever disk, holds back
 * all behind it until somebody cancels it: nothing here hangs on how fast a machine is. It is sparse, and only as much
 * is written as a few seconds allow; less than what is free, since the vault asks for the whole length first.
 */
const endlessBytes = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return Math.min(64 * GIB, Math.floor(bavail * bsize * 0.8));
};
const words = wordsOf('es');

interface Listed {
  readonly evidence: readonly { readonly title: string }[];
}
interface Tasks {
  readonly rows: readonly { readonly id: string; readonly subject: string; readonly state: string }[];
}

test('an emergency saved while its files are still being sealed keeps every one of them', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000);
  const sparse = (name: string, bytes: number): void => {
    writeFileSync(join(folder, name), 'video');
    truncateSync(join(folder, name), bytes);
  };
  const endless = endlessBytes(folder);
  // Less could be sealed before the pictures are taken: that disk is too full for this test.
  expect(endless).toBeGreaterThan(4 * GIB);
  writeFileSync(join(folder, 'nota.txt'), 'Llegaron dos camionetas.');
  sparse('azotea.mp4', endless);
  sparse('camara.mp4', 32 * 1024 * 1024);
  writeFileSync(join(folder, 'placa.txt'), 'La placa que se alcanza a ver.');
  const app = await launch();
  const page = await createVault(app, join(folder, 'vault'));
  await page.getByRole('heading', { level: 1, name: 'Hoy' }).waitFor();
  await page.keyboard.press('Shift+F2');
  const form = await new EmergencyPage(page, words).opened();
  await form.what.fill('Están golpeando la puerta de la cabina.');
  const names = ['nota.txt', 'azotea.mp4', 'camara.mp4', 'placa.txt'];
  await dropFiles(
    page,
    form.files.drop,
    names.map((name) => join(folder, name)),
  );
  await form.files.sealed('nota.txt').waitFor();
  await expect(page.getByText(words.t('evidence:stillSealing', { count: 3 }))).toBeVisible();
  await form.save.click();
  // Saved at once, and the page of the incident shows what is on its way; there is nothing left to save there.
  await page.getByRole('heading', { level: 1, name: 'Están golpeando' }).waitFor();
  await expect(page.getByText(words.t('evidence:beingSealed', { count: 3 }))).toBeVisible();
  const notice = { es: words, en: wordsOf('en') };
  await keepInBoth(page, 'saved-while-sealing', async () => {
    const language =
      (await page.locator('html').getAttribute('lang'))?.startsWith('en') === true ? 'en' : 'es';
    await expect(page.getByText(notice[language].t('evidence:beingSealed', { count: 3 }))).toBeVisible();
    await expect(page.getByText(notice[language].t('evidence:stillSealing', { count: 3 }))).toHaveCount(0);
  });
  const { rows } = await valueOf<{ rows: readonly { readonly id: string }[] }>(page, 'incidents.list');
  const titles = async (): Promise<string[]> => {
    const { evidence } = await valueOf<Listed>(page, 'incidents.get', { id: rows[0]?.id });
    return evidence.map((file) => file.title).sort();
  };
  // What was sealed before it was saved is its own; what stands behind the endless one certainly is not yet.
  expect(await titles()).toEqual(['nota.txt']);
  const tasks = await valueOf<Tasks>(page, 'tasks.list');
  const held = tasks.rows.find((task) => task.subject === 'azotea.mp4' && task.state === 'running');
  expect(await valueOf(page, 'tasks.cancel', { id: held?.id })).toEqual({ found: true });
  const kept = names.filter((name) => name !== 'azotea.mp4');
  await expect.poll(titles, { timeout: 120_000 }).toEqual([...kept].sort());
  for (const name of kept) await form.files.sealed(name).waitFor();
  // The one that was cancelled is told where the incident is shown, although its form has gone.
  await expect(page.getByRole('alert').filter({ hasText: words.error('call.cancelled') })).toBeVisible();
  expect(await valueOf(page, 'drafts.list')).toMatchObject({ rows: [] });
  expect(app.problems()).toEqual([]);
});
