import type { Handlers } from '../../../api/handlers.ts';
import { importPhone, rematchFindings } from './import-phone.ts';

export const importHandlers: Handlers<'imports.phone' | 'findings.rematch'> = {
  'imports.phone': importPhone,
  'findings.rematch': rematchFindings,
};
