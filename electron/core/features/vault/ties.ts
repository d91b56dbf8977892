import { AppError, type ErrorCode } from '#shared/errors.ts';
import { relateHeader, type VerifiedHeader } from '../../crypto/header.ts';
import type { Connection } from '../../db/connection.ts';
import type { Reader } from '../../db/types.ts';
import { lastEntry } from '../../journal/index.ts';
import type { Ports } from '../../ports/index.ts';
import { metaBytes, metaNumber, rememberHeader } from './meta.ts';

/**
 * Ties header and database to each other; finishes a header change that was cut off.
 *
 * @returns why the vault may only be looked at, or null.
 * @throws AppError `vault.headerMismatch` for the header of another vault.
 */
export const tieHeader = (ports: Ports, connection: Connection, header: VerifiedHeader): ErrorCode | null => {
  if (!metaBytes(connection, 'vault_id').equals(header.body.id)) throw new AppError('vault.headerMismatch');
  const stored = { seq: metaNumber(connection, 'header_seq'), hash: metaBytes(connection, 'header_hash') };
  const relation = relateHeader(ports.crypto, header, stored);
  if (relation === 'foreign' || metaNumber(connection, 'generation') !== header.body.generation) {
    return 'vault.headerMismatch';
  }
  if (relation === 'interrupted') {
    rememberHeader(connection, header.body.seq, header.hash);
  }
  return null;
};

/**
 * The header on disk is the very one that this session stands on.
 *
 * @throws AppError `vault.headerMismatch`.
 */
export const requireHeaderOf = (reader: Reader, header: VerifiedHeader): void => {
  const same =
    metaNumber(reader, 'header_seq') === header.body.seq &&
    metaBytes(reader, 'header_hash').equals(header.hash);
  if (!same) throw new AppError('vault.headerMismatch');
};

/**
 * The chain that new entries continue must be the one that the last entry belongs to. `meta` alone is no proof: an
 * old page of it put back would make every later entry break the chain.
 *
 * @returns why the vault may only be looked at, or null.
 */
export const tieJournal = (connection: Connection): ErrorCode | null => {
  const last = lastEntry(connection);
  const same =
    last !== null &&
    last.incarnation.equals(metaBytes(connection, 'incarnation')) &&
    last.device.equals(metaBytes(connection, 'device'));
  return same ? null : 'vault.journalDamaged';
};
