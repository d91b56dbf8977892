import { decodeHlc, journalHash, JOURNAL_VERSION, verifyJournalSignature } from '../crypto/journal-format.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { JournalRow } from './chain.ts';

/** True where hash and signature belong to the fields of the entry, for this vault. */
export const entryHolds = (crypto: Crypto, vaultId: Buffer, entry: JournalRow): boolean => {
  if (entry.version !== JOURNAL_VERSION) return false;
  const hash = journalHash(crypto, {
    vaultId,
    incarnation: entry.incarnation,
    device: entry.device,
    seq: entry.seq,
    prev: entry.prev,
    hlc: decodeHlc(entry.hlc),
    actor: entry.actor,
    method: entry.method,
    entityTable: entry.entity_table,
    entityId: entry.entity_id,
    after: entry.after,
    payloadCommitment: entry.commitment,
  });
  return (
    crypto.equal(hash, entry.hash) && verifyJournalSignature(crypto, entry.hash, entry.signature, entry.actor)
  );
};
