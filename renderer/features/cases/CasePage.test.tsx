import { afterEach, expect, it } from 'vitest';
import { closePage, openPage } from '../../testing/open-page.tsx';
import { CasePage } from './CasePage.tsx';

afterEach(closePage);

const person = (personId: string, unrenewed: number) => ({
  ...{ personId, name: personId, kind: 'individual', minor: false, roles: [], relation: '', reserved: false },
  consents: { given: 0, expired: 3, unrenewed, impeded: 0, refused: 0, withdrawn: 0 },
});
/** The header of a case whose people let so many consents expire. */
const header = async (...unrenewed: readonly number[]): Promise<ParentNode> => {
  await openPage(CasePage, {
    'cases.get': {
      ...{ id: 'case', code: 'EXP-2025-001', title: 'Radio y agua', state: 'active', summary: '' },
      ...{
        openedDay: '2025-03-20',
        language: { kind: 'unknown' },
        interpreter: 'notAsked',
        neutralCode: 'K7',
      },
      ...{ placeOrigin: '', placeRefuge: '', safeChannel: { medium: '', hours: '', avoid: '' } },
      persons: unrenewed.map((count, at) => person(`person-${String(at)}`, count)),
      counts: { incidents: 0, evidence: 0, notes: 0, exports: 0, consentsToRatify: 0 },
    } as never,
  });
  return document;
};
const link = (place: ParentNode) =>
  [...place.querySelectorAll('a')].find((one) => one.textContent?.includes('vencido'));

it('tells in the header how many consents expired and were not renewed, and leads to them', async () => {
  const found = link(await header(2, 0, 1));
  expect(found?.textContent).toBe('3 consentimientos vencidos sin renovar');
  expect(found?.getAttribute('href')).toContain('tab=people');
  expect(link(await header(0, 1))?.textContent).toBe('1 consentimiento vencido sin renovar');
});

it('says nothing of expired consents that were renewed', async () => {
  expect(link(await header(0, 0))).toBeUndefined();
});
