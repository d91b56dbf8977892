import { isAppError } from '#shared/errors.ts';
import { sealSlot, type SecondFactor } from '../../crypto/slots.ts';
import { replaceHeader } from './header-change.ts';
import type { OpenedHeader } from './open-header.ts';
import type { OpenVault } from './open-vault.ts';
import { liveRows, putSlotDetail, readRoster, type RosterRow } from './roster.ts';

/** Passphrase slots whose record is not under the newest epoch, as far as the roster knows. */
export const waitingFor = (vault: OpenVault, newest: number): RosterRow[] =>
  liveRows(readRoster(vault.db.connection)).filter(
    (row) => row.kind === 'passphrase' && row.detail.epoch !== newest,
  );

/** Notes under which epoch a record lies. Does nothing where that is known. */
export const noteEpoch = (vault: OpenVault, slotId: string, epoch: number): void => {
  const row = readRoster(vault.db.connection).find((candidate) => candidate.id === slotId);
  if (row === undefined || row.detail.epoch === epoch) return;
  vault.db.write('slot.moved', (tx) => {
    putSlotDetail(tx, { ...row.detail, epoch });
    tx.journal({ table: 'slot_detail', id: slotId, payload: { epoch } });
  });
};

/**
 * While the cost is being raised: the slot that has just opened is rewritten under the new epoch (same slot secret,
 * so nothing else changes for its person), and the old epoch goes with the last one that leaves it. Both derived
 * keys are there from the attempt itself. A failure changes nothing and the next unlocking tries again.
 */
export const keepUpWithCost = async (
  vault: OpenVault,
  opened: OpenedHeader,
  factor: SecondFactor = { kind: 'none' },
): Promise<void> => {
  const newest = opened.header.body.epochs.at(-1);
  if (opened.epoch === null || newest === undefined) return;
  try {
    if (opened.epoch.n !== newest.n) await moveOver(vault, opened, factor, newest.n);
    noteEpoch(vault, opened.slotId, newest.n);
    if (opened.header.body.epochs.length > 1 && waitingFor(vault, newest.n).length === 0) {
      await replaceHeader(vault, () => ({ epochs: [newest] }));
    }
  } catch (thrown) {
    const code = isAppError(thrown) ? thrown.code : 'call.internal';
    vault.ports.logger.write({ event: 'vault', name: 'cost', code });
  }
};

const moveOver = (
  vault: OpenVault,
  opened: OpenedHeader,
  factor: SecondFactor,
  newest: number,
): Promise<void> => {
  const { crypto, random } = vault.ports;
  return replaceHeader(vault, (header, used) => {
    const accessKey = opened.accessKeys[0];
    // The header that was opened and the one on disk are the same; another one would have another newest epoch.
    if (accessKey === undefined || header.body.epochs.at(-1)?.n !== newest) return {};
    const record = sealSlot(crypto, random, {
      vaultId: vault.vaultId,
      slotId: Buffer.from(opened.slotId, 'hex'),
      accessKey,
      factor,
      slotSecret: opened.slotSecret,
      generation: header.body.generation,
      masterKey: opened.masterKey,
      boxPublic: opened.slot.boxPublic,
    });
    return { records: new Map(used).set(opened.slotId, record) };
  });
};
