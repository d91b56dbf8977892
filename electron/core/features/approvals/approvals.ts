import type { Power } from '#shared/contract/define.ts';
import { AppError } from '#shared/errors.ts';
import type { OpenCall } from '../../context.ts';
import { label } from '../../crypto/bytes.ts';
import { statementDigest } from '../../crypto/journal-format.ts';
import type { Reader, Tx } from '../../db/index.ts';
import { requireUntampered } from '../../journal/index.ts';
import type { Crypto } from '../../ports/index.ts';
import {
  liveRows,
  ofOnePerson,
  rosterChain,
  rosterRowHolds,
  slotsBackFrom,
  type RosterRow,
} from '../vault/index.ts';
import { approvalsOf, insertApproval, type StoredApproval } from './approval-repo.ts';

/** What a second person signs: an act in its finished form, in named parts. */
export interface Statement {
  readonly kind: 'export' | 'dump';
  /** Id of the export, or of the plan of a dump. */
  readonly subject: string;
  /** In the order in which they are signed. `value` is UTF-8 of what is shown; hashes as 64 hex digits. */
  readonly parts: readonly { readonly name: string; readonly value: string }[];
  /** Slots that made it. Nobody approves with one of them, nor with one that came before or after it. */
  readonly makers: readonly string[];
  /** What an approver must be allowed to do. */
  readonly power: Power;
}

export interface Approval {
  readonly by: string;
  readonly slotId: string;
  readonly approvedAt: string;
  readonly how: StoredApproval['how'];
}

/** 32 bytes that change with any part of a statement. Format: `docs/formats/approval.md`. */
export const statementDigestOf = (crypto: Crypto, vaultId: Buffer, statement: Statement): Buffer =>
  statementDigest(crypto, 'RSG approval v1', [
    vaultId,
    Buffer.from(statement.kind),
    Buffer.from(statement.subject),
    ...statement.parts.map((part) => Buffer.from(part.value)),
  ]);

const signedBytes = (digest: Buffer): Buffer => Buffer.concat([label('RSG approval sig v1'), digest]);

const rosterOf = (call: OpenCall): readonly RosterRow[] =>
  rosterChain(call.core.ports.crypto, call.session.vaultId, call.db.connection).roster;

/** Paper signs for nobody: words and shares are a way in, not a person. */
const isPerson = (row: RosterRow): boolean => row.kind === 'passphrase';

/** People who may do everything, by the roster as it stands. */
export const coordinators = (call: OpenCall): RosterRow[] =>
  liveRows(rosterOf(call)).filter((row) => isPerson(row) && row.powers.includes('keys'));

/** A changed passphrase gives another slot id to the same person: persons are compared, not ids. */
const isMaker = (roster: readonly RosterRow[], statement: Statement, slotId: string): boolean =>
  statement.makers.some((maker) => ofOnePerson(roster, maker, slotId));

/** Whether a slot is of a person who made what the statement is about. */
export const madeBy = (call: OpenCall, statement: Statement, slotId: string): boolean =>
  isMaker(rosterOf(call), statement, slotId);

const mayApprove = (
  roster: readonly RosterRow[],
  statement: Statement,
  row: RosterRow | undefined,
): row is RosterRow =>
  row !== undefined &&
  row.retired_at_seq === null &&
  isPerson(row) &&
  row.powers.includes(statement.power) &&
  !isMaker(roster, statement, row.id);

/** People who could approve a statement: in, allowed, and not among its makers. */
export const approversFor = (call: OpenCall, statement: Statement): RosterRow[] => {
  const roster = rosterOf(call);
  return roster.filter((row) => mayApprove(roster, statement, row));
};

/** Who signs, and how she was recognised. `signSecret`: 64 bytes, wiped by whoever owns it. */
export interface Signer {
  readonly slotId: string;
  readonly signPublic: Buffer;
  readonly signSecret: Buffer;
  readonly how: StoredApproval['how'];
}

/**
 * Signs a statement and keeps the signature, inside a transaction of the caller.
 *
 * @throws AppError `approval.sameAsMaker`, `approval.notAPerson`, `call.notAllowed`
 */
export function approve(call: OpenCall, tx: Tx, statement: Statement, signer: Signer): void {
  const { crypto, clock } = call.core.ports;
  const roster = rosterOf(call);
  if (isMaker(roster, statement, signer.slotId)) throw new AppError('approval.sameAsMaker');
  const row = roster.find((one) => one.id === signer.slotId);
  if (row !== undefined && !isPerson(row)) throw new AppError('approval.notAPerson');
  if (!mayApprove(roster, statement, row) || !row.sign_public.equals(signer.signPublic))
    throw new AppError('call.notAllowed');
  const digest = statementDigestOf(crypto, call.session.vaultId, statement);
  const id = call.core.newId();
  insertApproval(
    tx,
    {
      id,
      kind: statement.kind,
      subject: statement.subject,
      digest,
      slotId: signer.slotId,
      signer: signer.signPublic,
      signature: crypto.sign(signedBytes(digest), signer.signSecret),
      how: signer.how,
    },
    clock.now(),
  );
  tx.journal({
    table: 'approval',
    id,
    payload: { kind: statement.kind, subject: statement.subject, slotId: signer.slotId, how: signer.how },
  });
}

/**
 * The approval that holds for exactly this statement, or null: signed by a slot that is still in, may do it, is none
 * of the makers, and whose own row somebody with the right signed. One row more in a table proves nothing.
 *
 * @throws AppError `vault.rowTampered` where a row was changed behind the application.
 */
export const approvalFor = (call: OpenCall, db: Reader, statement: Statement): Approval | null => {
  const { crypto } = call.core.ports;
  const { vaultId } = call.session;
  const digest = statementDigestOf(crypto, vaultId, statement);
  const stored = approvalsOf(db, statement.kind, statement.subject).filter((one) =>
    one.digest.equals(digest),
  );
  if (stored.length === 0) return null;
  const guard = { crypto, vaultId, db: call.db };
  const chain = rosterChain(crypto, vaultId, call.db.connection);
  for (const one of stored) {
    const row = chain.roster.find((candidate) => candidate.id === one.slotId);
    if (!mayApprove(chain.roster, statement, row) || !row.sign_public.equals(one.signer)) continue;
    if (!crypto.verify(one.signature, signedBytes(digest), one.signer)) continue;
    if (!rosterRowHolds(chain, row)) continue;
    requireUntampered(guard, db, 'approval', [one.id]);
    // The slots before hers as well: who replaced whom decides whether she is another person than the makers.
    requireUntampered(guard, db, 'roster', slotsBackFrom(chain.roster, row.id));
    return { by: row.name, slotId: row.id, approvedAt: one.approvedAt, how: one.how };
  }
  return null;
};

/**
 * The approval of a statement, demanded.
 *
 * @param unlessAlone `true`: not asked for while fewer than two people may do everything, because nobody else is there.
 * @returns the approval, or null where it was not asked for.
 * @throws AppError `approval.needed`, `vault.rowTampered`
 */
export const requireSecondPerson = (
  call: OpenCall,
  db: Reader,
  statement: Statement,
  unlessAlone: boolean,
): Approval | null => {
  const found = approvalFor(call, db, statement);
  if (found !== null) return found;
  if (unlessAlone && coordinators(call).length < 2) return null;
  throw new AppError('approval.needed');
};
