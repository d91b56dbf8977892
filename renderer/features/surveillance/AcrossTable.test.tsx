import { afterEach, expect, it } from 'vitest';
import { closePage, openPage, type } from '../../testing/open-page.tsx';
import { AcrossTable } from './AcrossTable.tsx';

afterEach(closePage);

const EMPTY = 'Sin hallazgos';
const NO_MATCH = 'Ninguno coincide';
const said = (): boolean[] =>
  [EMPTY, NO_MATCH].map((words) => document.body.textContent?.includes(words) ?? false);

it('says that nothing matches only where something is asked for', async () => {
  await openPage(AcrossTable, { 'findings.across': { total: 0, rows: [] } });
  const from = document.querySelector('input[aria-label="Desde el día"]') as HTMLInputElement;
  expect(said()).toEqual([true, false]);
  // Words that are no day ask for nothing: the list shows all meanwhile.
  await type(from, 'cuando fue la fiesta');
  expect(said()).toEqual([true, false]);
  await type(from, '3 mar 2026');
  expect(said()).toEqual([false, true]);
});
