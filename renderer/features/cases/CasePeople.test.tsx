import { afterEach, expect, it } from 'vitest';
import type { CaseDetail } from '#shared/contract/cases.ts';
import { closePage, openPage } from '../../testing/open-page.tsx';
import { CasePeople } from './CasePeople.tsx';

afterEach(closePage);

/** The row of somebody of whose expired consents so many were not renewed. */
const row = async (expired: number, unrenewed: number): Promise<string> => {
  const person = {
    ...{ personId: 'ana', name: 'Ana', kind: 'individual', minor: false, roles: [], relation: '' },
    ...{ reserved: false, consents: { given: 1, expired, unrenewed, impeded: 0, refused: 0, withdrawn: 0 } },
  };
  const detail = { id: 'case', persons: [person] } as unknown as CaseDetail;
  await openPage(() => <CasePeople detail={detail} />, {});
  return document.body.textContent;
};

it('tells expired consents that were renewed from those that the header counts', async () => {
  const both = await row(3, 1);
  expect(both).toContain('1 vencido sin renovar');
  expect(both).toContain('2 vencidos ya sustituidos');
  expect(await row(1, 1)).not.toContain('sustituido');
  expect(await row(1, 0)).not.toContain('sin renovar');
});
