import type { Annex } from '#shared/model/filing-document.ts';
import { csvBytes } from './csv.ts';
import { packageWords } from './readme.ts';

type Language = 'es' | 'en';

/** One step in the custody of something that is in the package. Days only; people by role or pseudonym. */
export interface CustodyStep {
  readonly annex: number;
  readonly step: number;
  readonly day: string;
  readonly event: string;
  readonly who: string;
  readonly note: string;
  /** For a file derived from an original that stays behind: see `commitTo`. Never its hash. */
  readonly originalCommitment: string | null;
}

const byAnnex = <T extends { readonly annex: number; readonly step: number }>(a: T, b: T): number =>
  a.annex - b.annex || a.step - b.step;

/** `annex-index.csv`: what each delivered file is, with the hash of the file as delivered. */
export const annexIndexCsv = (annexes: readonly Annex[], language: Language): Buffer =>
  csvBytes(
    packageWords(language).annexIndex,
    [...annexes]
      .sort((a, b) => a.number - b.number)
      .map((annex) => [
        annex.number,
        annex.fileName,
        annex.kind,
        annex.description,
        annex.bytes,
        annex.sha256 ?? null,
        annex.folder === undefined ? null : ANNEX_FOLDERS[annex.folder],
      ]),
  );

/** Names of the two folders toward the Inter-American Commission. */
export const ANNEX_FOLDERS = { transferable: '1_trasladable', reserved: '2_reserva_solicitada' } as const;

/**
 * `custody.csv`. Throws a `RangeError` for a step of something that is not delivered: such a row would tell
 * that the thing exists.
 */
export const custodyCsv = (
  steps: readonly CustodyStep[],
  annexes: readonly Pick<Annex, 'number'>[],
  language: Language,
): Buffer => {
  const delivered = new Set(annexes.map((annex) => annex.number));
  if (steps.some((step) => !delivered.has(step.annex)))
    throw new RangeError('custody of something not delivered');
  return csvBytes(
    packageWords(language).custody,
    [...steps]
      .sort(byAnnex)
      .map((step) => [
        step.annex,
        step.step,
        step.day,
        step.event,
        step.who,
        step.note,
        step.originalCommitment,
      ]),
  );
};
