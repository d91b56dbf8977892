import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { SlotRow } from '#shared/contract/slots.ts';
import type { HeaderBody } from '../../crypto/header.ts';
import { decodeHlc } from '../../crypto/journal-format.ts';
import { shareColour } from '../../crypto/recovery-shares.ts';
import { SLOT_COUNT } from '../../crypto/slots.ts';
import type { OpenCall } from '../../context.ts';
import { read, type Reader } from '../../db/index.ts';
import { lastEntryOf, notBeforeMs, settlements } from '../../journal/index.ts';
import { judgedTime } from '../access/index.ts';
import {
  currentHeader,
  liveRows,
  readRoster,
  vaultOf,
  type OpenVault,
  type RosterRow,
} from '../vault/index.ts';
import { coordinatorsOf, presetOf } from './slot-rules.ts';

/** How long people have to move to a higher cost before somebody may be left out. */
export const RAISE_DAYS = 90;
const DAY_MS = 86_400_000;

/** Who let this slot in: the signer of its row or, where that was its own predecessor, whoever let that one in. */
const addedBy = (roster: readonly RosterRow[], row: RosterRow): string | null => {
  const signer = roster.find((other) => other.sign_public.equals(row.signer));
  if (signer === undefined || signer.id === row.id) return null;
  return row.detail.replaces === signer.id ? addedBy(roster, signer) : signer.name;
};

/** `epochs` null: everybody is taken to be under the newest. */
const toScreen = (
  roster: readonly RosterRow[],
  row: RosterRow,
  ownId: string,
  epochs: HeaderBody['epochs'] | null,
): SlotRow => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  factor: row.detail.factor,
  powers: [...row.powers],
  preset: presetOf(row.powers),
  since: new Date(row.added_at).toISOString(),
  addedBy: addedBy(roster, row),
  retired: row.retired_at_seq !== null,
  own: row.id === ownId,
  cost:
    row.kind !== 'passphrase'
      ? null
      : epochs !== null && epochs.length > 1 && row.detail.epoch !== epochs.at(-1)?.n
        ? 'old'
        : 'current',
  shares:
    row.detail.share_set === null
      ? null
      : {
          needed: row.detail.share_needed ?? 0,
          pages: row.detail.share_pages ?? 0,
          colour: shareColour(row.detail.share_set),
        },
});

/** Live slots as a screen shows them; for tickets. */
export const rowsForScreen = (vault: OpenVault): SlotRow[] => {
  const roster = readRoster(vault.db.connection);
  return liveRows(roster).map((row) => toScreen(roster, row, vault.actor.slotId, null));
};

/**
 * When the cost was raised last, ms since epoch; null where the journal does not say. What its entry bears, also where
 * that was declared wrong, and never before what the journal bore until then: by a clock that is set back, settled and
 * set again no days pass. Raised while the clock stood ahead, somebody who does not come can be taken out, but not be
 * left out before that time has come.
 *
 * @param nowMs the judged time of the session.
 */
const raisedAt = (reader: Reader, nowMs: number): number | null => {
  const entry = lastEntryOf(reader, 'slots.raiseCost');
  if (entry === null) return null;
  return Math.max(decodeHlc(entry.hlc).ms, notBeforeMs(entry.position, settlements(reader, nowMs)));
};

/** Since when the cost rises, from when on somebody may be left out (ms since epoch), and whether that is now. */
export const raisingOf = (
  call: OpenCall,
): {
  readonly sinceMs: number;
  readonly closableMs: number;
  readonly clockWrong: boolean;
  readonly due: boolean;
} =>
  read(call, (reader) => {
    const { nowMs, wrong } = judgedTime(call, reader);
    const sinceMs = raisedAt(reader, nowMs) ?? nowMs;
    const closableMs = sinceMs + RAISE_DAYS * DAY_MS;
    return { sinceMs, closableMs, clockWrong: wrong, due: nowMs >= closableMs };
  });

/** Who may open the vault, how, and what of it deserves attention. */
export const listSlots = async (
  call: OpenCall,
  input: HandlerInput<'slots.list'>,
): Promise<CallOutput<'slots.list'>> => {
  const vault = vaultOf(call);
  // A vault that is open to look only may have a header of another time; its list is still readable.
  const header = await currentHeader(vault).catch(() => null);
  const epochs = header?.body.epochs ?? null;
  const roster = readRoster(vault.db.connection);
  const live = liveRows(roster);
  const rows = input.retired ? roster : live;
  const shown = rows.map((row) => toScreen(roster, row, vault.actor.slotId, epochs));
  const newest = epochs?.at(-1);
  const raising = raisingOf(call);
  return {
    rows: shown,
    coordinators: coordinatorsOf(live).length,
    hasWords: live.some((row) => row.kind === 'words'),
    hasShares: live.some((row) => row.kind === 'shares'),
    free: SLOT_COUNT - live.length,
    cost: {
      ops: newest?.ops ?? vault.kdf.ops,
      memoryBytes: newest?.memBytes ?? vault.kdf.memBytes,
    },
    raising:
      epochs === null || epochs.length < 2
        ? null
        : {
            since: new Date(raising.sinceMs).toISOString(),
            closableFrom: new Date(raising.closableMs).toISOString(),
            closable: raising.due && !raising.clockWrong,
            waiting: live
              .filter((row) => row.kind === 'passphrase' && row.detail.epoch !== newest?.n)
              .map(({ id, name }) => ({ id, name })),
          },
    rotationAdvised: roster.some((row) => row.detail.exposed_in === vault.generation),
  };
};
