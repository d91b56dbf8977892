/* The demo's conscience: every claim is printed with what it rests on, and one that is untrue fails the run. */

export interface Truth {
  /** Prints a heading. */
  part(title: string): void;
  /** Prints a fact that needs no proof. */
  tell(text: string): void;
  /** Prints a claim with its outcome. */
  claim(text: string, holds: boolean, why?: string): void;
  /** A check that could not be made for want of a program; an untruth under CI=true. */
  missing(program: string, what: string): void;
  /** How many claims did not hold. */
  untrue(): number;
  counts(): { readonly claims: number; readonly untrue: number; readonly missing: number };
}

export const createTruth = (write: (line: string) => void, strict: boolean): Truth => {
  let claims = 0;
  let untrue = 0;
  let missing = 0;
  return {
    part: (title) => write(`\n${title}`),
    tell: (text) => write(`    ${text}`),
    claim: (text, holds, why) => {
      claims += 1;
      if (!holds) untrue += 1;
      write(`  ${holds ? '✓' : '✗'} ${text}${holds || why === undefined ? '' : `: ${why}`}`);
    },
    missing: (program, what) => {
      missing += 1;
      if (strict) untrue += 1;
      write(`  - ${what}: ${program} no está instalado`);
    },
    untrue: () => untrue,
    counts: () => ({ claims, untrue, missing }),
  };
};
