import { notifications } from '@mantine/notifications';
import { act, type JSX } from 'react';
import { afterEach, expect, it } from 'vitest';
import { call } from '../api/client.ts';
import { DraftEngine } from '../testing/draft-engine.ts';
import { closePage, openPage, press } from '../testing/open-page.tsx';
import { errorWords } from './use-error-text.ts';
import { useUndo } from './undo.tsx';

/** A change that the engine is asked to take back. */
function Page(): JSX.Element {
  const offer = useUndo();
  return (
    <button
      type="button"
      onClick={() => offer('Cambios guardados', () => call('drafts.discard', { id: 'one' }))}
    >
      change
    </button>
  );
}
const told = async (refusal: string | null): Promise<string> => {
  const engine = new DraftEngine();
  if (refusal !== null) engine.refused.set('drafts.discard', refusal);
  await openPage(Page, {}, { engine });
  await press('change');
  await press('Deshacer');
  return document.body.textContent ?? '';
};

/** Two changes, one after the other; the engine takes its time to take the first back. */
let finish = (): void => undefined;
const slow = new Promise<void>((resolve) => (finish = resolve));
function TwoChanges(): JSX.Element {
  const offer = useUndo();
  return (
    <>
      <button type="button" onClick={() => offer('Primer cambio', () => slow)}>
        first
      </button>
      <button type="button" onClick={() => offer('Segundo cambio', () => Promise.resolve())}>
        second
      </button>
    </>
  );
}

afterEach(() => {
  act(() => notifications.clean());
  closePage();
});

it('taken back is told as that', async () => {
  expect(await told(null)).toContain('Se deshizo el cambio');
});

it('where somebody changed it since, nothing is told of a text that would still be there', async () => {
  const text = await told('record.changedMeanwhile');
  expect(text).toContain('No se deshizo: alguien cambió este registro después.');
  expect(text).not.toContain(errorWords('es', 'record.changedMeanwhile'));
});

it('any other refusal has the words of its code', async () => {
  expect(await told('disk.full')).toContain(errorWords('es', 'disk.full'));
});

it('a slow one says nothing beside the offer of a later change, of which it would seem to speak', async () => {
  await openPage(TwoChanges, {});
  await press('first');
  await press('Deshacer');
  await press('second');
  await act(async () => {
    finish();
    await slow;
  });
  expect(document.body.textContent).toContain('Segundo cambio');
  expect(document.body.textContent).not.toContain('Se deshizo');
  // And of the later one it is told as ever.
  await press('Deshacer');
  expect(document.body.textContent).toContain('Se deshizo el cambio');
});
