import { describe, expect, test } from 'vitest';
import type { ConsentFinding } from '#shared/contract/exports.ts';
import { personIdSchema } from '#shared/model/ids.ts';
import { noFindings } from '#shared/surveillance/findings.ts';
import type { ForensicDevice } from '../surveillance/index.ts';
import {
  alteredToTell,
  digitalChoice,
  notLeftOut,
  tellableDevices,
  tellsLeftOut,
  toldStates,
  withheldDevices,
} from './digital-evidence.ts';
import { needProfile } from './profiles.ts';

const OWNER = personIdSchema.parse('01890000-0000-7000-8000-00000000000a');
const MOTHER = personIdSchema.parse('01890000-0000-7000-8000-00000000000b');

const device = (
  confirmed: number,
  more: { ownerId?: string | null; basisPersonId?: string } = {},
): ForensicDevice =>
  ({
    device: { id: 'd', ownerId: more.ownerId === undefined ? OWNER : more.ownerId },
    custody: [],
    altered: [],
    examinations: [
      {
        examination: {
          id: 'e',
          basisPersonId: more.basisPersonId ?? null,
          counts: { ...noFindings(), confirmed, falsePositive: 2, total: confirmed + 2 },
        },
        findings: [],
        more: 0,
      },
    ],
  }) as unknown as ForensicDevice;

const answer = (
  personId: typeof OWNER,
  result: ConsentFinding['result'],
  because: ConsentFinding['because'],
): ConsentFinding => ({ personId, name: '', result, because, treatment: 'pseudonym', chosen: true });

const IACHR = needProfile('iachr-precautionary');
const SUMMARY = needProfile('forensic-summary');
const PUBLIC = needProfile('public');
const told = (found: readonly ForensicDevice[]): number =>
  found.flatMap(({ examinations }) => examinations).length;

describe('whose device may be told of', () => {
  test.each([
    ['excluded', 'refused'],
    ['blocked', 'withdrawn'],
    ['blocked', 'expired'],
    ['blocked', 'held'],
  ] as const)('nobody’s who is %s (%s), to no recipient', (result, because) => {
    for (const profile of [IACHR, SUMMARY, PUBLIC]) {
      const answers = [answer(OWNER, result, because)];
      expect(told(tellableDevices([device(1)], answers, profile))).toBe(0);
      expect(withheldDevices([device(1)], answers, profile)).toBe(1);
    }
  });

  test('the answer of whoever gave the ground counts as well', () => {
    const one = device(1, { basisPersonId: MOTHER });
    const answers = [answer(OWNER, 'missing', 'none'), answer(MOTHER, 'blocked', 'withdrawn')];
    expect(told(tellableDevices([one], answers, IACHR))).toBe(0);
    expect(told(tellableDevices([one], answers.slice(0, 1), IACHR))).toBe(1);
  });

  test('the public hears only of what somebody said yes to', () => {
    expect(told(tellableDevices([device(1)], [answer(OWNER, 'missing', 'none')], PUBLIC))).toBe(0);
    expect(told(tellableDevices([device(1)], [answer(OWNER, 'pseudonymOnly', 'notPublic')], PUBLIC))).toBe(0);
    expect(told(tellableDevices([device(1)], [answer(OWNER, 'allowed', 'role')], PUBLIC))).toBe(0);
    expect(told(tellableDevices([device(1, { ownerId: null })], [], PUBLIC))).toBe(0);
    expect(told(tellableDevices([device(1)], [answer(OWNER, 'allowed', 'given')], PUBLIC))).toBe(1);
  });
});

describe('an examination whose findings were altered', () => {
  const harmed = (basisPersonId: string | null = null): ForensicDevice =>
    ({
      ...device(1),
      examinations: [],
      altered: [{ examination: { id: 'e', basisPersonId }, runs: [] }],
    }) as unknown as ForensicDevice;
  const yes = answer(OWNER, 'allowed', 'given');
  const no = answer(OWNER, 'blocked', 'withdrawn');

  test('stops where it could be told of, whatever it found', () => {
    for (const profile of [IACHR, SUMMARY]) expect(alteredToTell([harmed()], [], profile)).toHaveLength(1);
    expect(alteredToTell([harmed()], [yes], PUBLIC)).toHaveLength(1);
    expect(tellableDevices([harmed()], [yes], IACHR)).toEqual([]);
  });

  test('stops nothing where nobody would be told of it', () => {
    expect(alteredToTell([harmed()], [], PUBLIC)).toEqual([]);
    for (const profile of [IACHR, SUMMARY, PUBLIC])
      expect(alteredToTell([harmed()], [no], profile)).toEqual([]);
    expect(alteredToTell([harmed(MOTHER)], [answer(MOTHER, 'excluded', 'refused')], SUMMARY)).toEqual([]);
  });

  test('stops no longer once somebody left it out, by its id alone', () => {
    const altered = alteredToTell([harmed()], [], IACHR);
    expect(notLeftOut(altered, { leftOut: [] })).toHaveLength(1);
    expect(notLeftOut(altered, { leftOut: ['other'] })).toHaveLength(1);
    expect(notLeftOut(altered, { leftOut: ['e'] })).toEqual([]);
  });
});

test('that one is missing is told only to whoever hears of every examination', () => {
  const only = { digital: { findings: false, indicators: true } };
  expect(tellsLeftOut({}, SUMMARY)).toBe('each');
  expect(tellsLeftOut(only, SUMMARY)).toBe('count');
  expect(tellsLeftOut({ digital: { findings: false, indicators: false } }, SUMMARY)).toBe('nothing');
  for (const settings of [{}, only])
    for (const profile of [IACHR, PUBLIC]) expect(tellsLeftOut(settings, profile)).toBe('nothing');
});

test('where only judged findings are told, an examination without any is not mentioned', () => {
  expect(told(tellableDevices([device(0)], [], IACHR))).toBe(0);
  expect(told(tellableDevices([device(0)], [], SUMMARY))).toBe(1);
  expect(withheldDevices([device(0)], [], IACHR)).toBe(0);
  expect(toldStates(IACHR)).toEqual(['confirmed', 'suspicious']);
  expect(toldStates(SUMMARY)).toBeUndefined();
});

test('indicators go as the profile begins, and nobody can choose them for the public', () => {
  expect(digitalChoice({}, IACHR)).toEqual({ findings: true, indicators: false });
  expect(digitalChoice({}, SUMMARY)).toEqual({ findings: true, indicators: true });
  const wanted = { digital: { findings: false, indicators: true } };
  expect(digitalChoice(wanted, IACHR)).toEqual({ findings: false, indicators: true });
  expect(digitalChoice(wanted, PUBLIC)).toEqual({ findings: false, indicators: false });
});
