import { AUDITED_TABLES } from '../../db/audited-tables.ts';
import type { Connection } from '../../db/connection.ts';
import { TouchTracker } from '../../db/touch-tracker.ts';
import type { Tx } from '../../db/types.ts';
import { VaultDatabase } from '../../db/vault-database.ts';
import { headOf, JournalLog, journalRowHash, lastEntry } from '../../journal/index.ts';
import { forgetKeptCopies, metaBytes, setMeta, type OpenVault } from '../vault/index.ts';

export interface CopyRecord {
  readonly generation: number;
  readonly headerSeq: number;
  readonly headerHash: Buffer;
  readonly record: (tx: Tx, facts: { readonly generation: number; readonly position: number }) => void;
}

/**
 * Writes into the copy what ties it to the header that will name it, retires who was removed, and enters the rotation
 * in the journal, signed by the coordinator's slot. The original is not touched: should the header never change,
 * nothing of this was ever said.
 *
 * @returns hash of the last entry of the copy.
 */
export const recordInCopy = (vault: OpenVault, copy: Connection, facts: CopyRecord): Buffer => {
  const { ports } = vault;
  const head = headOf(lastEntry(copy));
  const journal = new JournalLog(
    {
      crypto: ports.crypto,
      random: ports.random,
      clock: ports.clock,
      vaultId: vault.vaultId,
      device: metaBytes(copy, 'device'),
      signer: vault.slot,
      // The anchor follows the header.
      onAdvance: () => undefined,
    },
    metaBytes(copy, 'incarnation'),
    head,
  );
  const database = new VaultDatabase(
    {
      connection: copy,
      touches: new TouchTracker(copy, AUDITED_TABLES),
      journal,
      rowHash: journalRowHash(ports.crypto),
      writer: vault.writer,
      guard: () => undefined,
    },
    null,
  );
  database.write('rotation.run', (tx) => {
    setMeta(tx, 'generation', facts.generation);
    setMeta(tx, 'header_seq', facts.headerSeq);
    setMeta(tx, 'header_hash', facts.headerHash);
    // Copies from before a migration open with the key that is given up; without a row the next opening removes them.
    forgetKeptCopies(tx);
    facts.record(tx, { generation: facts.generation, position: head.position });
  });
  // Not a change of a record: it only excuses an anchor that is still under the key before.
  setMeta(copy, 'rotated_head', journal.head.hash);
  return journal.head.hash;
};
