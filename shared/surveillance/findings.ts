import type { EXAMINATION_OUTCOMES, Examination } from '../contract/examinations.ts';
import type { ExaminationBasis, FindingState } from '../model/surveillance.ts';

/** Left out where nothing can have been withdrawn yet. */
interface Withdrawable {
  readonly withdrawn?: boolean;
}

/** The parts of a run that tell whether it compared anything. */
type ComparedRun = Pick<Examination['runs'][number], 'records' | 'sets'> & Withdrawable;

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
 * person entered, a reading without sets and one that found nothing to read are no comparisons, nor is one of results that
 * were not of this device.
 */
export const isComparison = (run: ComparedRun): boolean =>
  run.withdrawn !== true && run.records > 0 && run.sets.some(({ indicators }) => indicators > 0);

type ReadRun = ComparedRun & Pick<Examination['runs'][number], 'evidenceId' | 'source' | 'unread'>;

/** Results of an examination whose bytes are still there. */
interface KeptResults {
  readonly evidenceId: string;
  readonly sha256: string;
}

/** What a pass is called that compares a text line by line, and takes no results apart. */
export const TEXT_PASS = 'text';

/**
 * How many files of an examination's results nobody has read whole: by the newest pass over each item, and the items
 * over which there was none. What is in them was not compared, so whatever is said of the examination has to say so as
 * well. A pass over lines does not take back what taking the results apart could not read.
 *
 * @param runs newest first.
 * @param kept results that are still there, of which the same bytes may lie there twice.
 */
export function unreadIn(runs: readonly ReadRun[], kept: readonly KeptResults[]): number {
  const newest = new Map<string, Map<boolean, number>>();
  for (const { evidenceId, source, unread, withdrawn } of runs) {
    if (evidenceId === null || withdrawn === true) continue;
    const passes = newest.get(evidenceId) ?? new Map<boolean, number>();
    newest.set(evidenceId, passes);
    const isText = source === TEXT_PASS;
    if (!passes.has(isText)) passes.set(isText, unread);
  }
  const inPasses = [...newest.values()].reduce((sum, passes) => sum + Math.max(...passes.values()), 0);
  // Before anything was compared the outcome itself says that nothing was.
  if (!runs.some(isComparison)) return inPasses;
  const read = new Set(kept.filter((one) => newest.has(one.evidenceId)).map(({ sha256 }) => sha256));
  // Another copy of what was not of this device is none of its results.
  const gone = new Set<string | null>(
    runs.filter(({ withdrawn }) => withdrawn === true).map(({ evidenceId }) => evidenceId),
  );
  const own = kept.filter((one) => !gone.has(one.evidenceId));
  const never = new Set(own.map(({ sha256 }) => sha256).filter((sha256) => !read.has(sha256)));
  return inPasses + never.size;
}

/**
 * Up to when all of an examination's results were compared: the oldest of the newest comparisons, one for each item. Of
 * two imports of which one was compared again with newer indicators, the other was not.
 *
 * @param runs newest first.
 * @param kept results that are still there; where there are none, the newest comparison of whatever there was.
 */
export function comparedAt(
  runs: readonly (ReadRun & Pick<Examination['runs'][number], 'endedAt'>)[],
  kept: readonly KeptResults[],
): string | null {
  const compared = runs.filter(isComparison);
  const hashOf = new Map<string, string>(kept.map(({ evidenceId, sha256 }) => [evidenceId, sha256]));
  const newest = new Map<string, string>();
  for (const { evidenceId, endedAt } of compared) {
    const sha256 = evidenceId === null ? undefined : hashOf.get(evidenceId);
    if (sha256 !== undefined && !newest.has(sha256)) newest.set(sha256, endedAt);
  }
  return [...newest.values()].sort()[0] ?? compared[0]?.endedAt ?? null;
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
