import { useTranslation } from 'react-i18next';
import enErrors from '#resources/messages/en/errors.json' with { type: 'json' };
import esErrors from '#resources/messages/es/errors.json' with { type: 'json' };
import type { ErrorParams } from '#shared/errors.ts';
import { codeOf } from '../api/bridge.ts';

const ERRORS: Readonly<Record<string, Readonly<Record<string, string>>>> = { es: esErrors, en: enErrors };

/** The words for a code; the code itself where a newer engine knows more than this window. */
export function errorWords(language: string, code: string, params: ErrorParams = {}): string {
  const text = ERRORS[language]?.[code] ?? ERRORS['es']?.[code] ?? code;
  return text.replace(/\{\{\s*(\w+)\s*\}\}/gu, (whole, name: string) => String(params[name] ?? whole));
}

/** Turns anything a call threw into words of the current language. */
export function useErrorText(): (thrown: unknown) => string {
  const { i18n } = useTranslation();
  return (thrown) => {
    const error = codeOf(thrown);
    return errorWords(i18n.language, error.code, error.params);
  };
}
