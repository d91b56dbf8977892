import type { CallOutput } from '#shared/contract/index.ts';
import type { RotationOrder } from '#shared/contract/rotation.ts';
import { AppError } from '#shared/errors.ts';
import { label } from '../../crypto/bytes.ts';
import { databaseBytes } from '../../db/open.ts';
import type { Tx } from '../../db/index.ts';
import { requireUntampered } from '../../journal/index.ts';
import { handOver, leaveLists, responsibleCounts } from '../access/index.ts';
import {
  liveRows,
  readRoster,
  retireRow,
  rosterChain,
  rosterRowHolds,
  type OpenVault,
  type RosterRow,
} from '../vault/index.ts';
import { olderCopies } from './older-copies-repo.ts';
import { roomNeeded, type RotationPlan } from './rotation-steps.ts';

type Review = CallOutput<'rotation.review'>;

/**
 * One hash for who gets in, with what powers and by whose hand, and for the key that they get in by: what a coordinator
 * confirms is this list and no other, and only once.
 */
const digestOf = (vault: OpenVault, rows: readonly RosterRow[]): string => {
  const lines = rows
    .map((row) => [
      row.id,
      row.name,
      row.kind,
      row.powers.join(','),
      row.box_public.toString('hex'),
      String(row.added_at),
      row.signer.toString('hex'),
    ])
    .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
  const text = Buffer.from(JSON.stringify([vault.generation, lines]));
  return vault.ports.crypto.blake2b(32, [label('RSG rotation list v2'), text]).toString('hex');
};

/** What a rotation would keep, how much room it needs, and which copies it cannot reach. */
export const reviewRotation = async (vault: OpenVault): Promise<Review> => {
  const free = await vault.ports.disk.freeBytes(vault.folder);
  return vault.db.read((reader) => {
    const roster = readRoster(reader);
    const live = liveRows(roster);
    const counts = responsibleCounts(reader);
    return {
      generation: vault.generation,
      slots: live.map((row) => ({
        id: row.id,
        name: row.name,
        kind: row.kind,
        powers: [...row.powers],
        since: new Date(row.added_at).toISOString(),
        addedBy: roster.find((other) => other.sign_public.equals(row.signer))?.name ?? '',
        own: row.id === vault.actor.slotId,
        responsibleFor: counts.get(row.id) ?? 0,
      })),
      digest: digestOf(vault, live),
      neededBytes: roomNeeded(databaseBytes(vault.db.connection)),
      freeBytes: free,
      olderCopies: olderCopies(reader, vault.generation, true),
    };
  });
};

/** Rows that an order names, in two lists. Errors: those of `planOf`. */
export const slotsOf = (
  vault: OpenVault,
  order: RotationOrder,
): { readonly staying: RosterRow[]; readonly removed: RosterRow[] } => {
  const live = vault.db.read((reader) => liveRows(readRoster(reader)));
  if (digestOf(vault, live) !== order.confirmed) throw new AppError('rotation.listChanged');
  const removed = live.filter((row) => order.remove.includes(row.id));
  if (removed.length !== new Set(order.remove).size) throw new AppError('rotation.listChanged');
  if (removed.some((row) => row.id === vault.actor.slotId)) throw new AppError('rotation.ownSlot');
  return { staying: live.filter((row) => !removed.includes(row)), removed };
};

/**
 * What is to be done, from what was ordered. Every row that the new key is sealed to is compared with the journal:
 * an exchanged public key would hand the vault over.
 *
 * @throws AppError `rotation.listChanged`, `rotation.ownSlot`, `rotation.noSuccessor`, `vault.rowTampered`,
 *   `vault.rosterDamaged`.
 */
export const planOf = (
  vault: OpenVault,
  order: RotationOrder,
): { readonly plan: RotationPlan; readonly reassigned: () => number } => {
  const { staying, removed } = slotsOf(vault, order);
  const guard = { crypto: vault.ports.crypto, vaultId: vault.vaultId, db: vault.db };
  requireUntampered(
    guard,
    vault.db.connection,
    'roster',
    staying.map((row) => row.id),
  );
  const chain = rosterChain(guard.crypto, guard.vaultId, vault.db.connection);
  if (!staying.every((row) => rosterRowHolds(chain, row))) throw new AppError('vault.rosterDamaged');
  const successor = order.reassignTo ?? vault.actor.slotId;
  if (!staying.some((row) => row.id === successor && row.kind === 'passphrase')) {
    throw new AppError('rotation.noSuccessor');
  }
  let reassigned = 0;
  const record = (tx: Tx, facts: { readonly generation: number; readonly position: number }): void => {
    for (const row of removed) {
      retireRow(tx, row.id, facts.position);
      reassigned += handOver(tx, vault.ports, { from: row.id, to: successor });
      leaveLists(tx, row.id);
      tx.journal({
        table: 'roster',
        id: row.id,
        payload: {
          removed: true,
          name: row.name,
          kind: row.kind,
          reason: order.reason,
          immediate: order.immediate,
          generation: facts.generation,
          reassignedTo: successor,
        },
        children: ['case_access', 'case_access_person'],
      });
    }
    if (removed.length === 0) {
      tx.journal({
        table: 'roster',
        id: vault.actor.slotId,
        payload: { rotated: true, generation: facts.generation, reason: order.reason },
      });
    }
  };
  return { plan: { staying, removed, record }, reassigned: () => reassigned };
};
