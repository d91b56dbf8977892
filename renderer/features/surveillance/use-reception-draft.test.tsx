import { useState, type JSX } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceId, ReceptionId } from '#shared/model/surveillance-ids.ts';
import { DraftEngine } from '../../testing/draft-engine.ts';
import { closePage, openPage, press, type } from '../../testing/open-page.tsx';
import { CustodyPanel } from './CustodyPanel.tsx';
import { receptionDraft, useReceptionDraft } from './use-reception-draft.ts';

const DEVICE = 'device-1' as DeviceId;
const FIRST = 'reception-1' as ReceptionId;
const SECOND = 'reception-2' as ReceptionId;

let begunIn: ReceptionId | null;
function Page(): JSX.Element {
  const [open, setOpen] = useState(begunIn);
  const returned = useReceptionDraft(DEVICE, open);
  return (
    <>
      <output>
        {[returned.of('custody')?.id, returned.of('return')?.id, returned.stray?.id]
          .map((id) => id ?? '-')
          .join(' ')}
      </output>
      <button type="button" onClick={() => setOpen(null)}>
        close
      </button>
      <CustodyPanel
        deviceId={DEVICE}
        device="Galaxy"
        custody={[]}
        gaps={[]}
        receptionId={open}
        draft={returned.of('custody')}
        onDraftDone={returned.forget}
      />
    </>
  );
}
let engine: DraftEngine;
const shown = (): string | undefined => document.querySelector('output')?.textContent;
const dialog = (): Element => document.querySelector('[role=dialog]') as Element;
const details = (): HTMLInputElement | undefined =>
  [...document.querySelectorAll('input')].find((field) => field.value.startsWith('sello'));

beforeEach(() => {
  engine = new DraftEngine();
  engine.keep(
    {
      ...{ id: 'step', form: receptionDraft('custody', DEVICE, FIRST), title: 'Galaxy' },
      payload: JSON.stringify({ action: 'sealed', detail: 'sello 7', holder: '', at: null }),
    },
    { id: 'back', form: receptionDraft('return', DEVICE, FIRST), title: 'Galaxy', payload: '{}' },
  );
});
afterEach(closePage);

describe('what was left half written of a reception', () => {
  it('goes on in the reception that it is of', async () => {
    begunIn = FIRST;
    await openPage(Page, {}, { engine, draft: 'back' });
    expect(shown()).toBe('- back -');
    await openPage(Page, {}, { engine, draft: 'step' });
    expect(shown()).toBe('step - -');
    expect(details()?.value).toBe('sello 7');
  });

  it.each([null, SECOND])('opens no form where the device went back, or came in again (%s)', async (open) => {
    begunIn = open;
    for (const id of ['step', 'back']) {
      await openPage(Page, {}, { engine, draft: id });
      expect(shown()).toBe(`- - ${id}`);
      expect(document.querySelector('[role=dialog]')).toBeNull();
    }
  });

  it('stays the form of who opened it when the reception closes under it', async () => {
    begunIn = FIRST;
    await openPage(Page, {}, { engine, draft: 'step' });
    await press('close');
    expect(shown()).toBe('step - -');
    engine.refused.set('devices.custody', 'device.notReceived');
    await press('Guardar', dialog());
    expect(dialog().querySelector('[role=alert]')).not.toBeNull();
    expect(details()?.value).toBe('sello 7');
  });

  it('keeps a new step under the reception in which it was begun', async () => {
    begunIn = SECOND;
    await openPage(Page, {}, { engine });
    await press('Anotar paso');
    const [field] = [...dialog().querySelectorAll<HTMLInputElement>('input.rg-private, .rg-private input')];
    if (field === undefined) throw new Error('the form has no detail');
    await type(field, 'sello 8');
    await press('Cancelar', dialog());
    const kept = [...engine.drafts.values()].find(({ payload }) => payload.includes('sello 8'));
    expect(kept?.form).toBe(`custody:${DEVICE}:${SECOND}`);
  });
});
