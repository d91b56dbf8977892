import { createHash, type Hash } from 'node:crypto';
import type { PhoneFileReason } from '#shared/parser/phone.ts';

/** What is told of each file inside, in the order in which they lie there. */
export interface MemberSink {
  /** A file begins. Gives false where its content need not be handed over (its hash is made all the same). */
  begin(path: string): boolean;
  data(bytes: Uint8Array): void;
  /** `reason`: why the content is not whole, or null. */
  end(sizeBytes: number, sha256: string | null, reason: PhoneFileReason | null): void;
}

/** Hashes and counts what passes on its way to the sink. */
export class MemberTap {
  readonly #sink: MemberSink;
  #hash: Hash | null = null;
  #size = 0;
  #wanted = false;

  constructor(sink: MemberSink) {
    this.#sink = sink;
  }

  begin(path: string): void {
    this.#hash = createHash('sha256');
    this.#size = 0;
    this.#wanted = this.#sink.begin(path);
  }

  data(bytes: Uint8Array): void {
    this.#hash?.update(bytes);
    this.#size += bytes.length;
    if (this.#wanted) this.#sink.data(bytes);
  }

  end(reason: PhoneFileReason | null): void {
    // A hash of a part would look like that of the file.
    const whole = reason === null || reason === 'unsafeName';
    this.#sink.end(this.#size, whole ? (this.#hash?.digest('hex') ?? null) : null, reason);
    this.#hash = null;
  }
}

/** One way of lying in a container. */
export interface ContainerForm {
  push(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
}

/** Names are shown and compared, never opened; one that climbs out of its folder is hostile all the same. */
export const isUnsafeName = (path: string): boolean =>
  path.startsWith('/') ||
  path.includes('\\') ||
  path.includes('\0') ||
  /^[a-zA-Z]:/u.test(path) ||
  path.split('/').some((part) => part === '..');
