export interface Failure {
  readonly file: string;
  readonly title: string;
  readonly message: string;
  /** It passed at the second attempt. */
  readonly repeated?: boolean;
}
type List = (text: string, code: number, base?: string) => readonly Failure[];
export const vitestFailures: List;
export const playwrightFailures: List;
export function readFailures(name: string, path: string, code: number, list: List): readonly Failure[];
export function failureLines(failures: readonly Failure[]): readonly string[];
