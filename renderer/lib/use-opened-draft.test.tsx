import { act, useState, type JSX } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromDraft, useDraftedState } from './use-draft.ts';
import { useOpenedDraft } from './use-opened-draft.ts';

type Kept = { id: string; form: string; title: string; payload: string };
/** Stands in for the engine: it keeps drafts, and answers in the order it was asked. */
let drafts: Map<string, Kept>;
let refuse: string | null;
let slowSave: Promise<void>;
let root: Root;

const answer = async (method: string, input: Kept): Promise<unknown> => {
  if (method === 'drafts.get') {
    const kept = drafts.get(input.id);
    const code = refuse ?? (kept === undefined ? 'record.notFound' : null);
    return code === null ? { ok: true, value: kept } : { ok: false, error: { code } };
  }
  await slowSave;
  if (method === 'drafts.save') drafts.set(input.id, input);
  if (method === 'drafts.discard') drafts.delete(input.id);
  return { ok: true, value: {} };
};

function Form({ id }: { id: string }): JSX.Element {
  const kept = useOpenedDraft(id);
  if (kept.waiting) return <p>waiting</p>;
  if (kept.error !== null) return <p role="alert">{String((kept.error as { code: string }).code)}</p>;
  return <Editor initial={fromDraft(kept.draft?.payload, { words: '' })} draftId={kept.draft?.id} />;
}
function Editor(props: { initial: { words: string }; draftId: string | undefined }): JSX.Element {
  const [begun] = useState(props);
  const { state, put, draft } = useDraftedState('message', begun, () => '');
  return (
    <>
      <input value={state.words} onChange={(event) => put({ words: event.currentTarget.value })} />
      <button type="button" onClick={() => void draft.discard()} />
      <output>{draft.id}</output>
    </>
  );
}

const settle = async (): Promise<void> => act(async () => new Promise((done) => setTimeout(done, 10)));
const open = async (id = 'one'): Promise<void> => {
  act(() => root.render(<Form id={id} />));
  await settle();
};
const close = (): void => act(() => root.render(null));
const words = (): string | undefined => document.querySelector('input')?.value;
const type = (text: string): void =>
  act(() => {
    const field = document.querySelector('input') as HTMLInputElement;
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  Object.assign(window, { resguardo: { call: answer } });
  drafts = new Map([['one', { id: 'one', form: 'message', title: '', payload: '{"words":"first"}' }]]);
  refuse = null;
  slowSave = Promise.resolve();
  const place = document.createElement('div');
  document.body.replaceChildren(place);
  root = createRoot(place);
});
afterEach(() => act(() => root.unmount()));

describe('a draft that is gone on with', () => {
  it('is read anew each time that its form opens, with the last words of the form before', async () => {
    await open();
    expect(words()).toBe('first');
    type('first and second');
    // The words are still on their way when the form opens again.
    let written: (() => void) | undefined;
    slowSave = new Promise((done) => (written = done));
    close();
    await open();
    expect(words()).toBeUndefined();
    written?.();
    await settle();
    expect(words()).toBe('first and second');
    expect(document.querySelector('output')?.textContent).toBe('one');
  });

  it('that became a record does not come back: the form begins anew, under a name of its own', async () => {
    await open();
    await act(async () => document.querySelector('button')?.click());
    await settle();
    expect(drafts.size).toBe(0);
    close();
    await open();
    expect(document.querySelector('[role=alert]')).toBeNull();
    expect(words()).toBe('');
    expect(document.querySelector('output')?.textContent).not.toBe('one');
  });

  it('is not taken for gone when it could not be read', async () => {
    refuse = 'call.engineStopped';
    await open();
    expect(document.querySelector('[role=alert]')?.textContent).toBe('call.engineStopped');
    expect(words()).toBeUndefined();
  });
});
