import en from '#resources/messages/en/shell.json' with { type: 'json' };
import enErrors from '#resources/messages/en/errors.json' with { type: 'json' };
import esErrors from '#resources/messages/es/errors.json' with { type: 'json' };
import es from '#resources/messages/es/shell.json' with { type: 'json' };
import type { ErrorCode } from '#shared/errors.ts';

export type ShellTexts = Readonly<Record<keyof typeof es, string>>;

const TEXTS: Readonly<Record<'es' | 'en', ShellTexts>> = { es, en };

/** Texts of menus and dialogs, which the operating system draws and the interface cannot. */
export const shellTexts = (language: 'es' | 'en'): ShellTexts => TEXTS[language];

const ERRORS: Readonly<Record<'es' | 'en', Readonly<Partial<Record<string, string>>>>> = {
  es: esErrors,
  en: enErrors,
};

/** The sentence for a refusal that the shell itself has to show, because no window is open yet. */
export const errorText = (language: 'es' | 'en', code: ErrorCode): string => ERRORS[language][code] ?? code;
