import type { VerifiedHeader } from '../../crypto/header.ts';
import { slotIdOf } from '../../crypto/slots.ts';
import type { OpenVault } from './open-vault.ts';
import { liveRows, putSlotDetail, readRoster, retireRow } from './roster.ts';

/**
 * Ends what a process that died left half done. A slot is entered in the roster first, put into the header second,
 * and the one it replaces is retired third; so a row without a record is either one that never came to be or one
 * whose place was taken, and in both cases nobody can open it: it is retired.
 *
 * @param header the header that belongs to the open database.
 */
export const settleSlots = async (vault: OpenVault, header: VerifiedHeader): Promise<void> => {
  const records = new Set(header.body.slots.map((record) => slotIdOf(record).toString('hex')));
  const lost = liveRows(readRoster(vault.db.connection)).filter((row) => !records.has(row.id));
  for (const row of lost) retireNow(vault, row.id, 'slot.settled');
};

/**
 * Retires a slot in a transaction of its own; the entry that says so is the last that its key may have signed.
 *
 * @param exposed somebody else may know what opened it: noted with the generation of the master key, which should
 *   change as well.
 */
export const retireNow = (
  vault: OpenVault,
  id: string,
  method: 'slot.settled' | 'slot.replaced' | 'slot.abandoned' | 'slot.leftOut',
  exposed = false,
): void => {
  const detail = readRoster(vault.db.connection).find((row) => row.id === id)?.detail;
  vault.db.write(method, (tx) => {
    retireRow(tx, id, vault.journal.head.position + 1);
    if (exposed && detail !== undefined) putSlotDetail(tx, { ...detail, exposed_in: vault.generation });
    tx.journal({ table: 'roster', id, payload: { retired: true, exposed }, children: ['slot_detail'] });
  });
};
