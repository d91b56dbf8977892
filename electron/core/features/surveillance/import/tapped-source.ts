import type { ObjectSource } from '../../../files/object-source.ts';

/** Bytes of one piece. */
const PIECE_BYTES = 1024 * 1024;
/** Pieces that the other reader has at once: one at work and one that is there when that is done. */
const FLYING = 2;

type Take = (piece: Uint8Array<ArrayBuffer>) => Promise<void>;

/**
 * A source that is being kept and read by somebody else in the same pass: every byte goes once and in order to `take`,
 * piece by piece, while it is encrypted. Where the other reader is slower, the keeping waits for it; where it fails, the
 * keeping goes on, for the bytes are worth having whatever they say. `finish` tells of the failure.
 */
export class TappedSource implements ObjectSource {
  readonly #source: ObjectSource;
  readonly #take: Take;
  /** What is gathered, and behind it what the other reader has, the oldest first; they change places. */
  readonly #memory = Array.from({ length: FLYING + 1 }, () => new Uint8Array(PIECE_BYTES));
  #length = 0;
  /** The last piece, where it is shorter: it stands alone in its memory, as whoever takes it may send all of that. */
  #short: Uint8Array<ArrayBuffer> | null = null;
  /** Bytes of the source that were gathered. */
  #position = 0;
  readonly #flying: Promise<void>[] = Array.from({ length: FLYING }, () => Promise.resolve());
  /** Reads stand in line here: whoever looks at the beginning for the type reads beside the keeping. */
  #turn: Promise<void> = Promise.resolve();
  #failure: { readonly thrown: unknown } | null = null;

  /** @param take gets a piece that stays as it is until the promise is settled, and the next one perhaps before. */
  constructor(source: ObjectSource, take: Take) {
    this.#source = source;
    this.#take = take;
  }

  get sizeBytes(): number {
    return this.#source.sizeBytes;
  }

  async read(buffer: Buffer, position: number): Promise<number> {
    const count = await this.#source.read(buffer, position);
    const turn = this.#turn.then(() => this.#gather(buffer.subarray(0, count), position));
    this.#turn = turn;
    await turn;
    return count;
  }

  assertUnchanged(): Promise<void> {
    return this.#source.assertUnchanged();
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  /** Never throws: a failure of the other reader is no failure of the keeping. */
  async #gather(bytes: Buffer, position: number): Promise<void> {
    // What lies before was gathered already; what lies beyond a gap is a look at another place.
    const from = this.#position - position;
    if (this.#failure !== null || from < 0 || from >= bytes.length) return;
    this.#position += bytes.length - from;
    for (let at = from; at < bytes.length && this.#failure === null;) {
      const part = bytes.subarray(at, at + PIECE_BYTES - this.#length);
      this.#memory[0]?.set(part, this.#length);
      this.#length += part.length;
      at += part.length;
      if (this.#length === PIECE_BYTES) await this.#hand();
    }
  }

  /** Hands over what was gathered, once the other reader is done with all but the last of the pieces before. */
  async #hand(): Promise<void> {
    await this.#flying.shift();
    const [filled, ...others] = this.#memory;
    if (this.#failure !== null || this.#length === 0 || filled === undefined) {
      this.#flying.push(Promise.resolve());
      return;
    }
    const piece = this.#length === PIECE_BYTES ? filled : (this.#short = filled.slice(0, this.#length));
    this.#memory.splice(0, this.#memory.length, ...others, filled);
    this.#length = 0;
    this.#flying.push(
      this.#take(piece).catch((thrown: unknown) => {
        this.#failure ??= { thrown };
      }),
    );
  }

  /** Waits until everything was taken. Throws what the other reader threw. */
  async finish(): Promise<void> {
    await this.#turn;
    await this.#hand();
    await Promise.all(this.#flying);
    if (this.#failure !== null) throw this.#failure.thrown;
    if (this.#position !== this.sizeBytes) throw new RangeError('not everything was read');
  }

  /** Waits until nobody uses the pieces any more, and empties them. */
  async wipe(): Promise<void> {
    await this.#turn;
    await Promise.all(this.#flying);
    for (const memory of this.#memory) memory.fill(0);
    this.#short?.fill(0);
  }
}
