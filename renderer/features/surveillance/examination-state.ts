import type { IndicatorSetId } from '#shared/model/surveillance-ids.ts';
import type { Output } from '../../api/contract.ts';
import type { TakenFile } from '../evidence/use-intake.ts';
import { blankBasis, type Basis } from './BasisFields.tsx';

export type ExaminationRecord = Output<'examinations.get'>;
export type EvidenceRole = ExaminationRecord['evidence'][number]['role'];

/** What the form holds, and what its draft keeps. */
export interface ExaminationState {
  readonly basis: Basis;
  readonly method: ExaminationRecord['method'];
  readonly tool: string;
  readonly toolVersion: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly examiner: string;
  readonly organisation: string;
  readonly limits: string;
  readonly note: string;
  /** Null: all that are in use. */
  readonly sets: readonly IndicatorSetId[] | null;
  /** What the files are to the examination: its copy, its results, or a report. */
  readonly role: EvidenceRole;
  /** Files that were taken in while the form was open. */
  readonly files: readonly TakenFile[];
}
export const blankExamination = (): ExaminationState => ({
  basis: blankBasis(),
  method: 'itunesBackup',
  tool: '',
  toolVersion: '',
  startedAt: null,
  endedAt: null,
  examiner: '',
  organisation: '',
  limits: '',
  note: '',
  sets: null,
  role: 'acquisition',
  files: [],
});
/** A record as the form begins with it. */
export const examinationState = (known: ExaminationRecord): ExaminationState => ({
  basis: {
    basis: known.basis,
    who: { id: known.basisPersonId, words: '' },
    words: known.basisWords,
    day: known.basisDay ?? '',
  },
  method: known.method,
  tool: known.tool,
  toolVersion: known.toolVersion,
  startedAt: known.startedAt,
  endedAt: known.endedAt,
  examiner: known.examiner,
  organisation: known.organisation,
  limits: known.limits,
  note: known.note,
  sets: known.sets.map((set) => set.setId),
  role: 'acquisition',
  files: [],
});
