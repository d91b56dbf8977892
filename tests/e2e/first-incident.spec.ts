import { join } from 'node:path';

import { createVault, mainCall } from './support/bridge.ts';
import { expect, test } from './support/test.ts';

/** The first two minutes of a person who has never seen the application. */
test('an incident is written by keyboard and stands in the vault', async ({ launch, folder }) => {
  test.setTimeout(120_000);
  const app = await launch();
  const page = await createVault(app, join(folder, 'vault'));
  await page.getByRole('heading', { level: 1, name: 'Hoy' }).waitFor();
  await page.keyboard.press('F2');
  await page.keyboard.type('Dos hombres armados preguntaron por la locutora');
  await page.getByLabel('¿Cuándo?').fill('12 de marzo de 2024, como 11:40 pm');
  await page.getByRole('combobox', { name: '¿Contra quién?' }).fill('la de la noche');
  await page.keyboard.press('Enter');
  await expect(page.getByText('borrador guardado, cifrado')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { level: 1, name: 'Dos hombres armados' }).waitFor();
  const list = await mainCall(page, 'incidents.list', {});
  expect(list).toMatchObject({
    ok: true,
    value: {
      total: 1,
      rows: [{ happened: { kind: 'day', day: '2024-03-12', time: '23:40', approximate: true } }],
    },
  });
  expect(await mainCall(page, 'persons.list', {})).toMatchObject({
    value: { rows: [{ name: 'la de la noche' }] },
  });
  expect(await mainCall(page, 'drafts.list', {})).toMatchObject({ value: { rows: [] } });
  await page.getByRole('navigation').getByRole('link', { name: 'Expedientes' }).click();
  await page.getByRole('button', { name: 'Nuevo expediente' }).first().click();
  await page.getByLabel('Título').fill('Radio y agua');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { level: 1, name: 'Radio y agua' }).waitFor();
  for (const tab of ['Incidentes', 'Personas', 'Evidencia', 'Salidas', 'Historial']) {
    await page.getByRole('tab', { name: new RegExp(tab) }).click();
    await expect(page.getByRole('alert')).toHaveCount(0);
  }
  expect(app.problems()).toEqual([]);
});
