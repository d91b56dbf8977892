import { act } from 'react';
import { afterEach, expect, it } from 'vitest';
import type { CaseId, PersonId } from '#shared/model/ids.ts';
import { closePage, openPage, press, type } from '../../testing/open-page.tsx';
import { ConsentList } from './ConsentList.tsx';

afterEach(closePage);

const open = (expiresDay: string | null): Promise<void> =>
  openPage(
    () => (
      <ConsentList
        caseId={'case' as CaseId}
        personId={'person' as PersonId}
        name="Ana"
        minor={false}
        kind="individual"
      />
    ),
    {
      'consents.list': {
        rows: [
          {
            ...{ id: 'one', answer: 'given', recipientClass: 'iachr', form: 'signed', expiresDay },
            ...{ toBody: true, toState: false, toPublic: false, impediment: null, condition: '' },
            ...{ givenOn: { kind: 'unknown' }, ratifiedDay: null, toRatify: false },
          },
        ],
        total: 1,
      } as never,
    },
  );
const tag = (): (string | null)[] => {
  const found = document.querySelector('li [data-tone]');
  return [found?.getAttribute('data-tone') ?? null, found?.textContent ?? null];
};

it('a consent whose day is over is not shown as one that holds', async () => {
  await open('2025-03-12');
  expect(tag()).toEqual(['due', 'Ya venció']);
  expect(document.body.textContent).toContain('venció el 12 mar 2025');
  await open('2999-03-12');
  expect(tag()).toEqual(['verified', 'Lo dio']);
  expect(document.body.textContent).toContain('vence el 12 mar 2999');
  await open(null);
  expect(tag()).toEqual(['verified', 'Lo dio']);
});

it('an end that is over is told with what follows from it', async () => {
  await open(null);
  await press('Registrar respuesta');
  const given = [...document.querySelectorAll<HTMLInputElement>('input[type="radio"]')].find(
    (radio) => radio.value === 'given',
  );
  act(() => given?.click());
  const field = (): HTMLInputElement | undefined =>
    [...document.querySelectorAll('label')].find((label) => label.textContent?.startsWith('Vence'))
      ?.control as HTMLInputElement | undefined;
  await type(field() as HTMLInputElement, '12/03/2025');
  act(() => field()?.blur());
  expect(document.body.textContent).toContain('esta respuesta contará como vencida');
});
