import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { es } from './es.ts';

export type Language = 'es' | 'en';
export type Catalogue = typeof es;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: Catalogue;
    returnNull: false;
  }
}

/** Starts the catalogues, both inside the program: nothing is fetched. */
export function startLanguage(language: Language): void {
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'es',
    defaultNS: 'common',
    ns: Object.keys(es),
    resources: { es, en },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  document.documentElement.lang = language === 'es' ? 'es-MX' : 'en';
}

export function changeLanguage(language: Language): void {
  if (i18next.language === language) return;
  document.documentElement.lang = language === 'es' ? 'es-MX' : 'en';
  void i18next.changeLanguage(language);
}
