import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as spanish } from '@scure/bip39/wordlists/spanish.js';
import type { Language } from '#shared/model/common.ts';
import type { Random } from '../ports/index.ts';

/** 110 bits: out of reach even for somebody who has the file and a data centre. */
const PASSPHRASE_WORDS = 10;
const WORDS = { es: spanish, en: english } as const;

/**
 * A passphrase for one file that leaves the vault, shown once and kept nowhere: ten words of a list of 2,048, each
 * equally likely. UTF-8, NFC.
 */
export const madePassphrase = (random: Random, language: Language): string =>
  Array.from({ length: PASSPHRASE_WORDS }, () => {
    const index = random.bytes(2).readUInt16BE(0) & 2047;
    return (WORDS[language][index] ?? '').normalize('NFC');
  }).join(' ');
