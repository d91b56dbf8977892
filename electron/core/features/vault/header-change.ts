import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import {
  encodeHeader,
  parseHeader,
  relateHeader,
  type HeaderBody,
  type VerifiedHeader,
} from '../../crypto/header.ts';
import { arrangeSlots, slotIdOf } from '../../crypto/slots.ts';
import { writeFileAtomically } from '../../files/atomic-write.ts';
import { metaBytes, metaNumber, rememberHeader } from './meta.ts';
import type { OpenVault } from './open-vault.ts';
import { liveRows, readRoster } from './roster.ts';
import { HEADER_FILE, readHeaderFile } from './vault-files.ts';

/**
 * The header that belongs to the open database. A replacement that was cut off before the database heard of it is
 * finished here, as it would be at the next opening.
 *
 * @throws AppError `vault.headerMismatch`, `vault.headerDamaged`, `vault.headerUnreadable`.
 */
export const currentHeader = async (vault: OpenVault): Promise<VerifiedHeader> => {
  const { crypto, disk } = vault.ports;
  const header = parseHeader(await readHeaderFile(disk, vault.folder)).verify(crypto, vault.headerKey);
  const { connection } = vault.db;
  const stored = { seq: metaNumber(connection, 'header_seq'), hash: metaBytes(connection, 'header_hash') };
  const relation = relateHeader(crypto, header, stored);
  if (relation === 'foreign' || header.body.generation !== vault.generation) {
    throw new AppError('vault.headerMismatch');
  }
  if (relation === 'interrupted') {
    rememberHeader(connection, header.body.seq, header.hash);
    vault.headerChanged(header.body.seq);
  }
  return header;
};

/** Records in use, by slot id in hex; the rest of the 16 are random bytes. */
export const usedRecords = (vault: OpenVault, body: HeaderBody): Map<string, Buffer> => {
  const live = new Set(liveRows(readRoster(vault.db.connection)).map((row) => row.id));
  return new Map(
    body.slots
      .map((record) => [slotIdOf(record).toString('hex'), record] as const)
      .filter(([id]) => live.has(id)),
  );
};

/** What a change of the header makes of it; what is left out stays. Records by slot id. */
export interface HeaderChange {
  readonly records?: ReadonlyMap<string, Buffer>;
  readonly epochs?: HeaderBody['epochs'];
}

/**
 * Replaces `vault.json` by one with the next number: temporary file, fsync, rename, fsync of the folder; then the
 * database remembers it. A crash in between is finished at the next opening. Records are shuffled anew and unused
 * places filled with new random bytes, so that two headers do not tell who came or went.
 *
 * @throws AppError `slots.full` for more than 16 records, `vault.headerMismatch`, `vault.takenOver`,
 *   `vault.readOnly`, `disk.*`.
 */
export const replaceHeader = async (
  vault: OpenVault,
  change: (header: VerifiedHeader, used: Map<string, Buffer>) => HeaderChange,
): Promise<void> => {
  const { crypto, random } = vault.ports;
  vault.db.requireWritable();
  const header = await currentHeader(vault);
  const used = usedRecords(vault, header.body);
  const { records = used, epochs = header.body.epochs } = change(header, used);
  if (records.size > 16) throw new AppError('slots.full');
  const next = encodeHeader(
    crypto,
    {
      ...header.body,
      seq: header.body.seq + 1,
      prev: header.hash,
      epochs,
      slots: arrangeSlots(random, [...records.values()]),
    },
    vault.headerKey,
  );
  // Reading took a moment, in which another computer may have taken the vault over.
  vault.db.requireWritable();
  await writeFileAtomically(vault.ports, join(vault.folder, HEADER_FILE), next.file);
  rememberHeader(vault.db.connection, header.body.seq + 1, next.hash);
  vault.headerChanged(header.body.seq + 1);
};
