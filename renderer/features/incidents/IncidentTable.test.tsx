import { afterEach, expect, it } from 'vitest';
import { closePage, openPage, type } from '../../testing/open-page.tsx';
import { IncidentTable } from './IncidentTable.tsx';

afterEach(closePage);

const EMPTY = 'Todavía no hay incidentes';
const NO_MATCH = 'Ninguno coincide';
const said = (words: string): boolean => document.body.textContent?.includes(words) ?? false;

it('says that nothing matches only where something is asked for', async () => {
  await openPage(() => <IncidentTable filter={{}} />, { 'incidents.list': { total: 0, rows: [] } });
  const [from] = [...document.querySelectorAll<HTMLInputElement>('input[aria-label="Desde"]')];
  expect([said(EMPTY), said(NO_MATCH)]).toEqual([true, false]);
  // Words that are no day ask for nothing: the list shows all meanwhile.
  await type(from as HTMLInputElement, 'cuando fue la fiesta');
  expect([said(EMPTY), said(NO_MATCH)]).toEqual([true, false]);
  await type(from as HTMLInputElement, '3 mar 2026');
  expect([said(EMPTY), said(NO_MATCH)]).toEqual([false, true]);
});
