import type { backupHoldingSchema } from '#shared/contract/erasure.ts';
import type { EvidenceId } from '#shared/model/ids.ts';
import type { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { read, type Reader } from '../../db/index.ts';
import { backupsHolding as holding } from '../backup/index.ts';
import { keptCopies, leftKeptCopies } from '../vault/index.ts';

const beforeUpdate = ({ madeMs }: { readonly madeMs: number }): z.output<typeof backupHoldingSchema> => ({
  kind: 'beforeUpdate',
  place: '',
  at: new Date(madeMs).toISOString(),
  reachable: true,
});

/** What a copy may hold. */
export interface HeldWhere {
  readonly evidenceId?: EvidenceId;
  readonly beforePosition?: number;
  /**
   * What is asked for was erased at that position. Erasing takes the row of every copy beside the vault away, so one
   * that has a row was made later and cannot hold it.
   */
  readonly erased?: boolean;
}

/** Copies that were found, and whether the vault's folder could be looked at for those that nobody remembers. */
export interface FoundCopies {
  readonly rows: z.output<typeof backupHoldingSchema>[];
  readonly looked: boolean;
}

/**
 * Backups that still hold one item with its key, or anything from before a position of the journal; with dates, for
 * the person who has to be told. They are not recalled by what is done here. Copies of the database from before an
 * update, which lie beside the vault, are among them as long as they are there: deleting and erasing takes them away.
 */
const backupsHolding = (db: Reader, what: HeldWhere): z.output<typeof backupHoldingSchema>[] => [
  ...(what.erased === true ? [] : keptCopies(db).map(beforeUpdate)),
  ...holding(db, what).map(({ name, takenMs, lost }) => ({
    kind: 'backup' as const,
    place: name,
    at: new Date(takenMs).toISOString(),
    reachable: !lost,
  })),
];

/**
 * The same with those copies beside the vault that were given up and could not be removed: they hold everything.
 * Where the folder cannot be read nobody knows of these: a paper that lists copies says so.
 */
export const findCopies = async (call: OpenCall, what: (db: Reader) => HeldWhere): Promise<FoundCopies> => {
  const { rows, staying } = read(call, (db) => ({
    rows: backupsHolding(db, what(db)),
    staying: new Set(keptCopies(db).map(({ name }) => name)),
  }));
  try {
    const left = await leftKeptCopies(call.core.ports.disk, call.session.folder, staying);
    return { rows: [...left.map(beforeUpdate), ...rows], looked: true };
  } catch {
    return { rows, looked: false };
  }
};

/** The copies alone, for answers that say themselves that not everything could be removed. */
export const copiesHolding = async (
  call: OpenCall,
  what: (db: Reader) => HeldWhere,
): Promise<FoundCopies['rows']> => (await findCopies(call, what)).rows;
