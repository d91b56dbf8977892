import type { Power } from '#shared/contract/define.ts';
import type { VaultDatabase } from './db/index.ts';

/** Subkeys of the master key that features may use. Buffers are zeroed by `lock`; keep no copies. */
export interface SessionKeys {
  /** Wraps object keys. */
  readonly wrap: Buffer;
  /** Seals nothing on disk that outlives the process: work files in `scratch/`. */
  readonly scratch: Buffer;
}

/**
 * An unlocked vault. Made by `features/vault`, ended by lock; every feature gets it from the call context and
 * reads and writes through its `db`.
 */
export interface Session {
  readonly db: VaultDatabase;
  readonly vaultId: Buffer;
  readonly use: 'real' | 'practice';
  readonly generation: number;
  /** Folder of the vault, for the object store and scratch. */
  readonly folder: string;
  readonly keys: SessionKeys;
  /** Notes that a record was opened by a person; gathered by the minute and journalled. Cheap, never fails. */
  readonly reads: {
    note(method: string, table: string, id: string): void;
    /** Notes that a timed permission for a case is running; says of nothing that it was opened. */
    permissionRan(caseId: string): void;
    /** Whether that could be written in time; where it could not, the permission is not to be used. */
    toldInTime(): boolean;
  };
  readonly actor: {
    /** Roster id of the slot that opened. */
    readonly slotId: string;
    readonly name: string;
    readonly powers: readonly Power[];
    readonly signPublic: Buffer;
  };
  /** The clock is no longer behind the journal: the hours of this session count from here on. */
  countFromHere(): void;
}
