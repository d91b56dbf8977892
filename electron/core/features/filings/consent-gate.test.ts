import { describe, expect, it } from 'vitest';
import type { Consent } from '#shared/contract/consents.ts';
import type { CaseMaterial, MaterialPerson } from './case-material.ts';
import { consentBlocks, consentVerdict, everybodyAnswered } from './consent-gate.ts';
import { needProfile } from './profiles.ts';

const iachr = needProfile('iachr-precautionary');
const open = needProfile('public');
const DAY = '2026-06-20';

const person = (roles: MaterialPerson['roles'], fields: object = {}, reserved = false): MaterialPerson => ({
  person: {
    id: 'p',
    name: 'Maricela',
    kind: 'individual',
    minor: false,
    ...fields,
  } as MaterialPerson['person'],
  roles,
  reserved,
});
const consent = (fields: Partial<Consent>): Consent =>
  ({
    personId: 'p',
    recipientClass: 'iachr',
    answer: 'given',
    toBody: true,
    toState: true,
    toPublic: false,
    expiresDay: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...fields,
  }) as Consent;

describe('what a consent lets an export say', () => {
  it('begins with the least toward the State where nobody asked her', () => {
    expect(consentVerdict(person(['beneficiary']), [], iachr, DAY)).toEqual({
      result: 'missing',
      because: 'none',
      treatment: 'pseudonym',
    });
    expect(consentVerdict(person(['witness']), [], iachr, DAY).treatment).toBe('withhold');
  });

  it('lets a later no to everybody go before an earlier yes to one, and not the other way round', () => {
    const yes = consent({});
    const later = { createdAt: '2026-03-01T00:00:00.000Z', updatedAt: '2026-03-01T00:00:00.000Z' };
    const no = consent({ recipientClass: 'all', answer: 'refused', ...later });
    expect(consentVerdict(person(['beneficiary']), [no, yes], iachr, DAY).because).toBe('refused');
    const back = consent({
      recipientClass: 'all',
      answer: 'withdrawn',
      createdAt: '2025-01-01T00:00:00.000Z',
      updatedAt: later.updatedAt,
    });
    expect(consentVerdict(person(['beneficiary']), [yes, back], iachr, DAY).because).toBe('withdrawn');
    const yesAgain = consent({ createdAt: '2026-04-01T00:00:00.000Z' });
    expect(consentVerdict(person(['beneficiary']), [yesAgain, no], iachr, DAY)).toMatchObject({
      result: 'allowed',
      treatment: 'name',
    });
    const yesToAll = consent({ recipientClass: 'all', ...later });
    const noToThis = consent({ answer: 'refused' });
    expect(consentVerdict(person(['beneficiary']), [yesToAll, noToThis], iachr, DAY).because).toBe('refused');
  });

  it('keeps a name from a body that passes it on to the State against her wish', () => {
    const notState = consent({ toState: false });
    expect(consentVerdict(person(['beneficiary'], { minor: true }), [notState], iachr, DAY)).toMatchObject({
      because: 'notToState',
      treatment: 'pseudonym',
    });
    expect(consentVerdict(person(['beneficiary'], {}, true), [consent({})], iachr, DAY).treatment).toBe(
      'pseudonym',
    );
  });

  it('lets the filing that protects her go where she could not answer, and never a public text', () => {
    const impeded = consent({ answer: 'impeded', recipientClass: 'all' });
    expect(consentVerdict(person(['beneficiary']), [impeded], iachr, DAY)).toMatchObject({
      result: 'allowedByImpediment',
      treatment: 'name',
    });
    expect(consentVerdict(person(['beneficiary']), [impeded], open, DAY).treatment).not.toBe('name');
  });

  it('ends on the day that the consent names', () => {
    const until = consent({ expiresDay: DAY });
    expect(consentVerdict(person(['beneficiary']), [until], iachr, DAY).result).toBe('allowed');
    expect(consentVerdict(person(['beneficiary']), [until], iachr, '2026-06-21')).toMatchObject({
      result: 'blocked',
      because: 'expired',
    });
  });

  it('calls institutions by their names before a body, and no accused official in public', () => {
    const fiscalia = person(['other'], { kind: 'authority' });
    expect(consentVerdict(fiscalia, [], iachr, DAY).treatment).toBe('name');
    expect(consentVerdict(fiscalia, [], open, DAY).treatment).toBe('withhold');
    const mayor = person(['authority', 'allegedPerpetrator'], { kind: 'authority' });
    expect(consentVerdict(mayor, [], iachr, DAY).treatment).toBe('name');
    expect(consentVerdict(mayor, [], open, DAY).treatment).toBe('pseudonym');
  });
});

