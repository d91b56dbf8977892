import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorWords } from '../../lib/use-error-text.ts';
import { DraftEngine } from '../../testing/draft-engine.ts';
import { closePage, openPage, press } from '../../testing/open-page.tsx';
import { StrayDraft } from './StrayDraft.tsx';

const draft = { id: 'draft-1', form: 'return:d:r', title: 'Galaxy', payload: '{}' } as const;
let engine: DraftEngine;
let gone: number;

beforeEach(async () => {
  engine = new DraftEngine();
  gone = 0;
  engine.keep(draft);
  await openPage(
    () => (
      <StrayDraft draft={draft} onGone={() => (gone += 1)}>
        ya no
      </StrayDraft>
    ),
    {},
    { engine },
  );
});
afterEach(closePage);

describe('a draft whose form cannot be gone on with', () => {
  it('stays, and says why, where the engine refuses to discard it; a second try is possible', async () => {
    engine.refused.set('drafts.discard', 'disk.full');
    await press('Descartar borrador');
    expect(document.body.textContent).toContain(errorWords('es', 'disk.full'));
    expect([gone, engine.drafts.size]).toEqual([0, 1]);
    engine.refused.clear();
    await press('Descartar borrador');
    expect(document.body.textContent).not.toContain(errorWords('es', 'disk.full'));
    expect([gone, engine.drafts.size]).toEqual([1, 0]);
  });

  it('comes back as it was when that is undone', async () => {
    await press('Descartar borrador');
    await press('Deshacer');
    expect(engine.drafts.get('draft-1')).toEqual(draft);
  });
});
