import en from '#resources/vocabularies/en.json';
import es from '#resources/vocabularies/es.json';
import type { Output } from './output.ts';

type Group = keyof typeof es;

/** What people call a code of a vocabulary; the code itself where there is no word for it. */
export const labelOf = ({ messages }: Output, group: Group, code: string): string => {
  const words: Readonly<Record<string, string>> = (messages.language === 'es' ? es : en)[group];
  return words[code] ?? code;
};
