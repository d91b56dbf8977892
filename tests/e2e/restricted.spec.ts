import { CasePage } from '../pages/case-pages.ts';
import { MainPage } from '../pages/main-page.ts';

import { expectAccessible } from './support/axe.ts';
import { PASSPHRASE, valueOf } from './support/bridge.ts';
import { expect, test } from './support/test.ts';
import {
  addMarta,
  becomes,
  HERS,
  MARTA,
  openCare,
  openCase,
  withVault,
  words,
} from './support/vault-steps.ts';

/** A case that not everybody opens, and the way in when it burns: opened, told, reviewed. */
const { t } = words;
const TITLE = 'Radio y agua de Encinares';
const REASON = 'Llamó desde la carretera y nadie más contesta.';

test('emergency access opens a restricted case, is told to whoever answers for it, and never opens a sealed one', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000);
  const complaints: string[] = [];
  const app = await launch();
  let page = await withVault(app, folder, complaints);
  await addMarta(app, page, 'team', complaints);
  await openCase(page, TITLE, 'EXP-7');
  await openCase(page, 'Apartado', 'EXP-8');
  // Sealed on the screen, as its responsible person would.
  await new MainPage(page, words).open('cases');
  await page.getByRole('row').filter({ hasText: 'Apartado' }).click();
  await new CasePage(page, words).opened('Apartado');
  const who = page.getByRole('region', { name: t('keys:access.ofCase') });
  await who.getByRole('button', { name: t('keys:access.change') }).click();
  await who.getByText(t('keys:visibility.sealed'), { exact: true }).click();
  await who.getByRole('button', { name: t('keys:access.save') }).click();
  await expect(who.getByText(t('keys:visibility.sealed'))).toBeVisible();
  await openCare(page, 'access');
  const list = page.getByRole('region', { name: t('keys:access.list') });
  await expect(list.getByText(t('keys:visibility.sealed'))).toBeVisible();
  await expect(list.getByText(t('keys:visibility.restricted'))).toBeVisible();

  page = await becomes(app, page, HERS, complaints);
  expect(await valueOf(page, 'cases.list')).toMatchObject({ total: 0 });
  await openCare(page, 'access');
  const way = page.getByRole('region', { name: t('keys:access.emergency') });
  const open = way.getByRole('button', { name: t('keys:access.open') });
  await way.getByRole('textbox', { name: t('keys:access.code') }).fill('EXP-8');
  await expect(open).toBeDisabled();
  await way.getByRole('textbox', { name: t('keys:access.reason') }).fill(REASON);
  await open.click();
  await expect(page.getByRole('alert')).toHaveText(words.error('record.notFound'));
  await way.getByRole('textbox', { name: t('keys:access.code') }).fill('EXP-7');
  await open.click();
  await way.getByRole('link', { name: t('keys:access.openCase') }).click();
  await new CasePage(page, words).opened(TITLE);
  // Seen without looking for it, on every tab.
  const said = page.getByText(/^Lo ves por acceso de emergencia hasta/u);
  await page.setViewportSize({ width: 1_280, height: 720 });
  await expect(said).toBeInViewport({ ratio: 1 });
  await page.getByRole('tab', { name: t('cases:tab.history') }).click();
  await expect(said).toBeInViewport({ ratio: 1 });
  await expectAccessible(page);

  page = await becomes(app, page, PASSPHRASE, complaints);
  await openCare(page, 'access');
  const notices = page.getByRole('region', { name: t('keys:access.notices') });
  const notice = notices.getByRole('listitem').filter({ hasText: REASON });
  await expect(notice).toContainText(MARTA);
  await expect(notice).toContainText('EXP-7');
  await expect(notices.getByText('EXP-8')).toHaveCount(0);
  await expectAccessible(page);
  await notice.getByRole('button', { name: t('keys:access.seen') }).click();
  await expect(notices.getByText(t('keys:access.noNotices'), { exact: true })).toBeVisible();
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});
