import { afterEach, describe, expect, it } from 'vitest';
import { work } from '#shared/contract/work.ts';
import { DraftEngine } from '../../testing/draft-engine.ts';
import { closePage, openPage, press } from '../../testing/open-page.tsx';
import { TodayPage } from './TodayPage.tsx';

const draft = { id: 'draft-1', form: 'incident', title: 'Un borrador', payload: '{"narrative":"algo"}' };
const file = { id: crypto.randomUUID(), title: 'grabacion.mp4', mime: 'video/mp4' };

/** Answers as the contract says, and refuses what it does not know. */
class StrictEngine extends DraftEngine {
  files: (typeof file)[] = [];
  override async call(method: string, input: Record<string, unknown>): Promise<unknown> {
    if (method === 'drafts.save' && !work['drafts.save'].input.safeParse(input).success)
      return { ok: false, error: { code: 'call.invalidInput' } };
    const answer = await super.call(method, input);
    if (method !== 'drafts.get') return answer;
    const updatedAt = '2026-03-01T12:00:00.000Z';
    return { ok: true, value: { ...this.drafts.get(draft.id), updatedAt, files: this.files } };
  }
}

const discard = async (files: (typeof file)[]): Promise<StrictEngine> => {
  const engine = new StrictEngine();
  engine.files = files;
  engine.keep(draft);
  engine.answers.set('today.overview', {
    activeCases: 0,
    counts: { incidents: 0, persons: 0, evidence: 0 },
    due: [],
    drafts: [{ id: draft.id, form: draft.form, title: draft.title, updatedAt: '2026-03-01T12:00:00.000Z' }],
    recent: [],
    unfinished: [],
    months: [],
  });
  // The bar above it has nothing to say.
  engine.refused.set('slots.list', 'record.notFound');
  await openPage(TodayPage, {}, { engine });
  await press('Descartar borrador');
  expect([...engine.drafts.keys()]).toEqual([]);
  return engine;
};

afterEach(closePage);

describe('a draft that is thrown away on the first screen', () => {
  it.each([0, 1, 2])('can be taken back, with %i files, and says where these are', async (count) => {
    const engine = await discard(Array.from({ length: count }, () => ({ ...file, id: crypto.randomUUID() })));
    const said = [
      'Borrador descartado',
      'Su archivo queda en Evidencia',
      'Sus 2 archivos quedan en Evidencia',
    ];
    expect(document.body.textContent).toContain(said[count]);
    await press('Deshacer');
    expect(engine.drafts.get(draft.id)).toEqual(draft);
  });
});

it.each([
  ['2020-01-01', 'Venció un consentimiento'],
  ['2999-01-01', 'Vence un consentimiento'],
])('a consent whose last day is %s is told as: %s', async (day, words) => {
  const engine = new StrictEngine();
  engine.answers.set('today.overview', {
    ...{ activeCases: 1, drafts: [], recent: [], unfinished: [], months: [] },
    counts: { incidents: 0, persons: 0, evidence: 0 },
    due: [{ kind: 'consentExpires', id: 'c', caseId: 'e', caseCode: 'R-1', title: 'Ana', day, missing: [] }],
  });
  engine.refused.set('slots.list', 'record.notFound');
  await openPage(TodayPage, {}, { engine });
  expect(document.body.textContent).toContain(words);
});
