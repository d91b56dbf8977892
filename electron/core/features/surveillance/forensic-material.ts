import type { DeviceCustodyEntry } from '#shared/contract/devices.ts';
import type { Examination } from '#shared/contract/examinations.ts';
import type { CaseId } from '#shared/model/ids.ts';
import type { Reader } from '../../db/index.ts';
import { deviceCustody, devicesOfCase, type StoredDevice } from './devices/device-repo.ts';
import { receptionsOf } from './devices/reception-repo.ts';
import { examinationsOf } from './examinations/examination-repo.ts';
import { findingsIn, reviewsOf, type StoredFinding } from './examinations/finding-repo.ts';
import { isRunIntact } from './examinations/finding-store-repo.ts';

/** Findings of one examination that a document lists; the others are counted. */
const LISTED = 150;
/** States of review that a document may tell of; what was discarded is in none. */
const TOLD = ['confirmed', 'suspicious', 'toReview', 'falsePositive'] as const;
/** What a person has judged to be something. */
export const JUDGED = ['confirmed', 'suspicious'] as const;

export interface ForensicFinding {
  readonly finding: StoredFinding;
  /** Who confirmed it, or the reason given, as the last review says. */
  readonly confirmedBy: string;
  readonly reason: string;
}

/** An examination of which kept findings are not those that its signed record was made of. */
export interface AlteredExamination {
  readonly examination: Examination;
  /** The comparisons that do not agree with their records; the others of this examination do. */
  readonly runs: Examination['runs'];
}

export interface ForensicDevice {
  readonly device: StoredDevice;
  readonly custody: readonly DeviceCustodyEntry[];
  /** Examinations of which nothing may be told: what they found can no longer be believed, nor that they found nothing. */
  readonly altered: readonly AlteredExamination[];
  /** Only what may be read: an examination without a ground is in no document. */
  readonly examinations: readonly {
    readonly examination: Examination;
    readonly findings: readonly ForensicFinding[];
    readonly more: number;
  }[];
}

/** Ids of the people that the devices of a case concern: owners, who gave a ground, who handed over. */
export function peopleOfDevices(db: Reader, caseId: CaseId): string[] {
  return devicesOfCase(db, caseId).flatMap((device) =>
    [
      device.ownerId,
      ...examinationsOf(db, { deviceId: device.id }).map(({ basisPersonId }) => basisPersonId),
      ...receptionsOf(db, device.id).flatMap((reception) => [
        reception.handedById,
        reception.returned?.toPersonId ?? null,
      ]),
    ].filter((id) => id !== null),
  );
}

/** Words for owners of the case's devices, and for who handed them over or took them back, without a record of hers. */
export const wordsOfDevices = (db: Reader, caseId: CaseId): string[] =>
  devicesOfCase(db, caseId)
    .flatMap((device) => [
      device.ownerWords,
      ...receptionsOf(db, device.id).flatMap(({ handedByWords, returned }) => [
        handedByWords,
        returned?.toWords ?? '',
      ]),
    ])
    .filter((words) => words.trim() !== '');

/** Numbers that identify a device of the case, and seals and folios of its receptions: in no export. */
export const identifiersOfDevices = (db: Reader, caseId: CaseId): string[] =>
  devicesOfCase(db, caseId).flatMap((device) => device.identifiers.map(({ value }) => value));

/**
 * Devices of a case with what may be told of them. Every run is compared with its journalled digest first: findings that
 * somebody changed outside the program are told to nobody. One run that does not agree takes the whole examination out,
 * because its count and its sentence speak of all runs together.
 *
 * @param states which findings are told of; the others are not even counted.
 */
export function forensicMaterial(
  db: Reader,
  caseId: CaseId,
  states: readonly (typeof TOLD)[number][] = TOLD,
): ForensicDevice[] {
  return devicesOfCase(db, caseId).map((device) => {
    const readable = examinationsOf(db, { deviceId: device.id })
      .filter(({ basis }) => basis !== 'pending')
      .map((examination) => ({
        examination,
        runs: examination.runs.filter((run) => !isRunIntact(db, run.id, Buffer.from(run.digest, 'hex'))),
      }));
    return {
      device,
      custody: deviceCustody(db, device.id),
      altered: readable.filter(({ runs }) => runs.length > 0),
      examinations: readable
        .filter(({ runs }) => runs.length === 0)
        .map(({ examination }) => {
          const findings = findingsIn(db, examination.id, states, LISTED);
          const told = states.reduce((sum, state) => sum + examination.counts[state], 0);
          return {
            examination,
            findings: findings.map((finding) => {
              const [last] = reviewsOf(db, finding.id);
              return { finding, confirmedBy: last?.confirmedBy ?? '', reason: last?.reason ?? '' };
            }),
            more: Math.max(0, told - findings.length),
          };
        }),
    };
  });
}
