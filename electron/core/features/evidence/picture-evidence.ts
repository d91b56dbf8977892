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

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What boxes on the picture are measured in: pixels of the whole picture as it is shown, or points of the page. */
const sourceSize = async (
  call: TaskCall,
  input: HandlerInput<'evidence.picture'>,
  mime: string,
  bytes: Buffer<ArrayBuffer>,
  shown: Pixels,
): Promise<Size | null> => {
  const { parser } = call.core;
  const options = { source: input.id, signal: call.task.signal };
  switch (readingOf(mime)) {
    case 'image': {
      const { width, height } = await parser.run('image.inspect', { bytes }, options);
      // The file may hold the picture lying; what is shown is turned upright.
      const turned = width > height !== shown.width > shown.height;
      return turned ? { width: height, height: width } : { width, height };
    }
    case 'pdf': {
      const { pages } = await parser.run('pdf.pages', { bytes, maxPages: input.page + 1 }, options);
      return pages[input.page] ?? null;
    }
    case 'heic':
      // Not shrunk below the limit of the viewer; beyond it a second decoding would cost more than it gives.
      return Math.max(shown.width, shown.height) < input.maxSide ? shown : null;
    case 'text':
    case 'office':
    case 'none':
      return null;
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
  const source = await sourceSize(call, input, item.mime, bytes, pixels);
  return {
    png: await encodePng(pixels),
    width: pixels.width,
    height: pixels.height,
    ...(source === null ? {} : { sourceWidth: source.width, sourceHeight: source.height }),
  };
}
