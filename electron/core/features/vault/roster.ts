import { z } from 'zod';
import { POWERS } from '#shared/contract/define.ts';
import { statementDigest } from '../../crypto/journal-format.ts';
import { u64 } from '../../crypto/bytes.ts';
import { sql } from '../../db/sql.ts';
import type { Reader, Tx } from '../../db/types.ts';
import type { Crypto } from '../../ports/index.ts';
import type { KnownSigner } from '../../journal/index.ts';

const bytes = z.instanceof(Uint8Array).transform((value): Buffer => Buffer.from(value));

/** Powers as they stand in the row: JSON, in the order of the contract. */
const powersText = z
  .string()
  .transform((text, issues) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      issues.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.array(z.enum(POWERS)));

export const rosterRow = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/u),
  name: z.string(),
  powers: powersText,
  kind: z.enum(['passphrase', 'words', 'shares']),
  box_public: bytes,
  sign_public: bytes,
  added_at: z.number().int(),
  signer: bytes,
  signature: bytes,
  retired_at_seq: z.number().int().nullable(),
});
/** A row as it is stored. */
export type StoredRosterRow = z.output<typeof rosterRow>;

/** The part of a row that a coordinator signs. Retiring is a change that the journal signs. */
export type RosterStatement = Omit<StoredRosterRow, 'signature' | 'retired_at_seq'>;

const detailRow = z.object({
  id: z.string(),
  factor: z.enum(['none', 'keyFile', 'machine']),
  /** Number of the KDF epoch that the record is sealed under; null for words and shares. */
  epoch: z.number().int().nullable(),
  /** Journal position of the entry in which the row, as it stands, was signed. */
  stated_at: z.number().int(),
  /** The slot whose place this one took. */
  replaces: z.string().nullable(),
  approver: bytes.nullable(),
  approval: bytes.nullable(),
  share_set: bytes.nullable(),
  share_commitment: bytes.nullable(),
  share_needed: z.number().int().nullable(),
  share_pages: z.number().int().nullable(),
  /** Generation in which the slot ended because somebody else may know its passphrase. */
  exposed_in: z.number().int().nullable(),
});
export type SlotDetail = z.output<typeof detailRow>;

const pastRow = z.object({
  slot_id: z.string(),
  name: z.string(),
  powers: powersText,
  signer: bytes,
  signature: bytes,
  stated_at: z.number().int(),
});

/** What a row said from one position of the journal on. */
export interface Stated {
  readonly name: string;
  readonly powers: StoredRosterRow['powers'];
  readonly signer: Buffer;
  readonly signature: Buffer;
  readonly stated_at: number;
}

/** A row with what is known beside it. `past`: what it said before, oldest first. */
export interface RosterRow extends StoredRosterRow {
  readonly detail: SlotDetail;
  readonly past: readonly Stated[];
}

/** The founder's row has no detail in vaults made before there were any: the first entry states it. */
const founderDetail = (id: string): SlotDetail => ({
  id,
  factor: 'none',
  epoch: 1,
  stated_at: 1,
  replaces: null,
  approver: null,
  approval: null,
  share_set: null,
  share_commitment: null,
  share_needed: null,
  share_pages: null,
  exposed_in: null,
});

/** What a coordinator signs: 32 bytes over the fields of a row. */
export const rosterDigest = (crypto: Crypto, vaultId: Buffer, row: RosterStatement): Buffer =>
  statementDigest(crypto, 'RSG roster v1', [
    vaultId,
    Buffer.from(row.id, 'hex'),
    Buffer.from(row.name),
    Buffer.from(row.powers.join(',')),
    Buffer.from(row.kind),
    row.box_public,
    row.sign_public,
    u64(row.added_at),
    row.signer,
  ]);

/** 32 bytes that a second coordinator signs, where there are two. */
export const approvalDigest = (crypto: Crypto, vaultId: Buffer, row: RosterStatement): Buffer =>
  statementDigest(crypto, 'RSG slot approval v1', [rosterDigest(crypto, vaultId, row)]);

/** Signs who a slot belongs to and what it may do. `signSecret`: 64 bytes, the coordinator's. */
export const signRosterRow = (
  crypto: Crypto,
  vaultId: Buffer,
  row: RosterStatement,
  signSecret: Buffer,
): Buffer => crypto.sign(rosterDigest(crypto, vaultId, row), signSecret);

