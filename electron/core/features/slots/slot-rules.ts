import { AppError } from '#shared/errors.ts';
import { PRESETS, type Preset } from '#shared/model/roster.ts';
import type { Power } from '#shared/contract/define.ts';
import { POWERS } from '#shared/contract/define.ts';
import { SLOT_COUNT } from '../../crypto/slots.ts';
import { liveRows, readRoster, type OpenVault, type RosterRow } from '../vault/index.ts';

/** The powers of a slot in the order of the contract, each once: what is signed has one spelling. */
export const inOrder = (powers: readonly Power[]): Power[] =>
  POWERS.filter((power) => powers.includes(power));

/** The preset that these powers are, or null. */
export const presetOf = (powers: readonly Power[]): Preset | null => {
  const wanted = inOrder(powers).join();
  return (Object.keys(PRESETS) as Preset[]).find((name) => inOrder(PRESETS[name]).join() === wanted) ?? null;
};

/** Rows that may open the vault now. */
export const liveSlots = (vault: OpenVault): RosterRow[] => liveRows(readRoster(vault.db.connection));

/** People, not paper, who may do everything. */
export const coordinatorsOf = (rows: readonly RosterRow[]): RosterRow[] =>
  rows.filter((row) => row.kind === 'passphrase' && row.powers.includes('keys'));

/** A live slot. Errors: `record.notFound`. */
export const needSlot = (vault: OpenVault, id: string): RosterRow => {
  const row = liveSlots(vault).find((candidate) => candidate.id === id);
  if (row === undefined) throw new AppError('record.notFound');
  return row;
};

const folded = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/** Two ways in of one name could not be told apart when somebody is to be removed. Errors: `slots.nameTaken`. */
export const requireFreeName = (vault: OpenVault, name: string, replaces: string | null): void => {
  const taken = liveSlots(vault).some((row) => row.id !== replaces && folded(row.name) === folded(name));
  if (taken) throw new AppError('slots.nameTaken', { field: 'name' });
};

/** Errors: `slots.full`. */
export const requireRoom = (vault: OpenVault, replaces: string | null): void => {
  const after = liveSlots(vault).filter((row) => row.id !== replaces).length + 1;
  if (after > SLOT_COUNT) throw new AppError('slots.full');
};

/**
 * Whether a second coordinator has to confirm who gets in: where there are two. A session that was opened with
 * words or pages does without: it is for the day on which nobody's passphrase is left.
 */
export const needsApprover = (vault: OpenVault): boolean => {
  const rows = liveSlots(vault);
  const own = rows.find((row) => row.id === vault.actor.slotId);
  return own?.kind === 'passphrase' && coordinatorsOf(rows).length >= 2;
};

/** Errors: `slots.lastCoordinator` where nobody with a passphrase would be left who may manage access. */
export const requireCoordinatorLeft = (rowsAfter: readonly RosterRow[]): void => {
  if (coordinatorsOf(rowsAfter).length === 0) throw new AppError('slots.lastCoordinator');
};
