import { expect, test } from 'vitest';
import { deviceCustodySchema } from '#shared/contract/devices.ts';
import { examinationSchema } from '#shared/contract/examinations.ts';
import { deviceIdSchema } from '#shared/model/surveillance-ids.ts';
import { noFindings } from '#shared/surveillance/findings.ts';
import type { ForensicDevice } from '../surveillance/index.ts';
import type { AssembledBlock } from './assembled-block.ts';
import { forensicBlocks, type ForensicContext } from './forensic-sections.ts';

const ID = '01890000-0000-7000-8000-000000000001';
const SET = {
  setId: ID,
  name: 'Inventado',
  sha256: 'a'.repeat(64),
  day: null,
  version: '',
  indicators: 3,
};
const run = (endedAt: string, sets: readonly object[]): object => ({
  id: ID,
  startedAt: endedAt,
  endedAt,
  actor: 'Julia',
  evidenceId: null,
  source: '',
  records: 1,
  unread: 0,
  findings: 0,
  newSinceTool: 0,
  sets,
  digest: 'b'.repeat(64),
  withdrawn: false,
});

/** All instants lie after midnight of universal time and before midnight in Mexico. */
const device: ForensicDevice = {
  device: {
    id: deviceIdSchema.parse(ID),
    caseId: null,
    ownerId: null,
    ownerWords: '',
    kind: 'phone',
    make: 'Equipo de Tadeo',
    model: '',
    os: '',
    osVersion: '',
    identifiers: [],
    since: { kind: 'unknown' },
    stillInUse: 'unknown',
    sharedWith: '',
    state: 'unknown',
    note: '',
    owner: '',
    caseCode: null,
    version: 1,
    createdAt: '2026-10-01T00:00:00.000Z',
    updatedAt: '2026-10-01T00:00:00.000Z',
  },
  custody: [
    deviceCustodySchema.parse({
      position: 1,
      action: 'copied',
      at: '2026-10-03T03:00:00.000Z',
      recordedAt: '2026-10-03T03:00:00.000Z',
      actor: 'Julia',
      holder: '',
      detail: '',
      evidenceId: null,
    }),
  ],
  altered: [],
  examinations: [
    {
      examination: examinationSchema.parse({
        id: ID,
        deviceId: ID,
        caseId: null,
        device: 'Equipo de Tadeo',
        basis: 'owner',
        basisPersonId: null,
        basisPerson: '',
        basisWords: '',
        basisDay: null,
        method: 'other',
        tool: '',
        toolVersion: '',
        startedAt: '2026-10-04T03:00:00.000Z',
        endedAt: null,
        examiner: '',
        organisation: '',
        statedHashes: [],
        limits: '',
        note: '',
        outcome: 'noSignsSoFar',
        counts: { ...noFindings(), total: 1, falsePositive: 1 },
        sets: [],
        // The newest is a finding that a person entered.
        runs: [run('2026-11-20T03:00:00.000Z', []), run('2026-10-06T03:00:00.000Z', [SET])],
        unread: 0,
        comparedAt: '2026-10-06T03:00:00.000Z',
        evidence: [],
        version: 1,
        createdAt: '2026-10-04T03:00:00.000Z',
        updatedAt: '2026-10-04T03:00:00.000Z',
      }),
      findings: [],
      more: 0,
    },
  ],
};

const context: ForensicContext = {
  language: 'es',
  day: '2026-11-22',
  zone: 'America/Mexico_City',
  devices: [device],
  leftOut: [],
  redact: (_key, text) => [{ mark: 'withheld', text: text.replace('Tadeo', '[…]') }],
  holdsWithheld: () => false,
  token: '[…]',
  owner: () => [],
};

const textOf = (blocks: readonly AssembledBlock[]): string => JSON.stringify(blocks);

test('that nothing was found carries the day of the comparison, as people here lived it', () => {
  for (const source of ['forensicCaution', 'forensicFindings'] as const) {
    const text = textOf(forensicBlocks(source, context));
    expect(text).toContain('a la fecha (2026-10-05)');
    expect(text).not.toMatch(/2026-1[01]-(?:06|19|20|22)/u);
  }
});

test('what nobody could read is told beside whatever is said of the examination', () => {
  const [one] = device.examinations;
  if (one === undefined) throw new Error('the sample has an examination');
  const examinations = [{ ...one, examination: { ...one.examination, unread: 2 } }];
  for (const source of ['forensicCaution', 'forensicFindings', 'forensicJudged'] as const) {
    const text = textOf(forensicBlocks(source, { ...context, devices: [{ ...device, examinations }] }));
    expect(text, source).toContain('aquí no se dice nada: 2.');
    expect(textOf(forensicBlocks(source, context)), source).not.toContain('no se leyeron');
  }
});

test('a comparison with results of another device lends its sets to no document', () => {
  const [one] = device.examinations;
  if (one === undefined) throw new Error('the sample has an examination');
  const told = (withdrawn: boolean): string => {
    const runs = one.examination.runs.map((each) => ({ ...each, withdrawn }));
    const examinations = [{ ...one, examination: { ...one.examination, runs } }];
    return textOf(forensicBlocks('forensicSets', { ...context, devices: [{ ...device, examinations }] }));
  };
  expect(told(false)).toContain('aaaaaaaa');
  expect(told(true)).not.toContain('aaaaaaaa');
});

test('days of examination and custody are those of the zone', () => {
  expect(textOf(forensicBlocks('forensicDevices', context))).toContain('2026-10-03');
  expect(textOf(forensicBlocks('forensicDevices', context))).not.toContain('2026-10-04');
  expect(textOf(forensicBlocks('forensicCustody', context))).toContain('2026-10-02');
  expect(textOf(forensicBlocks('forensicCustody', context))).not.toContain('2026-10-03');
});

test('what people typed as make and model is redacted wherever it stands', () => {
  for (const source of [
    'forensicCaution',
    'forensicDevices',
    'forensicFindings',
    'forensicCustody',
  ] as const) {
    const text = textOf(forensicBlocks(source, context));
    expect(text).toContain('Equipo de […]');
    expect(text).not.toContain('Tadeo');
  }
});

test('what was left out is told where it is missing, with its day, and alone it is no empty case', () => {
  const [one] = device.examinations;
  if (one === undefined) throw new Error('the sample has an examination');
  const { examination } = one;
  const leftOut = [{ device, examination, runs: examination.runs.slice(1) }];
  const full = textOf(forensicBlocks('forensicCaution', { ...context, leftOut }));
  expect(full).toContain('no se incluye');
  expect(full).toContain('(2026-10-05)');
  expect(full).toContain('a la fecha (2026-10-05)');
  const alone = forensicBlocks('forensicCaution', { ...context, devices: [], leftOut });
  expect(textOf(alone)).toContain('no se incluye');
  expect(textOf(alone)).not.toContain('no tiene dispositivos');
  expect(textOf(alone)).not.toContain('Tadeo');
});

test('judged findings are told as if nothing had been left out: nobody can know that it held any', () => {
  const [one] = device.examinations;
  if (one === undefined) throw new Error('the sample has an examination');
  const leftOut = [{ device, examination: one.examination, runs: one.examination.runs }];
  for (const devices of [[], [device]])
    expect(forensicBlocks('forensicJudged', { ...context, devices, leftOut })).toEqual(
      forensicBlocks('forensicJudged', { ...context, devices }),
    );
});
