import type { SetRefusal } from '#shared/surveillance/indicator-set.ts';
import { SET_LIMITS } from '#shared/surveillance/indicator-set.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const COMMA = 44;
const LETTER_N = 78;
const LETTER_I = 73;

/** Values in one text: lists of bare numbers cost little each, but not nothing. */
const MAX_VALUES = 20_000_000;

/**
 * Looks over a JSON text in one pass before a parser gives it memory: how deep it lies, how much it holds.
 * Python also writes `NaN` and `Infinity`, which are not JSON; outside of strings they become `null`.
 */
export function boundedJson(text: string): { readonly text: string } | { readonly refused: SetRefusal } {
  let depth = 0;
  let objects = 0;
  let values = 0;
  let inString = false;
  const odd: { from: number; to: number }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (inString) {
      if (unit === BACKSLASH) at += 1;
      else if (unit === QUOTE) inString = false;
    } else if (unit === QUOTE) inString = true;
    else if (unit === OPEN_OBJECT || unit === OPEN_LIST) {
      depth += 1;
      objects += 1;
      if (depth > SET_LIMITS.depth) return { refused: 'tooDeep' };
      if (objects > SET_LIMITS.objects) return { refused: 'tooLarge' };
    } else if (unit === CLOSE_OBJECT || unit === CLOSE_LIST) depth -= 1;
    else if (unit === COMMA) {
      values += 1;
      if (values > MAX_VALUES) return { refused: 'tooLarge' };
    } else if (unit === LETTER_N && text.startsWith('NaN', at)) odd.push({ from: at, to: at + 3 });
    else if (unit === LETTER_I && text.startsWith('Infinity', at))
      odd.push({ from: text[at - 1] === '-' ? at - 1 : at, to: at + 8 });
    if (odd.length > SET_LIMITS.objects) return { refused: 'tooLarge' };
  }
  if (odd.length === 0) return { text };
  const pieces: string[] = [];
  let from = 0;
  for (const { from: start, to } of odd) {
    pieces.push(text.slice(from, start), 'null');
    from = to;
  }
  pieces.push(text.slice(from));
  return { text: pieces.join('') };
}
