import { afterEach, expect, it } from 'vitest';
import type { Output } from '../../api/contract.ts';
import { closePage, openPage, press } from '../../testing/open-page.tsx';
import { CheckPanel } from './CheckPanel.tsx';

afterEach(closePage);

type Finding = Output<'vault.check'>['findings'][number];
const RUN = 'matching_run 018f0000-0000-7000-8000-000000000001';
const check = async (findings: Finding[]): Promise<string> => {
  await openPage(CheckPanel, {
    'vault.check': { ok: false, findings, checked: { rows: 1, journal: 1, objects: 1 } } as never,
  });
  await press('Revisar ahora');
  return document.body.textContent ?? '';
};

it('what was found says what to do, whole names for whoever helps, and nothing about exports', async () => {
  const text = await check([{ part: 'journal', code: 'finding.altered', subject: RUN }]);
  expect(text).toContain('1 problema');
  expect(text).toContain('no borró ni reparó nada');
  expect(text).toContain(`Para quien ayuda: ${RUN}`);
  expect(text).toContain('se cambiaron fuera de la aplicación');
  expect(text).not.toContain('No salió nada');
});

it('of many it says how many it does not show', async () => {
  const many = Array.from({ length: 53 }, (_, at) => ({
    ...({ part: 'objects', code: 'evidence.objectDamaged', subject: `object-${String(at)}` } as Finding),
  }));
  const text = await check(many);
  expect(document.querySelectorAll('li')).toHaveLength(50);
  expect(text).toContain('y 3 más, en el informe');
});
