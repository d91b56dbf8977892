import { z } from 'zod';
import { AppError } from '../errors.ts';
import { PARSER_REFUSALS } from './jobs.ts';

/**
 * How requests and answers travel between engine and parser. Large byte arrays leave the message and
 * follow in chunks, so that neither side ever holds a file three times while one message is put together.
 */
export const WIRE_CHUNK_BYTES = 4 * 1024 * 1024;
const INLINE_BYTES = 64 * 1024;
const MAX_BUFFERS = 100_000;
/** A key that no schema of a job uses, so that a reference cannot be mistaken for content. */
const REFERENCE_KEY = '$bytes';

const jobNumber = z.number().int().min(1);
const index = z.number().int().min(0).max(MAX_BUFFERS);
const length = z
  .number()
  .int()
  .min(0)
  .max(2 ** 32);

const bufferMessage = z.object({ type: z.literal('buffer'), job: jobNumber, index, length }).strict();
const chunkMessage = z
  .object({
    type: z.literal('chunk'),
    job: jobNumber,
    index,
    offset: length,
    bytes: z.instanceof(Uint8Array),
  })
  .strict();

/** Engine to parser. */
export const requestMessageSchema = z.discriminatedUnion('type', [
  bufferMessage,
  chunkMessage,
  z
    .object({ type: z.literal('run'), job: jobNumber, name: z.string().max(40), params: z.unknown() })
    .strict(),
]);
export type RequestMessage = z.infer<typeof requestMessageSchema>;

/** Parser to engine. `ready` comes once, when the libraries are loaded. */
export const answerMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }).strict(),
  bufferMessage,
  chunkMessage,
  z.object({ type: z.literal('answer'), job: jobNumber, value: z.unknown() }).strict(),
  /** `ends`: the process can no longer be trusted with a job and is about to end. */
  z
    .object({ type: z.literal('refusal'), job: jobNumber, code: z.enum(PARSER_REFUSALS), ends: z.boolean() })
    .strict(),
]);
export type AnswerMessage = z.infer<typeof answerMessageSchema>;

type BytesMessage = z.infer<typeof bufferMessage> | z.infer<typeof chunkMessage>;

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** Sum of the lengths of all byte arrays inside a value. */
export const countBytes = (value: unknown): number => {
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countBytes(item), 0);
  if (isPlain(value)) return Object.values(value).reduce<number>((sum, item) => sum + countBytes(item), 0);
  return 0;
};

/**
 * Sends the large byte arrays of `value` ahead, chunk by chunk, and gives a copy of `value` in which
 * references stand for them. Each chunk is a copy of its own, so its memory may be handed over.
 */
export const sendBytesAhead = (
  job: number,
  value: unknown,
  send: (message: BytesMessage, transfer: ArrayBuffer[]) => void,
): unknown => {
  let next = 0;
  const walk = (item: unknown): unknown => {
    if (item instanceof Uint8Array) {
      if (item.length <= INLINE_BYTES) return new Uint8Array(item);
      const at = next++;
      send({ type: 'buffer', job, index: at, length: item.length }, []);
      for (let offset = 0; offset < item.length; offset += WIRE_CHUNK_BYTES) {
        const bytes = new Uint8Array(item.subarray(offset, offset + WIRE_CHUNK_BYTES));
        send({ type: 'chunk', job, index: at, offset, bytes }, [bytes.buffer]);
      }
      return { [REFERENCE_KEY]: at };
    }
    if (Array.isArray(item)) return item.map(walk);
    if (isPlain(item))
      return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, walk(inner)]));
    return item;
  };
  return walk(value);
};

/**
 * Puts announced byte arrays together again. Refuses (`parser.badAnswer`) more bytes than `maxBytes`,
 * chunks out of order, overlaps, and references to arrays that never came whole.
 */
export class BytesInbox {
  readonly #maxBytes: number;
  #announced = 0;
  #arrays: { bytes: Uint8Array; filled: number }[] = [];

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  take(message: BytesMessage): void {
    if (message.type === 'buffer') {
      this.#announced += message.length;
      if (message.index !== this.#arrays.length || this.#announced > this.#maxBytes) {
        throw new AppError('parser.badAnswer');
      }
      this.#arrays.push({ bytes: new Uint8Array(message.length), filled: 0 });
      return;
    }
    const target = this.#arrays[message.index];
    if (
      target === undefined ||
      message.offset !== target.filled ||
      message.bytes.length === 0 ||
      message.offset + message.bytes.length > target.bytes.length
    ) {
      throw new AppError('parser.badAnswer');
    }
    target.bytes.set(message.bytes, message.offset);
    target.filled += message.bytes.length;
  }

  /** Gives `value` with every reference replaced, and forgets the arrays. */
  resolve(value: unknown): unknown {
    const arrays = this.#arrays;
    this.#arrays = [];
    this.#announced = 0;
    const walk = (item: unknown, depth: number): unknown => {
      if (depth > 8) throw new AppError('parser.badAnswer');
      if (Array.isArray(item)) return item.map((inner) => walk(inner, depth + 1));
      if (!isPlain(item)) return item;
      const reference = item[REFERENCE_KEY];
      if (reference !== undefined) {
        const found = typeof reference === 'number' ? arrays[reference] : undefined;
        if (found === undefined || found.filled !== found.bytes.length)
          throw new AppError('parser.badAnswer');
        return found.bytes;
      }
      return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, walk(inner, depth + 1)]));
    };
    return walk(value, 0);
  }
}
