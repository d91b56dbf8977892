import { AppError } from '#shared/errors.ts';
import type { EvidenceId } from '#shared/model/ids.ts';
import type { CoreContext } from '../../context.ts';
import { unwrapObjectKey } from '../../crypto/object-format.ts';
import type { ObjectReader } from '../../files/object-reader.ts';
import { ObjectStore } from '../../files/object-store.ts';
import type { Session } from '../../session.ts';
import { requireKept } from '../holds/index.ts';
import { needEvidence, objectKeyOf, type StoredEvidence } from './evidence-repo.ts';
import { requireReadable } from './preservation-repo.ts';

/** What opening needs: any call with an open vault has it. */
export interface EvidenceContext {
  readonly core: CoreContext;
  readonly session: Session;
}

export const objectStore = ({ core, session }: EvidenceContext): ObjectStore =>
  new ObjectStore(core.ports, session.folder);

export interface OpenedEvidence {
  readonly item: StoredEvidence;
  readonly reader: ObjectReader;
}

/**
 * Opens the encrypted file of an item; the caller closes the reader. What is only preserved for an examination without
 * a ground is opened for `verify` alone, which compares bytes and shows none. Throws `record.notFound`,
 * `examination.preservationOnly`, `evidence.deleted`, `evidence.objectMissing`, `objectTruncated`, `objectSwapped`, `objectDamaged`.
 */
export const openEvidence = async (
  context: EvidenceContext,
  id: EvidenceId,
  purpose: 'read' | 'verify' = 'read',
): Promise<OpenedEvidence> => {
  const { core, session } = context;
  const { item, wrapped } = session.db.read((db) => {
    const found = needEvidence(db, id);
    requireKept(db, id);
    if (purpose === 'read') requireReadable(db, id);
    return { item: found, wrapped: objectKeyOf(db, found.objectId) };
  });
  if (wrapped === null) throw new AppError('evidence.objectMissing');
  const { objectId, sizeBytes } = item;
  const ids = { vaultId: session.vaultId, objectId };
  const key = unwrapObjectKey(core.ports.crypto, session.keys.wrap, ids, wrapped);
  try {
    return { item, reader: await objectStore(context).open({ objectId, key, sizeBytes }) };
  } finally {
    core.ports.crypto.zero(key);
  }
};

/**
 * All bytes of an item, for a parser job or a filing. Throws `parser.tooLarge` above `maxBytes` before
 * anything is read, else as `openEvidence`.
 */
export const readEvidence = async (
  context: EvidenceContext,
  id: EvidenceId,
  maxBytes: number,
): Promise<{ readonly item: StoredEvidence; readonly bytes: Buffer<ArrayBuffer> }> => {
  const { item, reader } = await openEvidence(context, id);
  try {
    if (item.sizeBytes > maxBytes) throw new AppError('parser.tooLarge');
    return { item, bytes: await reader.read(0, item.sizeBytes) };
  } finally {
    await reader.close();
  }
};
