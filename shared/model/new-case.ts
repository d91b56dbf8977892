import type { Answer } from './common.ts';
import type { CASE_STATES } from './vocabularies.ts';

/**
 * What a case begins with where nobody said anything yet. The contract fills it in and the form shows it: a case opened
 * in the window and one opened by a script begin alike.
 */
export const NEW_CASE = {
  state: 'intake',
  summary: '',
  language: { kind: 'notAsked' },
  interpreter: 'notAsked',
  safeChannel: { medium: '', hours: '', avoid: '' },
  placeOrigin: '',
  placeRefuge: '',
} as const satisfies { readonly state: (typeof CASE_STATES)[number]; readonly language: Answer } & Readonly<
  Record<string, unknown>
>;
