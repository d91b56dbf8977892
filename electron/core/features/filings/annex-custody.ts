import { localDay } from '#shared/rules/partial-date.ts';
import type { AnnexFile } from './annex-files.ts';
import { label } from './labels.ts';
import { commitTo, packageWords, type CustodyStep } from './package/index.ts';
import type { Plan } from './plan.ts';
import { seededRandom } from './seeded-random.ts';

/** Steps that a recipient is told of. To whom else something went, and each copy made inside, are not among them. */
const TOLD_STEPS: ReadonlySet<string> = new Set([
  'received',
  'examined',
  'transferred',
  'returned',
  'verified',
]);

/** What opens the commitment to one original; stays in the ledger until a court asks. */
export interface CommitmentOpening {
  readonly number: number;
  /** 32 bytes in hex. */
  readonly opening: string;
}

/** Rows of `custody.csv`, and what opens its commitments. */
export interface AnnexCustody {
  readonly steps: readonly CustodyStep[];
  readonly openings: readonly CommitmentOpening[];
}

/**
 * The custody of what is delivered, and of nothing else: days, never hours; nobody by name. Where a derived copy goes,
 * its first step carries a commitment to the original; where the original goes whole, its hash is that of the annex.
 *
 * @param day of the export. @param zone in which days of instants are told.
 */
export const annexCustody = (
  { item, material, until }: Plan,
  annexes: readonly AnnexFile[],
  { day, zone }: { readonly day: string; readonly zone: string },
): AnnexCustody => {
  const { language, settings } = item;
  const words = packageWords(language);
  const openings: CommitmentOpening[] = [];
  const steps = annexes.flatMap(({ plan }): CustodyStep[] => {
    const { number, setting } = plan;
    const found = material.evidence.find(({ id }) => id === plan.item.id);
    const whole = setting.treatment === 'whole';
    const made = whole
      ? null
      : commitTo(plan.item.sha256, seededRandom(settings.seed, `commitment ${String(number)}`));
    if (made !== null) openings.push({ number, opening: made.opening.toString('hex') });
    const told = (found?.custody ?? [])
      .filter(({ action, at }) => TOLD_STEPS.has(action) && at <= until)
      .map(({ action, at }) => ({ day: localDay(at, zone), event: action, note: '' }));
    const leaves = { day, event: 'exported', note: whole ? words.custodyWhole : words.custodyDerived };
    return [...told, leaves].map((step, at) => ({
      annex: number,
      step: at + 1,
      day: step.day,
      event: label(language, 'custody', step.event),
      who: words.custodyWho,
      note: step.note,
      originalCommitment: at === 0 ? (made?.commitment ?? null) : null,
    }));
  });
  return { steps, openings };
};
