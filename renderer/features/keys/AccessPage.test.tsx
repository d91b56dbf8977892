import { afterEach, expect, it } from 'vitest';
import type { Output } from '../../api/contract.ts';
import { closePage, openPage } from '../../testing/open-page.tsx';
import { AccessPage } from './AccessPage.tsx';

afterEach(closePage);

const opened = {
  state: 'open',
  actor: { name: 'Ixchel Robledo', powers: ['keys', 'read'] },
} as unknown as Output<'vault.status'>;
const notice = {
  id: 'one',
  kind: 'emergency',
  at: '2026-11-22T15:00:00.000Z',
  who: 'Nayeli',
  reason: 'No contesta nadie',
  caseCode: 'EXP-2026-001',
} as unknown as Output<'access.notices'>['rows'][number];
const answers = {
  'access.list': { total: 0, rows: [] },
  'access.notices': { total: 1, rows: [notice] },
} as never as object;
const open = (session: Output<'vault.status'>): Promise<void> =>
  openPage(AccessPage, { ...answers, 'vault.status': session });
const buttons = (): string[] => [...document.querySelectorAll('button')].map((one) => one.textContent ?? '');

it('offers the emergency access where it can be noted', async () => {
  await open(opened);
  expect(document.querySelectorAll('form input')).toHaveLength(3);
  expect(buttons()).toEqual(['Revisado', 'Abrir por 24 horas']);
});

it('offers nothing that would be noted in a vault open to look only, and says why', async () => {
  await open({ ...opened, readOnlyBecause: 'vault.changesMissing' } as never);
  expect(document.body.textContent).toContain('abierta solo para consulta');
  expect(document.body.textContent).toContain('No contesta nadie');
  expect(document.querySelectorAll('form, input')).toHaveLength(0);
  expect(buttons()).toEqual([]);
});
