import en from '#resources/messages/en/forensic-words.json' with { type: 'json' };
import es from '#resources/messages/es/forensic-words.json' with { type: 'json' };
import type { Language } from '#shared/model/common.ts';

/** Words of the surveillance records in what is shown with a result and in what leaves. */
export type ForensicWords = typeof es;

export const forensicWords = (language: Language): ForensicWords => (language === 'es' ? es : en);

/** Puts values into `{{name}}` places. */
export const fillWords = (form: string, values: Readonly<Record<string, string | number>>): string =>
  form.replace(/\{\{(\w+)\}\}/gu, (_all, name: string) => String(values[name] ?? ''));
