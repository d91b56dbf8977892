import { compactKey, compactText, foldKey, foldText, isWordCharacter } from '#shared/rules/text-folding.ts';

/** Shorter words would hit inside others (`sol` in `soldado`), so they count as whole words only. */
const SUBSTRING_LENGTH = 5;

export interface Needle {
  readonly compact: string;
  readonly folded: string;
}

/** Words ready for the search; those without a letter or digit are left out, equal ones are merged. */
export const prepareNeedles = (words: readonly string[]): Needle[] => {
  const needles = new Map<string, Needle>();
  for (const word of words) {
    const needle = { compact: compactKey(word), folded: foldKey(word) };
    if (needle.compact !== '') needles.set(`${needle.compact}\n${needle.folded}`, needle);
  }
  return [...needles.values()];
};

/**
 * Finds every stretch of `text` that reads as one of the needles, whatever its accents, case, script of
 * look-alike letters, line breaks, hyphens and spaces between letters. Gives spans of UTF-16 units of the
 * original text. A hit with more spacing inside than the needle has must begin and end at a word border,
 * so that `mar tarde` is not taken for `Marta`.
 */
export const findWords = (text: string, needles: readonly Needle[]): { start: number; end: number }[] => {
  const folded = foldText(text);
  const compact = compactText(folded);
  const hits: { start: number; end: number }[] = [];
  for (const needle of needles) {
    const length = needle.compact.length;
    for (
      let at = compact.text.indexOf(needle.compact);
      at >= 0;
      at = compact.text.indexOf(needle.compact, at + 1)
    ) {
      const first = compact.folded[at] ?? 0;
      const last = compact.folded[at + length - 1] ?? 0;
      const whole = !isWordCharacter(folded.text, first - 1) && !isWordCharacter(folded.text, last + 1);
      const asWritten = last - first + 1 <= needle.folded.length;
      if (!whole && (!asWritten || length < SUBSTRING_LENGTH)) continue;
      hits.push({ start: compact.starts[at] ?? 0, end: compact.ends[at + length - 1] ?? 0 });
    }
  }
  return hits;
};
