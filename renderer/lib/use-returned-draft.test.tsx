import { act, useState, type JSX } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DraftTrouble } from '../ui/DraftTrouble.tsx';
import { changeLanguage } from '../i18n/index.ts';
import { DraftEngine } from '../testing/draft-engine.ts';
import { closePage, openPage, press } from '../testing/open-page.tsx';
import { errorWords } from './use-error-text.ts';
import { useReturnedDraft } from './use-returned-draft.ts';

/** A page that two kinds of drafts lead back to. */
function Page(): JSX.Element {
  const returned = useReturnedDraft('consent', 'withdrawal');
  const [renders, setRenders] = useState(0);
  return (
    <>
      <DraftTrouble of={returned} />
      <output>{returned.draft?.form ?? 'none'}</output>
      <button
        type="button"
        onClick={() => {
          returned.forget();
          setRenders(renders + 1);
        }}
      >
        forget
      </button>
    </>
  );
}
let engine: DraftEngine;
const shown = (): string | undefined => document.querySelector('output')?.textContent;
const reads = (): number => engine.asked.filter(({ method }) => method === 'drafts.get').length;

beforeEach(() => {
  engine = new DraftEngine();
  for (const [id, form] of [
    ['answer', 'consent:c:p'],
    ['withdrawal', 'withdrawal:c:p:x'],
    ['other', 'consents'],
  ] as const)
    engine.keep({ id, form, title: '', payload: '{}' });
});
afterEach(closePage);

describe('a draft that Hoy leads back to', () => {
  it('is read once, for the page that has its form, and stays forgotten', async () => {
    for (const [id, form] of [
      ['answer', 'consent:c:p'],
      ['withdrawal', 'withdrawal:c:p:x'],
    ] as const) {
      await openPage(Page, {}, { engine, draft: id });
      expect(shown()).toBe(form);
    }
    expect(reads()).toBe(2);
    await press('forget');
    expect(shown()).toBe('none');
    await openPage(Page, {}, { engine, draft: 'other' });
    expect(shown()).toBe('none');
    expect(document.querySelector('[role=alert], [role=status]')).toBeNull();
  });

  it('says why where it cannot be read', async () => {
    engine.refused.set('drafts.get', 'call.internal');
    await openPage(Page, {}, { engine, draft: 'answer' });
    expect(document.querySelector('[role=alert]')?.textContent).toBe(
      `Este borrador no se pudo abrir; sigue guardado en Hoy${errorWords('es', 'call.internal')}`,
    );
  });

  it('says in both languages that it is gone, until that is left behind', async () => {
    await openPage(Page, {}, { engine, draft: 'saved-meanwhile' });
    const said = (): string | null | undefined => document.querySelector('[role=status]')?.textContent;
    expect(said()).toMatch(/^Este borrador ya no existe/u);
    act(() => changeLanguage('en'));
    expect(said()).toMatch(/^This draft is gone/u);
    await press('forget');
    expect(said()).toBeUndefined();
  });
});
