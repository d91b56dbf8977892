import type { Handlers } from '../../api/handlers.ts';
import { certifyErasure } from './erasure-certificate.ts';
import { certifyLeaving } from './leaving-certificate.ts';

/** Sheets to be signed that say what was closed. */
export const certificatesHandlers: Handlers<'leaving.certificate' | 'erasure.certificate'> = {
  'leaving.certificate': certifyLeaving,
  'erasure.certificate': certifyErasure,
};
