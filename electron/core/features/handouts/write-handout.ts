import { dirname } from 'node:path';
import { AppError } from '#shared/errors.ts';
import type { TargetId } from '#shared/model/ids.ts';
import type { OpenCall } from '../../context.ts';
import { nodeSha256Stream } from '../../crypto/node-sha256.ts';
import { write } from '../../db/index.ts';
import { writeFileAtomically } from '../../files/atomic-write.ts';
import { childPath } from '../../files/safe-name.ts';
import { whyNotHere } from '../vault/index.ts';
import { insertHandout, type Handout } from './handout-repo.ts';

/** Where the file goes. @throws AppError `evidence.targetUnknown`, `disk.targetExists`, `export.cloudFolder` */
async function placeOf(call: OpenCall, target: TargetId, fileName: string): Promise<string> {
  const grant = call.core.grants.need(target);
  if (grant.kind !== 'targetFile' && grant.kind !== 'targetFolder')
    throw new AppError('evidence.targetUnknown');
  const { disk } = call.core.ports;
  const path = grant.kind === 'targetFile' ? grant.path : childPath(grant.path, fileName);
  if (grant.kind === 'targetFolder' && (await disk.stat(path)) !== null)
    throw new AppError('disk.targetExists');
  // What a cloud service copies cannot be taken back.
  if ((await whyNotHere(disk, dirname(path))) === 'vault.syncedFolder')
    throw new AppError('export.cloudFolder');
  return path;
}

/**
 * Writes a small document to a chosen place. That it leaves is written down first: a file that is out and not recorded
 * is worse than a record of one that could not be written.
 *
 * @throws AppError `evidence.targetUnknown`, `disk.*`, `export.cloudFolder`, `vault.readOnly`
 */
export async function writeHandout(
  call: OpenCall,
  target: TargetId,
  handout: Handout,
  bytes: Buffer,
): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  const path = await placeOf(call, target, handout.fileName);
  const hash = nodeSha256Stream();
  hash.update(bytes);
  const sha256 = hash.digest();
  const id = call.core.newId();
  const now = call.core.ports.clock.now();
  write(call, (tx) => {
    insertHandout(tx, id, handout, { sizeBytes: bytes.length, sha256, actor: call.session.actor.name }, now);
    const { kind, subjectId, recipient, settings } = handout;
    tx.journal({
      table: 'surveillance_output',
      id,
      payload: { kind, subjectId, recipient, settings, sha256: Buffer.from(sha256).toString('hex') },
    });
    tx.afterCommit(() => {
      call.core.emit({ name: 'surveillance.changed', payload: { caseId: handout.caseId } });
    });
  });
  await writeFileAtomically(call.core.ports, path, bytes);
  return { sizeBytes: bytes.length, sha256: Buffer.from(sha256).toString('hex') };
}
