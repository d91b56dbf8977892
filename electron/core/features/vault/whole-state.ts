import type { VerifiedHeader } from '../../crypto/header.ts';
import type { Connection } from '../../db/connection.ts';
import { entryOfChain, lastEntry } from '../../journal/index.ts';
import type { Ports } from '../../ports/index.ts';
import { ProfileAnchors, readAnchor, type AnchorParts } from './anchor-keeper.ts';
import { metaBytesOrNull } from './meta.ts';
import { tieHeader, tieJournal } from './ties.ts';

/**
 * Whether a database that nobody has opened as a vault is all that there was. SQLite drops a damaged end of the log
 * without a word, and what is left looks perfect from inside: only the anchor, which lies outside, tells.
 *
 * An anchor of this computer counts only where it speaks of a chain that the database knows: a vault that was
 * restored here before goes on in a chain of its own.
 *
 * @param connection of a copy, which may be written to (a header change that was cut off is finished in it).
 * @param parts with the folder that database and anchor were in, and the key of `header`.
 * @returns false where changes are missing, or where nothing is there that could tell.
 * @throws AppError `vault.headerMismatch` for the header of another vault, `vault.databaseDamaged`.
 */
export const isWholeState = async (
  ports: Ports,
  connection: Connection,
  header: VerifiedHeader,
  parts: AnchorParts,
): Promise<boolean> => {
  if (tieHeader(ports, connection, header) !== null || tieJournal(connection) !== null) return false;
  const { newest } = await readAnchor(parts);
  const last = lastEntry(connection);
  const rotated = metaBytesOrNull(connection, 'rotated_head');
  // Right after a rotation the anchor is still under the key before.
  const justRotated = rotated !== null && last?.hash.equals(rotated) === true;
  if (newest === null && !justRotated) return false;
  const { profileFolder } = ports.platform;
  const copy = profileFolder === null ? null : await new ProfileAnchors(parts, profileFolder).find();
  const isHere = (incarnation: Buffer): boolean => entryOfChain(connection, incarnation, 1) !== null;
  const known = [newest, copy !== null && isHere(copy.incarnation) ? copy : null];
  return known.every(
    (anchor) =>
      anchor === null ||
      entryOfChain(connection, anchor.incarnation, anchor.journalSeq)?.hash.equals(anchor.journalHead) ===
        true,
  );
};
