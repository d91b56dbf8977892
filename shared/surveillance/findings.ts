import type { EXAMINATION_OUTCOMES, Examination } from '../contract/examinations.ts';
import type { ExaminationBasis, FindingState } from '../model/surveillance.ts';

/** The parts of a run that tell whether it compared anything. */
type ComparedRun = Pick<Examination['runs'][number], 'records' | 'sets'>;

export interface FindingCounts {
  readonly total: number;
  readonly toReview: number;
  readonly falsePositive: number;
  readonly suspicious: number;
  readonly confirmed: number;
  readonly discarded: number;
}

export const noFindings = (): FindingCounts => ({
  total: 0,
  toReview: 0,
  falsePositive: 0,
  suspicious: 0,
  confirmed: 0,
  discarded: 0,
});

/**
 * Whether anything was compared in a run: something was read, and with indicators to compare it to. A finding that a
 * person entered, a reading without sets and one that found nothing to read are no comparisons.
 */
export const isComparison = (run: ComparedRun): boolean =>
  run.records > 0 && run.sets.some(({ indicators }) => indicators > 0);

/**
 * How many files of an examination's results nobody has read whole, by the newest pass over each item. What is in them
 * was not compared, so whatever is said of the examination has to say so as well.
 *
 * @param runs newest first.
 */
export function unreadIn(
  runs: readonly Pick<Examination['runs'][number], 'evidenceId' | 'unread'>[],
): number {
  const newest = new Map<string, number>();
  for (const { evidenceId, unread } of runs) {
    if (evidenceId !== null && !newest.has(evidenceId)) newest.set(evidenceId, unread);
  }
  return [...newest.values()].reduce((sum, unread) => sum + unread, 0);
}

/**
 * What may be said of an examination. Only a person's word makes `suspicious` or `confirmed`, and the absence of
 * findings says nothing beyond the indicators of the day on which something was compared.
 */
export function outcomeOf(
  basis: ExaminationBasis,
  runs: readonly ComparedRun[],
  counts: FindingCounts,
): (typeof EXAMINATION_OUTCOMES)[number] {
  if (basis === 'pending') return 'preservedOnly';
  if (counts.confirmed > 0) return 'confirmed';
  if (counts.suspicious > 0) return 'suspicious';
  if (counts.toReview > 0) return 'toReview';
  return runs.some(isComparison) ? 'noSignsSoFar' : 'notMatched';
}

/** What a person must say with a decision: why it is nothing, or who confirms it. */
export const reviewNeeds = (state: FindingState): 'reason' | 'confirmedBy' | null => {
  if (state === 'falsePositive' || state === 'discarded') return 'reason';
  return state === 'confirmed' ? 'confirmedBy' : null;
};
