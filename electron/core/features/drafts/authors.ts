import type { OpenCall } from '../../context.ts';
import { list, type Reader } from '../../db/index.ts';
import { SlotFamilies } from '../access/index.ts';

/**
 * Authors whose drafts this session's person may touch: her own slots, those before a changed passphrase too, and
 * what was typed before drafts had an author. A draft holds what is not yet a record of any case, so no list of a
 * case decides about it.
 */
export const authors = (call: OpenCall, db: Reader): ReturnType<typeof list> => {
  const { slotId } = call.session.actor;
  return list(['', ...(new SlotFamilies(db).of(slotId)?.ids ?? [slotId])]);
};
