import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CaseId } from '#shared/model/ids.ts';
import { DraftEngine } from '../../testing/draft-engine.ts';
import { closePage, openPage, press, type } from '../../testing/open-page.tsx';
import { NotesPanel } from './NotesPanel.tsx';

const CASE = 'case-1' as CaseId;
const EDIT = 'Editar nota';
const note = (id: string) => ({
  ...{ id, caseId: CASE, kind: 'work', body: `nota ${id}`, author: 'Ana', version: 1 },
  createdAt: '2026-11-20T10:00:00.000Z',
});
const half = (id: string, noteId: string, body: string) => ({
  ...{ id, form: `note:${CASE}:${noteId}`, title: body, payload: JSON.stringify({ body, basedOn: 1 }) },
});

let engine: DraftEngine;
const open = (): Promise<void> => openPage(() => <NotesPanel caseId={CASE} />, {}, { engine });
const editors = (): HTMLTextAreaElement[] => [
  ...document.querySelectorAll<HTMLTextAreaElement>('textarea[aria-label="Texto de la nota"]'),
];
const bodies = (): string[] => editors().map((field) => field.value);
const rowOf = (words: string): Element => {
  const row = [...document.querySelectorAll('li')].find((one) =>
    [one.textContent ?? '', one.querySelector('textarea')?.value ?? ''].some((part) => part.includes(words)),
  );
  if (row === undefined) throw new Error(`no note «${words}»`);
  return row;
};

beforeEach(() => {
  engine = new DraftEngine();
  engine.answers.set('notes.list', { rows: [note('a'), note('b')], total: 2 });
  engine.answers.set('notes.amend', { version: 2 });
});
afterEach(closePage);

describe('corrections of notes that were left half written', () => {
  it('all come back, and saving one leaves the draft of the other alone', async () => {
    engine.keep(half('draft-a', 'a', 'corregida a'), half('draft-b', 'b', 'corregida b'));
    await open();
    expect(bodies()).toEqual(['corregida a', 'corregida b']);
    await press('Guardar nota', rowOf('corregida a'));
    expect([...engine.drafts.keys()]).toEqual(['draft-b']);
    expect(bodies()).toEqual(['corregida b']);
    await press('Cancelar', rowOf('corregida b'));
    expect(bodies()).toEqual([]);
    await press(EDIT, rowOf('nota b'));
    expect(bodies()).toEqual(['corregida b']);
    await press('Guardar nota', rowOf('corregida b'));
    expect(engine.drafts.size).toBe(0);
    expect(engine.asked.filter(({ method }) => method === 'notes.amend')).toMatchObject([
      { input: { id: 'a', version: 1, body: 'corregida a' } },
      { input: { id: 'b', version: 1, body: 'corregida b' } },
    ]);
  });

  it('go on under one name however often they are left and taken up', async () => {
    await open();
    await press(EDIT, rowOf('nota a'));
    for (const words of ['una palabra', 'dos palabras']) {
      const [field] = editors();
      if (field === undefined) throw new Error('the note is not being corrected');
      await type(field, words);
      await press('Cancelar', rowOf(words));
      await press(EDIT, rowOf('nota a'));
      expect(bodies()).toEqual([words]);
      expect(engine.drafts.size).toBe(1);
    }
  });

  it('do not take the focus of the page where they open by themselves', async () => {
    engine.keep(half('draft-a', 'a', 'corregida a'));
    await open();
    expect(editors()).toHaveLength(1);
    expect(document.activeElement).toBe(document.body);
    await press('Cancelar', rowOf('corregida a'));
    await press(EDIT, rowOf('nota a'));
    expect(document.activeElement).toBe(editors()[0]);
  });
});
