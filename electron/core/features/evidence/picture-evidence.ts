import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { PARSER_LIMITS, type Pixels } from '#shared/parser/jobs.ts';
import type { OpenCall, TaskHandle } from '../../context.ts';
import { readingOf } from './evidence-types.ts';
import { readEvidence } from './open-evidence.ts';
import { encodePng } from './png.ts';

type TaskCall = OpenCall & { readonly task: TaskHandle };

const draw = async (
  call: TaskCall,
  input: HandlerInput<'evidence.picture'>,
  mime: string,
  bytes: Buffer<ArrayBuffer>,
): Promise<Pixels> => {
  const { parser } = call.core;
  const options = { source: input.id, signal: call.task.signal };
  const { maxSide, page } = input;
  switch (readingOf(mime)) {
    case 'image':
      return parser.run('image.pixels', { bytes, maxSide }, options);
    case 'heic':
      return parser.run('heic.pixels', { bytes, maxSide }, options);
    case 'pdf':
      return parser.run('pdf.render', { bytes, page, maxPixels: maxSide * maxSide }, options);
    case 'text':
    case 'office':
    case 'none':
      throw new AppError('parser.unsupported');
  }
};

/**
 * A picture of an item for the viewer, drawn without keys and encoded by us.
 *
 * @throws AppError `record.notFound`, `evidence.object*`, `parser.*`, `call.cancelled`
 */
export async function pictureEvidence(
  call: TaskCall,
  input: HandlerInput<'evidence.picture'>,
): Promise<CallOutput<'evidence.picture'>> {
  const { item, bytes } = await readEvidence(call, input.id, PARSER_LIMITS.maxInputBytes);
  call.session.reads.note(call.method, 'evidence', input.id);
  call.task.describe(item.title);
  const pixels = await draw(call, input, item.mime, bytes);
  // Twice the side leaves room for long narrow pages; more than that was not asked for.
  if (pixels.width * pixels.height > 4 * input.maxSide ** 2) throw new AppError('parser.badAnswer');
  return { png: await encodePng(pixels), width: pixels.width, height: pixels.height };
}
