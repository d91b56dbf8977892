import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../i18n/index.ts';

type Terms = Catalogue['terms'];
export type TermGroup = keyof Terms;

/** The words for a code of a closed list. An unknown code (a newer vault) is shown as it is. */
export function useTerms(): {
  term: <G extends TermGroup>(group: G, code: (keyof Terms[G] & string) | (string & {})) => string;
  options: <G extends TermGroup, C extends keyof Terms[G] & string>(
    group: G,
    codes: readonly C[],
  ) => { value: C; label: string }[];
} {
  const { t, i18n } = useTranslation('terms');
  const term = useCallback(
    (group: TermGroup, code: string): string => {
      const key = `${group}.${code}`;
      return i18n.exists(key, { ns: 'terms' }) ? t(key as 'act.murder') : code;
    },
    [t, i18n],
  );
  return {
    term,
    options: (group, codes) => codes.map((code) => ({ value: code, label: term(group, code) })),
  };
}
