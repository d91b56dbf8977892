import type { Handlers } from '../../api/handlers.ts';
import { changePreferences, loadPreferences } from './preferences.ts';

export const settingsHandlers: Handlers<'preferences.get' | 'preferences.set'> = {
  'preferences.get': (call) => loadPreferences(call),
  'preferences.set': changePreferences,
};
