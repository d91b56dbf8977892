import { describe, expect, test } from 'vitest';
import type { ConsentFinding, ExportView } from '#shared/contract/exports.ts';
import { NOT_EXAMINED } from '#shared/contract/leak-report.ts';
import en from '../../i18n/en/exports.json' with { type: 'json' };
import es from '../../i18n/es/exports.json' with { type: 'json' };
import { consentSettled, openStep } from './open-step.ts';
import { isStopped, stopping } from './is-stopped.ts';

const answered = (result: ConsentFinding['result']): ConsentFinding => ({ result }) as ConsentFinding;

describe('the step of consent', () => {
  test('is not settled by emptiness', () => {
    expect(consentSettled({ consents: [] })).toBe(false);
  });
  test('is settled when everybody recorded has an answer', () => {
    expect(consentSettled({ consents: [answered('allowed'), answered('excluded')] })).toBe(true);
    expect(consentSettled({ consents: [answered('allowed'), answered('missing')] })).toBe(false);
    expect(consentSettled({ consents: [answered('blocked')] })).toBe(false);
  });
  test('is settled once somebody chose how one appears who took her consent back', () => {
    expect(consentSettled({ consents: [{ ...answered('blocked'), chosen: true }] })).toBe(true);
  });
});

describe('an export is gone on with', () => {
  const open = { decision: null } as ExportView['suggestions'][number];
  const withheld = { decision: 'withhold' } as unknown as typeof open;
  const report = {} as NonNullable<ExportView['report']>;
  const begun = {
    state: 'draft',
    consents: [answered('allowed')],
    suggestions: [open],
    report: null,
  } as const;
  const nobody = { ...begun, consents: [] };

  test.each([
    ['at consent while an answer is missing', { ...begun, consents: [answered('missing')] }, 'consent'],
    ['at redaction after it', begun, 'redaction'],
    ['at redaction while nothing was checked', { ...begun, suggestions: [withheld] }, 'redaction'],
    ['at the check once there is a report', { ...begun, suggestions: [withheld], report }, 'check'],
    [
      'at redaction where something new was found',
      { ...begun, suggestions: [withheld, open], report },
      'redaction',
    ],
    ['at delivery when it was checked', { ...begun, state: 'checked' }, 'release'],
    ['at consent in a case without people', nobody, 'consent'],
    ['at consent there with nothing to decide either', { ...nobody, suggestions: [] }, 'consent'],
    ['where it was left in a case without people', { ...nobody, suggestions: [withheld, open] }, 'redaction'],
    ['at the check there too', { ...nobody, suggestions: [withheld], report }, 'check'],
    ['at the check there with nothing to decide', { ...nobody, suggestions: [], report }, 'check'],
  ] as const)('%s', (_where, view, step) => {
    expect(openStep(view as unknown as ExportView)).toBe(step);
  });
});

test('an altered examination stops until it is left out', () => {
  const altered = (...leftOut: boolean[]) =>
    ({ digital: { altered: leftOut.map((out) => ({ leftOut: out })) } }) as ExportView;
  expect(
    [altered(), altered(true), altered(true, false, false)].map((view) => [isStopped(view), stopping(view)]),
  ).toEqual([
    [false, 0],
    [false, 0],
    [true, 2],
  ]);
});

test.each([
  ['es', es],
  ['en', en],
])('what no check can see has words in %s', (_language, words) => {
  expect(Object.keys(words.unseen).sort()).toEqual([...NOT_EXAMINED].sort());
});
