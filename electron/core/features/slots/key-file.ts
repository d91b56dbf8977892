import { dirname } from 'node:path';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { OpenCall } from '../../context.ts';
import { onDisk } from '../../files/disk-errors.ts';
import { writeNewFile } from '../vault/index.ts';

const KEY_FILE_BYTES = 64;

/**
 * Writes a key file: random bytes that no program has a reason to save anew.
 *
 * @throws AppError `disk.targetExists`, `disk.*`, `evidence.targetUnknown`.
 */
export const makeKeyFile = async (
  call: OpenCall,
  input: HandlerInput<'slots.makeKeyFile'>,
): Promise<CallOutput<'slots.makeKeyFile'>> => {
  const { disk, random, crypto } = call.core.ports;
  const grant = call.core.grants.need(input.target);
  if (grant.kind !== 'targetFile') throw new AppError('evidence.targetUnknown');
  const bytes = random.bytes(KEY_FILE_BYTES);
  try {
    await writeNewFile(disk, grant.path, bytes);
    await onDisk('writing', () => disk.syncFolder(dirname(grant.path)));
  } finally {
    crypto.zero(bytes);
  }
  return {};
};
