import { describe, expect, it } from 'vitest';
import { isFormOf, kindOfDraft, type DraftForm } from './draft-kinds.ts';

describe('names of forms that keep a draft', () => {
  it('are known to the compiler: one that nobody listed is refused where it is made', () => {
    const listed: DraftForm[] = ['incident', `review:${'finding-1'}`];
    // @ts-expect-error -- a kind that Hoy could not lead back to
    const planted: DraftForm = `planted:${'1'}`;
    expect([...listed, planted].map(kindOfDraft)).toEqual(['incident', 'review', 'incident']);
  });

  it('are taken by their whole first word: a longer one is another form', () => {
    expect(kindOfDraft('examination:1')).toBe('examination');
    expect(kindOfDraft('examine:1')).toBe('examine');
    expect(kindOfDraft('written by a newer version')).toBe('incident');
    expect(isFormOf('review:1', 'review')).toBe(true);
    expect(isFormOf('review:12', 'review:1')).toBe(false);
  });
});
