import enCli from '#resources/messages/en/cli.json';
import enErrors from '#resources/messages/en/errors.json';
import esCli from '#resources/messages/es/cli.json';
import esErrors from '#resources/messages/es/errors.json';
import type { ErrorCode, ErrorParams } from '#shared/errors.ts';
import type { Language } from '#shared/model/common.ts';

const CLI: Record<Language, Readonly<Record<string, string>>> = { es: esCli, en: enCli };
const ERRORS: Record<Language, Readonly<Record<string, string>>> = { es: esErrors, en: enErrors };

const fill = (text: string, params: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{\{\s*(\w+)\s*\}\}/gu, (whole, name: string) => String(params[name] ?? whole));

/**
 * Sentences in one language. Of an error, that of the terminal (`error.CODE`) goes before the window's, which may speak
 * of fields and buttons.
 */
export interface Messages {
  readonly language: Language;
  say(key: string, params?: Readonly<Record<string, string | number>>): string;
  error(code: ErrorCode, params?: ErrorParams): string;
}

/** The catalogue of one language. A key that it lacks is shown as it is, so that nothing is silently empty. */
export const messagesIn = (language: Language): Messages => ({
  language,
  say: (key, params = {}) => fill(CLI[language][key] ?? key, params),
  error: (code, params = {}) =>
    fill(CLI[language][`error.${code}`] ?? ERRORS[language][code] ?? code, params),
});

/**
 * The language of a person at a terminal: `LC_ALL`, `LC_MESSAGES` or `LANG`, in that order. English where one
 * of them says so; Spanish otherwise, also where nothing is set.
 */
export const languageOf = (environment: Readonly<Record<string, string | undefined>>): Language => {
  const name = [environment['LC_ALL'], environment['LC_MESSAGES'], environment['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return name !== undefined && /^en/iu.test(name) ? 'en' : 'es';
};
