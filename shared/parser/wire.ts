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

/**
 * An array whose bytes come outside the messages: one after the other over the inlet of the process, or, with `at`, at
 * that place of the memory that both sides see.
 */
const pouredMessage = z
  .object({ type: z.literal('poured'), job: jobNumber, index, length, at: length.optional() })
  .strict();

export type PouredMessage = z.infer<typeof pouredMessage>;

/** Engine to parser. */
export const requestMessageSchema = z.discriminatedUnion('type', [
  bufferMessage,
  chunkMessage,
  pouredMessage,
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

/** The array stands alone in its memory and makes one chunk: a transport would copy nothing beside it. */
const isOneChunk = (bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> =>
  bytes.length <= WIRE_CHUNK_BYTES &&
  bytes.byteLength === bytes.buffer.byteLength &&
  bytes.buffer instanceof ArrayBuffer;

/**
 * Sends the large byte arrays of `value` ahead, chunk by chunk, and gives a copy of `value` in which
 * references stand for them. A chunk is a copy of its own, whose memory may be handed over, or the sender's array as it
 * is, whose memory may not: every transport has copied it when `send` returns.
 *
 * @param pour where the transport has a way for bytes beside its messages: the announcement, and the array itself, which
 *   has to stay as it is until the job is answered. Nothing is copied, and no memory is taken for it.
 */
export const sendBytesAhead = (
  job: number,
  value: unknown,
  send: (message: BytesMessage, transfer: ArrayBuffer[]) => void,
  pour?: (announced: PouredMessage, bytes: Uint8Array) => void,
): unknown => {
  let next = 0;
  const walk = (item: unknown): unknown => {
    if (item instanceof Uint8Array) {
      if (item.length <= INLINE_BYTES) return new Uint8Array(item);
      const at = next++;
      if (pour !== undefined) {
        pour({ type: 'poured', job, index: at, length: item.length }, item);
        return { [REFERENCE_KEY]: at };
      }
      send({ type: 'buffer', job, index: at, length: item.length }, []);
      if (isOneChunk(item)) {
        send({ type: 'chunk', job, index: at, offset: 0, bytes: new Uint8Array(item.buffer) }, []);
        return { [REFERENCE_KEY]: at };
      }
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
  #arrays: { readonly length: number; bytes: Uint8Array | null; filled: number }[] = [];

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  take(message: BytesMessage): void {
    if (message.type === 'buffer') {
      this.#announced += message.length;
      if (message.index !== this.#arrays.length || this.#announced > this.#maxBytes) {
        throw new AppError('parser.badAnswer');
      }
      this.#arrays.push({ length: message.length, bytes: null, filled: 0 });
      return;
    }
    const target = this.#arrays[message.index];
    if (
      target === undefined ||
      message.offset !== target.filled ||
      message.bytes.length === 0 ||
      message.offset + message.bytes.length > target.length
    ) {
      throw new AppError('parser.badAnswer');
    }
    // What came in one piece stays where it came; memory for the rest is taken when its first piece is there.
    if (message.bytes.length === target.length) target.bytes = message.bytes;
    else {
      target.bytes ??= new Uint8Array(target.length);
      target.bytes.set(message.bytes, message.offset);
    }
    target.filled += message.bytes.length;
  }

  /** Takes an array that came outside the messages. `drain` gives that many bytes, from `at` if it is named. */
  takePoured(
    {
      index,
      length,
      at,
    }: { readonly index: number; readonly length: number; readonly at?: number | undefined },
    drain: (length: number, at: number | undefined) => Uint8Array,
  ): void {
    this.#announced += length;
    if (index !== this.#arrays.length || this.#announced > this.#maxBytes)
      throw new AppError('parser.badAnswer');
    this.#arrays.push({ length, bytes: drain(length, at), filled: length });
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
        if (found === undefined || found.filled !== found.length) throw new AppError('parser.badAnswer');
        return found.bytes ?? new Uint8Array(0);
      }
      return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, walk(inner, depth + 1)]));
    };
    return walk(value, 0);
  }
}
