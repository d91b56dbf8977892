import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { foldWord, wordsOf } from '../../crypto/recovery-words.ts';
import type { CallContext } from '../../context.ts';

/** Bits of one word out of 2,048. */
const WORD_BITS = 11;

/**
 * Random words out of the 2,048 of the recovery lists, without accents, so that any keyboard writes them: seven
 * are 77 bits. The list is public; what counts is that chance chose, and that no word is twice in the list.
 */
export const generatePassphrase = (
  { core }: CallContext,
  input: HandlerInput<'passphrases.generate'>,
): CallOutput<'passphrases.generate'> => {
  const list = wordsOf(input.language);
  const drawn = core.ports.random.bytes(2 * input.words);
  const words = Array.from({ length: input.words }, (_, place) =>
    // 2,048 divides 65,536: every word is equally likely.
    foldWord(list[drawn.readUInt16BE(2 * place) % list.length] ?? ''),
  );
  core.ports.crypto.zero(drawn);
  return { passphrase: words.join(' '), bits: input.words * WORD_BITS };
};
