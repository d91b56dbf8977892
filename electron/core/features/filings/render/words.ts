import en from '#resources/messages/en/filing-words.json' with { type: 'json' };
import es from '#resources/messages/es/filing-words.json' with { type: 'json' };
import type { FilingDocument } from '#shared/model/filing-document.ts';
import type { FilingWords } from '#shared/model/filing-text.ts';

/** Fixed words of filings, sheets and page furniture in the language of the recipient. */
export type RenderWords = typeof es & FilingWords;

/** The fixed words in the language of the recipient, which need not be that of the person at the screen. */
export const filingWords = (language: FilingDocument['language']): RenderWords =>
  language === 'es' ? es : en;

/** Puts values into the `{names}` of a fixed sentence. */
export const fill = (sentence: string, values: Readonly<Record<string, string | number>>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : String(value);
  });
