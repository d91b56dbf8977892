import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { PARSER_LIMITS, type Pixels } from '#shared/parser/jobs.ts';
import { proposeMessage } from '#shared/surveillance/message-proposal.ts';
import { defangText } from '#shared/surveillance/defang.ts';
import type { OpenCall, TaskHandle } from '../../../context.ts';
import { readEvidence } from '../../evidence/index.ts';
import { linksOfMessage } from './message-keys.ts';

/** Longer side of what the recogniser gets: enough for the smallest letters of a telephone, and bounded in time. */
const MAX_SIDE = 3_000;
const HEIC = /^image\/hei[cf](?:-sequence)?$/u;
/** A line of the record. */
const MAX_SENDER_CHARS = 200;

const pixelsOf = (
  call: OpenCall & { readonly task: TaskHandle },
  mime: string,
  bytes: Buffer<ArrayBuffer>,
  source: string,
): Promise<Pixels> => {
  const { parser } = call.core;
  const options = { source, signal: call.task.signal };
  if (HEIC.test(mime)) return parser.run('heic.pixels', { bytes, maxSide: MAX_SIDE }, options);
  if (mime.startsWith('image/') && !mime.includes('svg'))
    return parser.run('image.pixels', { bytes, maxSide: MAX_SIDE }, options);
  throw new AppError('parser.unsupported');
};

/**
 * Reads a picture of a message and proposes text, sender and links. The picture is decoded and read in parser processes
 * that know no key and no network; nothing of the answer is stored.
 *
 * @throws AppError `record.notFound`, `evidence.deleted`, `examination.preservationOnly`, `parser.*`, `call.cancelled`
 */
export async function readMessagePicture(
  call: OpenCall & { readonly task: TaskHandle },
  input: HandlerInput<'messages.readPicture'>,
): Promise<CallOutput<'messages.readPicture'>> {
  const { item, bytes } = await readEvidence(call, input.evidenceId, PARSER_LIMITS.maxInputBytes);
  call.session.reads.note(call.method, 'evidence', input.evidenceId);
  call.task.describe(item.title);
  const pixels = await pixelsOf(call, item.mime, bytes, input.evidenceId);
  const { lines } = await call.core.parser.run(
    'ocr.lines',
    { pixels },
    { source: input.evidenceId, signal: call.task.signal },
  );
  const found = proposeMessage(lines, pixels.height, (text) => linksOfMessage(text, []));
  return {
    text: found.text,
    textDefanged: defangText(found.text),
    sender: found.sender.slice(0, MAX_SENDER_CHARS),
    links: found.links.map(({ defanged, joined }) => ({ defanged, joined })),
    confidence: found.confidence,
  };
}
