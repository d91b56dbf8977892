import { act } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { errorWords } from '../../lib/use-error-text.ts';
import { DraftEngine } from '../../testing/draft-engine.ts';
import { closePage, openPage, settle, type } from '../../testing/open-page.tsx';
import { EmergencyForm } from './EmergencyForm.tsx';

let engine: DraftEngine;
beforeEach(() => {
  engine = new DraftEngine();
  const payload = JSON.stringify({ caller: 'la vecina', safe: 'no' });
  engine.keep({ id: 'call', form: 'emergency', title: '', payload });
});
afterEach(closePage);
const fields = (): string[] => [...document.querySelectorAll('input')].map((field) => field.value);

it('saved within the second in which it was typed, it does not come back as a draft', async () => {
  const payload = JSON.stringify({ caller: 'la vecina', narrative: 'Están golpeando la puerta.' });
  engine.keep({ id: 'call', form: 'emergency', title: '', payload });
  let typedAfter = false;
  const slow = {
    async call(method: string, input: Record<string, unknown>): Promise<unknown> {
      if (method !== 'incidents.record') return engine.call(method, input);
      // As the engine does it: with the record the draft is gone; and its answer takes a while.
      engine.drafts.delete(String(input['draftId']));
      await vi.waitFor(() => expect([...engine.drafts.keys()]).toEqual(['call']), { timeout: 5_000 });
      typedAfter = true;
      return { ok: true, value: { id: '01890000-0000-7000-8000-000000000001' } };
    },
  };
  await openPage(EmergencyForm, {}, { engine: slow, draft: 'call' });
  const caller = [...document.querySelectorAll('input')].find((field) => field.value === 'la vecina');
  await type(caller as HTMLInputElement, 'la vecina de enfrente');
  await act(async () => document.querySelector('form')?.requestSubmit());
  await settle();
  expect(typedAfter, 'the draft was written while the record was being saved').toBe(true);
  expect([...engine.drafts.keys()]).toEqual([]);
});

describe('an emergency that was left half written', () => {
  it('goes on with what was kept', async () => {
    await openPage(EmergencyForm, {}, { engine, draft: 'call' });
    expect(fields()).toContain('la vecina');
  });

  it('is not begun anew, under another name, where it could not be read', async () => {
    engine.refused.set('drafts.get', 'call.internal');
    await openPage(EmergencyForm, {}, { engine, draft: 'call' });
    expect(document.querySelector('[role=alert]')?.textContent).toBe(errorWords('es', 'call.internal'));
    expect(document.querySelector('form')).toBeNull();
  });
});
