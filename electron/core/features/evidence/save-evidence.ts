import { dirname, join } from 'node:path';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { OpenCall, TaskHandle } from '../../context.ts';
import { write } from '../../db/index.ts';
import { removeQuietly, temporaryName } from '../../files/atomic-write.ts';
import { onDisk } from '../../files/disk-errors.ts';
import type { ObjectReader } from '../../files/object-reader.ts';
import { childPath, safeFileName } from '../../files/safe-name.ts';
import { recordCustody } from './custody.ts';
import { openEvidence } from './open-evidence.ts';
import { forgetUnfinishedCopy, noteUnfinishedCopy } from './unfinished-copy-repo.ts';

type TaskCall = OpenCall & { readonly task: TaskHandle };

/** Content into a temporary file beside the target, checked, then renamed: the target is whole or not there. */
const copyOut = async (
  call: TaskCall,
  reader: ObjectReader,
  sha256: Buffer,
  places: { readonly temporary: string; readonly path: string },
): Promise<void> => {
  const { disk, crypto } = call.core.ports;
  const { temporary, path } = places;
  const folder = dirname(path);
  try {
    await onDisk('writing', async () => {
      if ((await disk.freeBytes(folder)) < reader.sizeBytes) throw new AppError('disk.full');
      const file = await disk.open(temporary, 'create');
      try {
        let position = 0;
        const found = await reader.stream(
          async (piece) => {
            await file.write(piece, position);
            position += piece.length;
          },
          {
            signal: call.task.signal,
            progress: (done, total) => {
              call.task.progress('saving', done, total, 'bytes');
            },
          },
        );
        if (!crypto.equal(found, sha256)) throw new AppError('evidence.objectDamaged');
        await file.sync();
      } finally {
        await file.close();
      }
      await disk.rename(temporary, path);
      await disk.syncFolder(folder);
    });
  } catch (thrown) {
    await removeQuietly(disk, temporary);
    throw thrown;
  }
};

/** Takes the name of the temporary file out of the vault again once it is gone. Else the next start sees to both. */
const settle = async (call: TaskCall, rowId: string, temporary: string): Promise<void> => {
  try {
    if ((await call.core.ports.disk.stat(temporary)) !== null) return;
    write(call, (tx) => {
      forgetUnfinishedCopy(tx, rowId);
    });
  } catch {
    // Locked or taken over meanwhile, or the place is out of reach.
  }
};

/**
 * Decrypts one item to a place that a person chose, and says so in the custody record first: a copy that is
 * out and not recorded is worse than a record of a copy that failed. The half-written file is named in the vault
 * from the same moment on, so that one left in clear by a crash or a lock is removed at the next start.
 *
 * @throws AppError `evidence.targetUnknown`, `evidence.object*`, `disk.*`, `record.notFound`, `vault.readOnly`,
 *   `call.cancelled`
 */
export async function saveEvidence(
  call: TaskCall,
  input: HandlerInput<'evidence.save'>,
): Promise<CallOutput<'evidence.save'>> {
  const { disk, random, clock } = call.core.ports;
  const grant = call.core.grants.need(input.target);
  if (grant.kind !== 'targetFile' && grant.kind !== 'targetFolder')
    throw new AppError('evidence.targetUnknown');
  const { item, reader } = await openEvidence(call, input.id);
  try {
    call.task.describe(item.title);
    let path = grant.path;
    if (grant.kind === 'targetFolder') {
      path = childPath(grant.path, safeFileName(item.originalName, `evidence-${item.id.slice(-6)}`));
      // The dialogue asks before it replaces a file; nobody was asked about names inside a folder.
      if ((await disk.stat(path)) !== null) throw new AppError('disk.targetExists');
    }
    const temporary = join(dirname(path), temporaryName(random));
    const rowId = call.core.newId();
    recordCustody(call, input.id, { action: 'copied', detail: '' }, (tx) => {
      noteUnfinishedCopy(tx, rowId, temporary, clock.now());
    });
    try {
      await copyOut(call, reader, item.sha256, { temporary, path });
    } finally {
      await settle(call, rowId, temporary);
    }
    return { sizeBytes: item.sizeBytes, sha256: item.sha256.toString('hex') };
  } finally {
    await reader.close();
  }
}
