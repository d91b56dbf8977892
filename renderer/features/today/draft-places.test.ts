import { describe, expect, it } from 'vitest';
import { en } from '../../i18n/en.ts';
import { es } from '../../i18n/es.ts';
import { DRAFT_KINDS } from '../../lib/draft-kinds.ts';
import { placeOfDraft } from './draft-places.ts';

describe('drafts on Hoy', () => {
  it('names each kind in both languages', () => {
    for (const catalogue of [es, en])
      expect(Object.keys(catalogue.today.draftOf).sort()).toEqual([...DRAFT_KINDS].sort());
  });

  it('leads back to the page of the form, which is told the draft', () => {
    for (const kind of DRAFT_KINDS) {
      const place = placeOfDraft(`${kind}:of`, 'the-draft');
      if (kind !== 'note') expect(place).toMatchObject({ search: { draft: 'the-draft' } });
      const params = Object.values('params' in place ? place.params : {});
      expect(params.every((value) => value === 'of')).toBe(true);
      expect(place.to.includes('$')).toBe(params.length > 0);
    }
    expect(placeOfDraft('message', 'd').to).toBe('/surveillance/messages/new');
    expect(placeOfDraft('consent:case:person', 'd')).toMatchObject({
      params: { caseId: 'case' },
      search: { tab: 'people' },
    });
  });
});