/** All rows, retired ones included: their keys still verify what they signed before. */
export const readRoster = (reader: Reader): RosterRow[] => {
  const details = new Map(
    reader.all(sql`SELECT * FROM slot_detail`, detailRow).map((row) => [row.id, row] as const),
  );
  const past = reader.all(
    sql`SELECT slot_id, name, powers, signer, signature, stated_at FROM roster_past ORDER BY stated_at`,
    pastRow,
  );
  return reader.all(sql`SELECT * FROM roster ORDER BY added_at, id`, rosterRow).map((row) => ({
    ...row,
    detail: details.get(row.id) ?? founderDetail(row.id),
    past: past.filter((one) => one.slot_id === row.id),
  }));
};

/** Rows that may open the vault. */
export const liveRows = (roster: readonly RosterRow[]): RosterRow[] =>
  roster.filter((row) => row.retired_at_seq === null);

/**
 * The slots of one person, from the given one back to the first: a changed or renewed passphrase makes a slot of
 * another id that names the one before. An id that is in no row stands alone. A row in a circle is counted once.
 */
export const slotsBackFrom = (roster: readonly RosterRow[], id: string): string[] => {
  const back: string[] = [];
  let at: string | null = id;
  while (at !== null && !back.includes(at)) {
    back.push(at);
    const next: string = at;
    at = roster.find((row) => row.id === next)?.detail.replaces ?? null;
  }
  return back;
};

/** Whether two slots are of one person, now or before. */
export const ofOnePerson = (roster: readonly RosterRow[], one: string, other: string): boolean =>
  slotsBackFrom(roster, one).at(-1) === slotsBackFrom(roster, other).at(-1);

export const insertRosterRow = (tx: Tx, row: StoredRosterRow): void => {
  tx.run(sql`INSERT INTO roster (id, name, powers, kind, box_public, sign_public, added_at, signer, signature,
      retired_at_seq)
    VALUES (${row.id}, ${row.name}, ${JSON.stringify(row.powers)}, ${row.kind}, ${row.box_public},
      ${row.sign_public}, ${row.added_at}, ${row.signer}, ${row.signature}, ${row.retired_at_seq})`);
};

/** Writes what is known of a slot besides its row, in the place of what was there. */
export const putSlotDetail = (tx: Tx, detail: SlotDetail): void => {
  tx.run(sql`INSERT INTO slot_detail (id, factor, epoch, stated_at, replaces, approver, approval, share_set,
      share_commitment, share_needed, share_pages, exposed_in)
    VALUES (${detail.id}, ${detail.factor}, ${detail.epoch}, ${detail.stated_at}, ${detail.replaces},
      ${detail.approver}, ${detail.approval}, ${detail.share_set}, ${detail.share_commitment},
      ${detail.share_needed}, ${detail.share_pages}, ${detail.exposed_in})
    ON CONFLICT (id) DO UPDATE SET factor = excluded.factor, epoch = excluded.epoch,
      stated_at = excluded.stated_at, exposed_in = excluded.exposed_in, approver = excluded.approver,
      approval = excluded.approval`);
};

/** Ends a slot: its key may sign up to and with the entry at `position`, which is the one that ends it. */
export const retireRow = (tx: Tx, id: string, position: number): void => {
  tx.run(sql`UPDATE roster SET retired_at_seq = ${position} WHERE id = ${id}`);
};

/** Gives a row another statement and keeps the one before for checking what its slot signed meanwhile. */
export const restateRow = (tx: Tx, row: RosterRow, next: RosterStatement, signature: Buffer): void => {
  tx.run(sql`INSERT INTO roster_past (id, slot_id, name, powers, signer, signature, stated_at)
    VALUES (${`${row.id}|${row.detail.stated_at}`}, ${row.id}, ${row.name}, ${JSON.stringify(row.powers)},
      ${row.signer}, ${row.signature}, ${row.detail.stated_at})`);
  tx.run(sql`UPDATE roster SET powers = ${JSON.stringify(next.powers)}, signer = ${next.signer},
      signature = ${signature} WHERE id = ${row.id}`);
};

/** Keys that sign journal entries, with the position up to which they may. */
export const signersOf = (roster: readonly RosterRow[]): KnownSigner[] =>
  roster.map((row) => ({ signPublic: row.sign_public, retiredAfter: row.retired_at_seq }));
