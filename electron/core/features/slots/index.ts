import type { Handlers } from '../../api/handlers.ts';
import { generatePassphrase } from './generate-passphrase.ts';
import { makeKeyFile } from './key-file.ts';
import { listSlots } from './list-slots.ts';
import { addSlot, changePassphrase, replaceSlot } from './passphrase-slots.ts';
import { closeEpoch, raiseCost } from './raise-cost.ts';
import { confirmRecovery, drawRecovery } from './recovery-slots.ts';
import { setPowers } from './set-powers.ts';
import { describeTicket, prepareSlot, prepareTicket, proveTicket } from './tickets.ts';

export { rowsForScreen } from './list-slots.ts';
export { slotPurposes } from './purposes.ts';
export { coordinatorsOf, liveSlots } from './slot-rules.ts';

/** Handlers of the groups `slots`, `tickets` and `passphrases`. */
export const slotsHandlers: Handlers<
  | 'slots.list'
  | 'slots.prepare'
  | 'tickets.prepare'
  | 'tickets.describe'
  | 'tickets.prove'
  | 'slots.add'
  | 'slots.draw'
  | 'slots.confirm'
  | 'slots.change'
  | 'slots.replace'
  | 'slots.setPowers'
  | 'slots.raiseCost'
  | 'slots.closeEpoch'
  | 'slots.makeKeyFile'
  | 'passphrases.generate'
> = {
  'slots.list': listSlots,
  'slots.prepare': prepareSlot,
  'tickets.prepare': prepareTicket,
  'tickets.describe': describeTicket,
  'tickets.prove': proveTicket,
  'slots.add': addSlot,
  'slots.draw': drawRecovery,
  'slots.confirm': confirmRecovery,
  'slots.change': changePassphrase,
  'slots.replace': replaceSlot,
  'slots.setPowers': setPowers,
  'slots.raiseCost': raiseCost,
  'slots.closeEpoch': closeEpoch,
  'slots.makeKeyFile': makeKeyFile,
  'passphrases.generate': generatePassphrase,
};
