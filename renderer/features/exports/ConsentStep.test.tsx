import { afterEach, expect, it } from 'vitest';
import type { ConsentFinding, ExportView } from '#shared/contract/exports.ts';
import { closePage, openPage, press } from '../../testing/open-page.tsx';
import { ConsentStep } from './ConsentStep.tsx';

afterEach(closePage);

const view = (because: ConsentFinding['because']): ExportView =>
  ({
    ...{ id: 'export', caseId: 'case', verySensitive: [] },
    consents: [
      {
        ...{ personId: 'person', name: 'Ana Tlapalli', result: 'blocked', because },
        ...{ treatment: 'pseudonym', chosen: false },
      },
    ],
  }) as unknown as ExportView;
const open = (because: ConsentFinding['because']): Promise<void> =>
  openPage(() => <ConsentStep view={view(because)} onNext={() => undefined} />);

it.each([
  ['withdrawn', 'lo retiró', 'danger'],
  ['expired', 'ya venció', 'due'],
  ['held', 'datos bloqueados', 'due'],
] as const)('a name that cannot go because of «%s» is tagged so', async (because, words, tone) => {
  await open(because);
  const tags = [...document.querySelectorAll('li [data-tone]')];
  expect(tags.map((tag) => [tag.textContent, tag.getAttribute('data-tone')])).toEqual([[words, tone]]);
});

it('the answer that is recorded says whose it is', async () => {
  await open('expired');
  await press('Registrar respuesta');
  expect(document.querySelector('[role="dialog"] h2')?.textContent).toBe(
    'Registrar respuesta · Ana Tlapalli',
  );
});
