import type { Language } from '#shared/model/common.ts';
import enWords from '#resources/messages/en/data-rights.json' with { type: 'json' };
import enTerms from '#resources/vocabularies/en.json' with { type: 'json' };
import esWords from '#resources/messages/es/data-rights.json' with { type: 'json' };
import esTerms from '#resources/vocabularies/es.json' with { type: 'json' };

export type DataRightsWords = typeof esWords;

export const wordsIn = (language: Language): DataRightsWords => (language === 'es' ? esWords : enWords);

type Group = 'act' | 'role' | 'recipient' | 'consent' | 'evidence';

/** Label of a code; the code itself is never printed. */
export const term = (language: Language, group: Group, code: string): string => {
  const labels: Readonly<Record<string, string>> = (language === 'es' ? esTerms : enTerms)[group];
  return labels[code] ?? labels['other'] ?? '';
};

/**
 * To whom something left: where nobody was named, the profile stands there by its id, and is said by its name.
 */
export const recipientLabel = (language: Language, recipient: string): string => {
  const labels: Readonly<Record<string, string>> = (language === 'es' ? esTerms : enTerms).profile;
  return Object.hasOwn(labels, recipient) ? (labels[recipient] ?? recipient) : recipient;
};

/** Puts values into the `{names}` of a sentence. */
export const filled = (sentence: string, values: Readonly<Record<string, string | number>>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
