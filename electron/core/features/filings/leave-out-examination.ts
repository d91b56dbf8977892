import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { OpenCall } from '../../context.ts';
import { readMaterial } from './case-material.ts';
import { changeSettings } from './prepare-export.ts';

/**
 * Goes on without an examination whose findings were altered, or takes that back. Only such an examination can be left
 * out: what is intact is told or not by what its people answered, never by picking what fits.
 *
 * @throws AppError `record.notFound` where its findings agree with their signed record, or it is not of this case;
 *   `export.changedSinceCheck` after the release.
 */
export function leaveOutExamination(
  call: OpenCall,
  input: HandlerInput<'exports.leaveOutExamination'>,
): CallOutput<'exports.leaveOutExamination'> {
  changeSettings(call, input.id, (settings, tx, item) => {
    const altered = readMaterial(tx, item).forensic.flatMap((device) => device.altered);
    if (!altered.some(({ examination }) => examination.id === input.examinationId))
      throw new AppError('record.notFound');
    const others = settings.leftOut.filter((one) => one !== input.examinationId);
    return { ...settings, leftOut: input.leftOut ? [...others, input.examinationId] : others };
  });
  return {};
}
