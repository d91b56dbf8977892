import type { RedactedRun } from './redaction/index.ts';

/** One block of a section with its texts redacted as far as decided. */
export type AssembledBlock =
  | { readonly kind: 'paragraph'; readonly runs: readonly RedactedRun[] }
  | {
      readonly kind: 'fact';
      readonly number: number;
      /** Day and place, as exactly as the profile allows. */
      readonly lead: string;
      readonly runs: readonly RedactedRun[];
      readonly annexes: readonly number[];
      readonly incidentId: string;
    }
  | { readonly kind: 'list'; readonly items: readonly (readonly RedactedRun[])[] }
  | {
      readonly kind: 'table';
      readonly header: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | {
      readonly kind: 'runsTable';
      readonly header: readonly string[];
      readonly weights: readonly number[];
      readonly rows: readonly (readonly (readonly RedactedRun[])[])[];
    };
