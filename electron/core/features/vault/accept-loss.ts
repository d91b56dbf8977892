import { AppError } from '#shared/errors.ts';
import { setMeta } from './meta.ts';
import type { OpenVault } from './open-vault.ts';

/**
 * Takes note, in a signed entry, that changes are gone, and makes the vault writable again. A new chain
 * begins: the numbers of the lost entries are never given again, so that an older copy that turns up later is
 * recognised as such.
 *
 * @throws AppError `vault.readOnly` where the vault is open to look for another reason than a loss.
 */
export const acceptLoss = async (vault: OpenVault): Promise<void> => {
  const because = vault.db.readOnlyBecause;
  if (because !== 'vault.changesMissing' && because !== 'vault.anchorDamaged') {
    throw new AppError('vault.readOnly', { params: { reason: because ?? '' } });
  }
  const { random } = vault.ports;
  const incarnation = random.bytes(16);
  const continued = vault.journal.head;
  const writer = vault.writer;
  vault.db.setReadOnly(null);
  try {
    setMeta(vault.db.connection, 'writer', writer);
    vault.db.write('vault.acceptLoss', (tx) => {
      setMeta(tx, 'incarnation', incarnation);
      vault.journal.beginIncarnation(incarnation);
      tx.journal({
        table: 'journal',
        id: continued.hash.toString('hex'),
        payload: { reason: because, missing: vault.missingChanges, position: continued.position },
      });
    });
    await vault.startAnew();
  } catch (thrown) {
    vault.db.setReadOnly(because);
    throw thrown;
  }
};