describe('what stops a release', () => {
  const finding = {
    personId: 'p' as never,
    name: 'Maricela',
    result: 'blocked' as const,
    because: 'withdrawn' as const,
    treatment: 'withhold' as const,
    chosen: false,
  };
  it('is a consent taken back until somebody chose how she appears, and her name in any case', () => {
    expect(consentBlocks([finding], open)).toHaveLength(1);
    expect(consentBlocks([{ ...finding, chosen: true }], open)).toHaveLength(0);
    expect(consentBlocks([{ ...finding, chosen: true, treatment: 'name' }], iachr)).toHaveLength(1);
  });
});

describe('whether everybody has answered', () => {
  const answered = (
    entries: readonly MaterialPerson[],
    consents: readonly Consent[],
    treatment: 'name' | 'pseudonym' | 'withhold' = 'withhold',
  ): boolean =>
    everybodyAnswered(
      { persons: entries, consents } as unknown as CaseMaterial,
      entries.map((entry) => ({
        ...{ personId: entry.person.id, name: entry.person.name, treatment, chosen: true },
        ...{ result: 'allowed', because: 'given' },
      })),
      iachr,
      DAY,
    );
  const her = person(['beneficiary']);
  const impediment = { reason: 'detained', words: 'desde ayer', since: { kind: 'unknown' } };

  it('takes a consent that still holds, and the reason why there is none', () => {
    expect(answered([her], [consent({})], 'name')).toBe(true);
    expect(answered([her], [consent({ toState: false })], 'pseudonym')).toBe(true);
    const impeded = consent({ answer: 'impeded', impediment } as Partial<Consent>);
    expect(answered([her], [impeded], 'pseudonym')).toBe(true);
    expect(answered([person(['beneficiary'], { minor: true })], [impeded], 'pseudonym')).toBe(true);
  });

  it('takes no decision of the office for an answer of hers', () => {
    const expired = consent({ expiresDay: '2020-01-01' });
    for (const treatment of ['name', 'pseudonym', 'withhold'] as const) {
      expect(answered([her], [expired], treatment)).toBe(false);
      expect(answered([her], [{ ...expired, toBody: false }], treatment)).toBe(false);
      expect(answered([her], [], treatment)).toBe(false);
      // Restricted: what she said before may not be used, and where she said nothing there is nothing.
      expect(answered([{ ...her, held: true }], [], treatment)).toBe(false);
      expect(answered([{ ...her, held: true }], [consent({})], treatment)).toBe(false);
      expect(answered([person(['beneficiary'], { minor: true }, true)], [], treatment)).toBe(false);
    }
  });

  it('takes a no for an answer only where the export keeps to it', () => {
    const noes = [
      consent({ answer: 'refused' }),
      consent({ answer: 'withdrawn' }),
      consent({ toBody: false }),
    ];
    for (const no of noes) {
      expect(answered([her], [no], 'withhold')).toBe(true);
      expect(answered([her], [no], 'pseudonym')).toBe(false);
      expect(answered([her], [no], 'name')).toBe(false);
    }
  });

  it('asks nobody whose answer this recipient does not want, and is not met by them alone', () => {
    const mayor = person(['allegedPerpetrator'], { id: 'q', kind: 'authority' });
    expect(answered([her, mayor], [consent({})])).toBe(true);
    expect(answered([her, { ...mayor, held: true }], [consent({})])).toBe(true);
    expect(answered([mayor], [])).toBe(false);
    expect(answered([], [])).toBe(false);
  });
});
