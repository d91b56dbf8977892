import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { AppError } from '#shared/errors.ts';
import { loadModule } from '../../load-module.ts';

/** One weak passphrase sets the strength for the whole team: a guess is tried on all slots at once. */
const MIN_CHARACTERS = 12;
/** The estimate looks at so many characters; work on longer text grows faster than its length. */
const MAX_ESTIMATED = 120;
/** Decimal digits of the number of guesses from which each score begins. The first is the floor for everybody. */
const FROM_DIGITS = [14, 17, 20, 24] as const;

let estimator: Promise<ZxcvbnFactory> | null = null;

/**
 * The estimator with dictionaries in Spanish and English: common passwords, words, names. Two megabytes of lists,
 * so they are read when the first passphrase is judged and not when the engine starts.
 */
const loadEstimator = (): Promise<ZxcvbnFactory> => {
  estimator ??= loadModule(() =>
    Promise.all([
      import('@zxcvbn-ts/core'),
      import('@zxcvbn-ts/language-common'),
      import('@zxcvbn-ts/language-es-es'),
      import('@zxcvbn-ts/language-en'),
    ]),
  ).then(
    ([core, common, es, en]) =>
      new core.ZxcvbnFactory({
        dictionary: {
          ...common.dictionary,
          ...es.dictionary,
          ...en.dictionary,
          ownWords: ['resguardo', 'boveda', 'bóveda', 'expediente'],
        },
        graphs: common.adjacencyGraphs,
        maxLength: MAX_ESTIMATED,
      }),
  );
  return estimator;
};

export interface Rating {
  readonly score: 0 | 1 | 2 | 3 | 4;
  readonly accepted: boolean;
}

const REFUSED: Rating = { score: 0, accepted: false };

/** Spellings that guessing programs try too: without accents, and with `n` for `ñ` besides. */
const spellings = (text: string): string[] => {
  const marked = text.normalize('NFD');
  const kept = marked.replace(/[\u0300\u0301\u0308]/gu, '').normalize('NFC');
  return [...new Set([text, kept, marked.replace(/\p{M}/gu, '').normalize('NFC')])];
};

/**
 * How many guesses a passphrase withstands, 0 (refused) to 4, by dictionaries in Spanish and English, keyboard
 * rows, repetitions, dates and sequences. The lowest estimate of its spellings counts.
 */
export const ratePassphrase = async (passphrase: string): Promise<Rating> => {
  const text = passphrase.normalize('NFC');
  if ([...text].length < MIN_CHARACTERS) return REFUSED;
  const zxcvbn = await loadEstimator();
  const digits = Math.min(...spellings(text).map((spelling) => zxcvbn.check(spelling).guessesLog10));
  const score = FROM_DIGITS.filter((from) => digits >= from).length as Rating['score'];
  return score === 0 ? REFUSED : { score, accepted: true };
};

/** @throws AppError `vault.passphraseTooWeak`. */
export const requireStrongEnough = async (passphrase: string): Promise<void> => {
  if (!(await ratePassphrase(passphrase)).accepted) throw new AppError('vault.passphraseTooWeak');
};
