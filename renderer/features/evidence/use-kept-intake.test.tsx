import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorWords } from '../../lib/use-error-text.ts';
import { DraftEngine } from '../../testing/draft-engine.ts';
import { closePage, openPage, settle, type } from '../../testing/open-page.tsx';
import { EmergencyForm } from '../emergency/EmergencyForm.tsx';
import { IncidentForm } from '../incidents/IncidentForm.tsx';
import { MessageForm } from '../surveillance/MessageForm.tsx';
import { Notifications } from '../surveillance/Notifications.tsx';
import { ReceiveDevice } from '../surveillance/ReceiveDevice.tsx';

const FILE = { id: 'evidence-1', title: 'chosen', mime: 'video/mp4' };

/** Seals a file when it is told to, and knows then for which draft it was, as the vault does. */
class SealingEngine extends DraftEngine {
  readonly files = new Map<string, (typeof FILE)[]>();
  finish: (code?: string) => Promise<void> = async () => undefined;

  override async call(method: string, input: Record<string, unknown>): Promise<unknown> {
    if (method === 'drafts.get') {
      const answer = (await super.call(method, input)) as { ok: boolean; value: object };
      return answer.ok
        ? { ok: true, value: { ...answer.value, files: this.files.get(String(input['id'])) ?? [] } }
        : answer;
    }
    if (method !== 'evidence.take') return super.call(method, input);
    this.asked.push({ method, input });
    const code = await new Promise<string | undefined>((done) => {
      this.finish = async (failed) => {
        done(failed);
        await settle();
      };
    });
    if (code !== undefined) return { ok: false, error: { code } };
    this.files.set(String(input['draftId']), [FILE]);
    return {
      ok: true,
      value: { ...FILE, sha256: 'ab'.repeat(32), sizeBytes: 1, derived: 'waiting', sameAs: null },
    };
  }
}

let engine: SealingEngine;
let id: string;
beforeEach(() => {
  engine = new SealingEngine();
  // The list of intakes is one for the whole window.
  id = crypto.randomUUID();
});
afterEach(closePage);

const drop = async (): Promise<void> => {
  const zone = [...document.querySelectorAll('button')].find((one) =>
    one.textContent.includes('Suelta archivos'),
  );
  zone?.click();
  await settle();
};
const shown = (): number =>
  [...document.querySelectorAll('.rg-private')].filter((one) => one.textContent === FILE.title).length;
const alerts = (): string[] =>
  [...document.querySelectorAll('[role=alert]')].map((one) => one.textContent.trim());

describe.each([
  ['emergency', EmergencyForm],
  ['incident', IncidentForm],
  ['message', MessageForm],
  ['notification', () => <Notifications />],
  ['reception', ReceiveDevice],
] as const)('a form (%s) that is left while it seals a file', (form, Page) => {
  const open = async (): Promise<void> => openPage(Page, {}, { engine, draft: id });
  beforeEach(async () => {
    engine.keep({ id, form, title: '', payload: '{}' });
    await open();
    await drop();
  });

  it('has told the engine the draft that the file is for', () => {
    const taken = engine.asked.filter(({ method }) => method === 'evidence.take');
    expect(taken.map(({ input }) => input['draftId'])).toEqual([id]);
  });

  it('shows, opened again, that it is still being sealed, and then that it is', async () => {
    closePage();
    await open();
    expect(shown()).toBe(1);
    expect(document.querySelector('[role=progressbar]')).not.toBeNull();
    await engine.finish();
    expect(shown()).toBe(1);
    expect(document.querySelector('[role=progressbar]')).toBeNull();
    expect(document.querySelector('[aria-label=Sellada]')).not.toBeNull();
  });

  it('shows, opened again, once what was sealed meanwhile', async () => {
    closePage();
    await engine.finish();
    await open();
    expect(shown()).toBe(1);
    expect(document.querySelector('[aria-label=Sellada]')).not.toBeNull();
  });

  it('says, opened again, what could not be taken in', async () => {
    closePage();
    await engine.finish('disk.full');
    await open();
    expect(alerts()).toContain(errorWords('es', 'disk.full'));
    closePage();
    await open();
    expect(alerts()).toContain(errorWords('es', 'disk.full'));
  });
});

it('a file alone makes a draft to come back to', async () => {
  await openPage(EmergencyForm, {}, { engine });
  await drop();
  closePage();
  await settle();
  const draftId = String(engine.asked.find(({ method }) => method === 'evidence.take')?.input['draftId']);
  expect([...engine.drafts.keys()]).toEqual([draftId]);
});

it('words that come after a file do not take it out of the draft', async () => {
  engine.keep({ id, form: 'incident', title: '', payload: '{}' });
  await openPage(IncidentForm, {}, { engine, draft: id });
  await drop();
  await engine.finish();
  const field = document.querySelector('textarea');
  if (field === null) throw new Error('the form has no words');
  await type(field, 'Estaban afuera');
  closePage();
  await settle();
  const kept = JSON.parse(engine.drafts.get(id)?.payload ?? '{}') as Record<string, unknown>;
  expect(kept).toMatchObject({ narrative: 'Estaban afuera', evidence: [FILE] });
});
