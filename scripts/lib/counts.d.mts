export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}
export function none(): Counts;
export function add(a: Counts, b: Counts): Counts;
export function vitestCounts(text: string, code: number): Counts;
export const MOST_REPEATED: number;
export function playwrightCounts(text: string, code: number): Counts;
export function readCounts(path: string, code: number, count: (text: string, code: number) => Counts): Counts;
export function lastLine(counts: Counts): string;
