import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError, isAppError } from '#shared/errors.ts';
import type { CallContext, TaskHandle } from '../../context.ts';
import { openPackage, parsePublicKey, verifyPackage } from './package/index.ts';

/**
 * Checks a package made here or elsewhere. Integrity and authorship are answered apart; an age file can only
 * be opened by its recipient, and that is what is said of it.
 *
 * @throws AppError `evidence.targetUnknown`, `package.*`, `disk.*`
 */
export async function verifyExport(
  call: CallContext & { readonly task: TaskHandle },
  input: HandlerInput<'exports.verify'>,
): Promise<CallOutput<'exports.verify'>> {
  const grant = call.core.grants.need(input.target);
  if (grant.kind === 'bytes') throw new AppError('evidence.targetUnknown');
  const publicKey = input.publicKey === undefined ? undefined : parsePublicKey(input.publicKey);
  if (publicKey === null) throw new AppError('package.keyInvalid', { field: 'publicKey' });
  call.task.describe(grant.name);
  let reader;
  try {
    reader = await openPackage(call.core.ports.disk, grant.path);
  } catch (thrown) {
    if (!isAppError(thrown) || thrown.code !== 'package.encrypted') throw thrown;
    return {
      intact: false,
      authentic: null,
      signature: null,
      signed: null,
      encrypted: true,
      files: 0,
      problems: [{ code: 'encrypted', file: grant.name }],
    };
  }
  try {
    const verdict = await verifyPackage(reader, call.core.ports.crypto, {
      ...(publicKey === undefined ? {} : { publicKey }),
      signal: call.task.signal,
    });
    return {
      intact: verdict.intact,
      authentic: verdict.authentic,
      signature: verdict.signature,
      signed: verdict.signature !== 'none',
      encrypted: false,
      files: verdict.sumCount,
      problems: verdict.problems.map((problem) => ({ code: problem.kind, file: problem.path ?? '' })),
    };
  } finally {
    await reader.close();
  }
}
