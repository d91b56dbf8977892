import { describe, expect, it } from 'vitest';
import type { CaseId, ConsentId, PersonId } from '#shared/model/ids.ts';
import { answerDraft, isDraftOf, withdrawalDraft } from './consent-drafts.ts';

const CASE = 'case-a' as CaseId;
const ANA = 'person-a' as PersonId;
const CONSENT = 'consent-1' as ConsentId;

describe('drafts of consents', () => {
  it('are of one person in one case, and of nobody else', () => {
    expect(isDraftOf(answerDraft(CASE, ANA), CASE, ANA)).toBe(true);
    expect(isDraftOf(withdrawalDraft({ caseId: CASE, personId: ANA, id: CONSENT }), CASE, ANA)).toBe(true);
    expect(isDraftOf(answerDraft(CASE, ANA), CASE, 'person-b' as PersonId)).toBe(false);
    expect(isDraftOf(answerDraft(CASE, ANA), CASE, 'person' as PersonId)).toBe(false);
    expect(isDraftOf(answerDraft(CASE, ANA), 'case-b' as CaseId, ANA)).toBe(false);
    expect(isDraftOf('milestone:case-a:person-a', CASE, ANA)).toBe(false);
    expect(isDraftOf('withdrawal:case-a:person-b:person-a', CASE, ANA)).toBe(false);
  });
});
