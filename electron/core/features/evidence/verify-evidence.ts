import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { isAppError } from '#shared/errors.ts';
import type { OpenCall, TaskHandle } from '../../context.ts';
import { recordCustody } from './custody.ts';
import { openEvidence } from './open-evidence.ts';

/**
 * Reads a whole item back, padding included, and compares with the recorded hash. Either outcome is written
 * into the custody record. What is wrong with the object is the answer, not an error.
 *
 * @throws AppError `record.notFound`, `evidence.deleted`, `call.cancelled`, `disk.notReadable`, `vault.readOnly`
 */
export async function verifyEvidence(
  call: OpenCall & { readonly task: TaskHandle },
  input: HandlerInput<'evidence.verify'>,
): Promise<CallOutput<'evidence.verify'>> {
  let code: string | null = null;
  try {
    const { item, reader } = await openEvidence(call, input.id, 'verify');
    call.task.describe(item.title);
    try {
      await reader.verify(item.sha256, {
        signal: call.task.signal,
        progress: (done, total) => {
          call.task.progress('verifying', done, total, 'bytes');
        },
      });
    } finally {
      await reader.close();
    }
  } catch (thrown) {
    if (!isAppError(thrown) || !thrown.code.startsWith('evidence.') || thrown.code === 'evidence.deleted')
      throw thrown;
    code = thrown.code;
  }
  recordCustody(call, input.id, { action: 'verified', detail: code ?? 'ok' });
  return { ok: code === null, code };
}
