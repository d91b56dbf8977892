import { useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect } from 'react';
import type { Preferences } from '#shared/contract/work.ts';
import { call } from '../api/client.ts';
import { useQuery } from '../api/hooks.ts';
import { changeLanguage } from '../i18n/index.ts';

const DEFAULTS: Preferences = {
  language: 'es',
  colourScheme: 'light',
  density: 'comfortable',
  // Hoy opens with names hidden until the settings say otherwise.
  hideNames: true,
  idleLockMinutes: 5,
};

export interface PreferenceState {
  readonly value: Preferences;
  readonly loaded: boolean;
  set(changes: Partial<Preferences>): void;
}

export const PreferenceContext = createContext<PreferenceState>({
  value: DEFAULTS,
  loaded: false,
  set: () => undefined,
});
export const usePreferences = (): PreferenceState => useContext(PreferenceContext);

/** Reads the settings, puts them on the document, and writes changes back. */
export function usePreferenceState(): PreferenceState {
  const client = useQueryClient();
  const query = useQuery('preferences.get', {});
  const value = query.data ?? DEFAULTS;
  useEffect(() => {
    changeLanguage(value.language);
    const root = document.documentElement;
    root.dataset['density'] = value.density;
    root.dataset['names'] = value.hideNames ? 'hidden' : 'shown';
  }, [value.language, value.density, value.hideNames]);
  const set = useCallback(
    (changes: Partial<Preferences>) => {
      void call('preferences.set', changes).then((next) =>
        client.setQueryData(['preferences.get', {}], next),
      );
    },
    [client],
  );
  return { value, loaded: query.data !== undefined || query.isError, set };
}
