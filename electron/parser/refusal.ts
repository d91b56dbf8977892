import type { ParserRefusal } from '#shared/parser/jobs.ts';

/** Why a job gives no answer. Carries a code and nothing of the file or of a library's own words. */
export class Refusal extends Error {
  readonly code: ParserRefusal;

  constructor(code: ParserRefusal) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
  }
}

/**
 * What is left to say when a library throws: memory and size complaints become `parser.tooLarge`, all
 * else `parser.damagedFile`. The library's text is looked at and dropped, because it may quote the file.
 */
export const refusalFrom = (thrown: unknown): Refusal => {
  if (thrown instanceof Refusal) return thrown;
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  if (
    thrown instanceof RangeError &&
    /(array|buffer) (length|size|allocation)|allocation failed/i.test(words)
  ) {
    return new Refusal('parser.tooLarge');
  }
  const tooLarge = /out of memory|malloc|calloc|cannot enlarge memory|pixel limit|too large|exceeds/i;
  return new Refusal(tooLarge.test(words) ? 'parser.tooLarge' : 'parser.damagedFile');
};
