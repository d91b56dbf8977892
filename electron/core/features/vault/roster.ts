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
export type RosterRow = z.output<typeof rosterRow>;

/** The part of a row that a coordinator signs. Retiring is a change that the journal signs. */
export type RosterStatement = Omit<RosterRow, 'signature' | 'retired_at_seq'>;

const digestOf = (crypto: Crypto, vaultId: Buffer, row: RosterStatement): Buffer =>
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

/** Signs who a slot belongs to and what it may do. `signSecret`: 64 bytes, the coordinator's. */
export const signRosterRow = (
  crypto: Crypto,
  vaultId: Buffer,
  row: RosterStatement,
  signSecret: Buffer,
): Buffer => crypto.sign(digestOf(crypto, vaultId, row), signSecret);

/** All rows, retired ones included: their keys still verify what they signed before. */
export const readRoster = (reader: Reader): RosterRow[] =>
  reader.all(sql`SELECT * FROM roster ORDER BY added_at, id`, rosterRow);

export const insertRosterRow = (tx: Tx, row: RosterRow): void => {
  tx.run(sql`INSERT INTO roster (id, name, powers, kind, box_public, sign_public, added_at, signer, signature,
      retired_at_seq)
    VALUES (${row.id}, ${row.name}, ${JSON.stringify(row.powers)}, ${row.kind}, ${row.box_public},
      ${row.sign_public}, ${row.added_at}, ${row.signer}, ${row.signature}, ${row.retired_at_seq})`);
};

/** Keys that sign journal entries, with the position up to which they may. */
export const signersOf = (roster: readonly RosterRow[]): KnownSigner[] =>
  roster.map((row) => ({ signPublic: row.sign_public, retiredAfter: row.retired_at_seq }));

/**
 * Whether a row was signed by somebody who might: a coordinator whose own row holds, back to the founder,
 * who signed for himself and whose key signed the first journal entry.
 *
 * @param founder public key of the actor of the first journal entry.
 */
export const rosterRowHolds = (
  crypto: Crypto,
  vaultId: Buffer,
  roster: readonly RosterRow[],
  row: RosterRow,
  founder: Buffer,
): boolean => {
  const seen = new Set<string>();
  let at: RosterRow = row;
  while (!seen.has(at.id)) {
    seen.add(at.id);
    if (!crypto.verify(at.signature, digestOf(crypto, vaultId, at), at.signer)) return false;
    if (at.signer.equals(at.sign_public)) return at.sign_public.equals(founder) && at.powers.includes('keys');
    const current: RosterRow = at;
    const signer = roster.find((other) => other.sign_public.equals(current.signer));
    if (signer === undefined || !signer.powers.includes('keys')) return false;
    at = signer;
  }
  return false;
};
