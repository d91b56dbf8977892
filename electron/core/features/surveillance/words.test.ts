import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import suffixList from '#resources/surveillance/suffix-list.json' with { type: 'json' };
import en from '#resources/vocabularies/en.json' with { type: 'json' };
import es from '#resources/vocabularies/es.json' with { type: 'json' };
import { EXAMINATION_OUTCOMES } from '#shared/contract/examinations.ts';
import { TIMELINE_KINDS } from '#shared/contract/timeline.ts';
import {
  DIGITAL_ATTACK_FIELDS,
  DIGITAL_ATTACK_TYPES,
  fieldsOfAttack,
} from '#shared/model/digital-attacks.ts';
import * as lists from '#shared/model/surveillance.ts';
import { SKIP_REASONS } from '#shared/surveillance/indicator-set.ts';
import { INDICATOR_TYPES } from '#shared/surveillance/indicators.ts';
import { fillWords, forensicWords } from './words.ts';

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  deviceKind: lists.DEVICE_KINDS,
  deviceState: lists.DEVICE_STATES,
  deviceIdentifier: lists.DEVICE_IDENTIFIER_KINDS,
  powerState: lists.POWER_STATES,
  deviceCustody: lists.DEVICE_CUSTODY_ACTIONS,
  examinationBasis: lists.EXAMINATION_BASES,
  examinationMethod: lists.EXAMINATION_METHODS,
  examinationOutcome: EXAMINATION_OUTCOMES,
  findingKind: lists.FINDING_KINDS,
  findingLevel: lists.FINDING_LEVELS,
  findingState: lists.FINDING_STATES,
  clock: lists.CLOCKS,
  matchMode: lists.MATCH_MODES,
  messageChannel: lists.MESSAGE_CHANNELS,
  clicked: lists.CLICK_ANSWERS,
  provider: lists.PROVIDERS,
  milestone: lists.MILESTONE_KINDS,
  forensicEvidenceRole: lists.FORENSIC_EVIDENCE_ROLES,
  indicatorType: INDICATOR_TYPES,
  skipReason: SKIP_REASONS,
  timelineKind: TIMELINE_KINDS,
  digitalAttack: DIGITAL_ATTACK_TYPES,
  digitalAttackField: DIGITAL_ATTACK_FIELDS,
};

test.each(Object.entries(GROUPS))('every code of %s has its label in both languages', (group, codes) => {
  for (const labels of [es, en]) {
    const own = (labels as unknown as Record<string, Record<string, string>>)[group];
    expect(Object.keys(own ?? {}).sort()).toEqual([...codes].sort());
  }
});

test('every field of a form is a known field, asked once', () => {
  for (const type of DIGITAL_ATTACK_TYPES) {
    const fields = fieldsOfAttack(type);
    expect(new Set(fields).size).toBe(fields.length);
    for (const field of fields) expect(DIGITAL_ATTACK_FIELDS).toContain(field);
  }
});

/** Names of all leaves, so that the two languages hold the same words. */
const leaves = (value: unknown, path = ''): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`))
    : [path];

test('the words of both languages have one shape, and none calls a device clean or infected', () => {
  expect(leaves(forensicWords('es'))).toEqual(leaves(forensicWords('en')));
  for (const language of ['es', 'en'] as const) {
    const text = JSON.stringify(forensicWords(language));
    expect(text).not.toMatch(/infect|limpi[oa]|\bclean\b|\bsegur[oa]\b|\bsafe\b/iu);
  }
  expect(forensicWords('es').sentence.noSignsSoFar).toContain(
    'indicios con los indicadores disponibles a la fecha',
  );
  expect(fillWords('{{a}} y {{b}}', { a: 1, b: 'dos' })).toBe('1 y dos');
});

test('the day of the suffix list belongs to the list that is installed', () => {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('tldts');
  const root = entry.slice(
    0,
    entry.lastIndexOf(join('node_modules', 'tldts')) + join('node_modules', 'tldts').length,
  );
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(version).toBe(suffixList.version);
});
