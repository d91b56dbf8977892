/** The journal as features see it: entries are declared with `tx.journal` in `db`; here are reads and checks. */
export {
  CLOCK_SLACK_MS,
  headOf,
  JournalLog,
  tick,
  UNSAID_MS,
  type Floor,
  type JournalHead,
} from './journal-log.ts';
export { ReadLog, SESSION_ENDED, TIMEKEEPING } from './read-log.ts';
export { requireUntampered, type TamperGuard } from './require-untampered.ts';
export { journalRowHash } from './row-hash.ts';
export {
  CHAIN_STARTS,
  entryAtPosition,
  entryOfChain,
  honestMs,
  JOURNAL_COLUMNS,
  journalRow,
  lastEntry,
  lastEntryOf,
  lastSettlement,
  notBeforeMs,
  settlements,
  type JournalRow,
  type Settlement,
} from './chain.ts';
export {
  verifyJournal,
  type JournalFinding,
  type JournalVerdict,
  type KnownSigner,
} from './verify-journal.ts';
export { entryHolds } from './verify-entry.ts';
export { positionsHash } from './positions-hash.ts';
