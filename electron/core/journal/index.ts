/** The journal as features see it: entries are declared with `tx.journal` in `db`; here are reads and checks. */
export { headOf, JournalLog, tick, type JournalHead } from './journal-log.ts';
export { ReadLog } from './read-log.ts';
export { requireUntampered, type TamperGuard } from './require-untampered.ts';
export { journalRowHash } from './row-hash.ts';
export {
  CHAIN_STARTS,
  entryOfChain,
  JOURNAL_COLUMNS,
  journalRow,
  lastEntry,
  type JournalRow,
} from './chain.ts';
export {
  verifyJournal,
  type JournalFinding,
  type JournalVerdict,
  type KnownSigner,
} from './verify-journal.ts';
