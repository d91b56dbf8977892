import { AppError } from '#shared/errors.ts';

/** One weak passphrase sets the strength for the whole team: a guess is tried on all slots at once. */
const MIN_CHARACTERS = 12;
const MIN_DIFFERENT = 6;

/** The same short piece over and over: `abcabcabcabc`. */
const isRepetition = (text: string): boolean => {
  for (let length = 1; length <= text.length / 3; length += 1) {
    if (text.length % length === 0 && text.slice(0, length).repeat(text.length / length) === text)
      return true;
  }
  return false;
};

/** Neighbours in the alphabet, in digits or on a keyboard row, for most of the text. */
const isRow = (text: string): boolean => {
  const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjklñ', 'zxcvbnm'];
  let steps = 0;
  for (let i = 1; i < text.length; i += 1) {
    const pair = text.slice(i - 1, i + 1);
    const reversed = [...pair].reverse().join('');
    if (rows.some((row) => row.includes(pair) || row.includes(reversed))) steps += 1;
  }
  return steps >= text.length * 0.75;
};

/**
 * Estimate from length and variety, 0 (refused) to 4. It knows no dictionary: it keeps out what is plainly
 * short or repeated, and the words beside the field ask for several unrelated words.
 */
export const ratePassphrase = (passphrase: string): { score: 0 | 1 | 2 | 3 | 4; accepted: boolean } => {
  const text = passphrase.normalize('NFC').toLowerCase();
  const characters = [...text];
  const different = new Set(characters.filter((character) => character.trim() !== '')).size;
  if (characters.length < MIN_CHARACTERS || different < MIN_DIFFERENT || isRepetition(text) || isRow(text)) {
    return { score: 0, accepted: false };
  }
  const words = text.split(/\s+/u).filter((word) => word.length >= 3);
  const distinctWords = new Set(words).size;
  if (distinctWords >= 5 || characters.length >= 32) return { score: 4, accepted: true };
  if (distinctWords >= 4 || characters.length >= 24) return { score: 3, accepted: true };
  return characters.length >= 16 ? { score: 2, accepted: true } : { score: 1, accepted: true };
};

/** @throws AppError `vault.passphraseTooWeak`. */
export const requireStrongEnough = (passphrase: string): void => {
  if (!ratePassphrase(passphrase).accepted) throw new AppError('vault.passphraseTooWeak');
};
