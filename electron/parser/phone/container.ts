import { MemberTap, type ContainerForm, type MemberSink } from './member-tap.ts';
import { TarReader } from './tar-reader.ts';
import type { ZipMember } from './zip-directory.ts';
import { ZipStream } from './zip-stream.ts';

const HEAD_BYTES = 512;

class SingleFile implements ContainerForm {
  readonly #tap: MemberTap;
  readonly #name: string;
  #begun = false;

  constructor(tap: MemberTap, name: string) {
    this.#tap = tap;
    this.#name = name;
  }

  push(bytes: Buffer): Promise<void> {
    if (!this.#begun) this.#tap.begin(this.#name);
    this.#begun = true;
    this.#tap.data(bytes);
    return Promise.resolve();
  }

  end(): Promise<void> {
    if (!this.#begun) this.#tap.begin(this.#name);
    this.#tap.end(null);
    return Promise.resolve();
  }
}

/**
 * Takes a container apart as it comes: a tar (the form in which folders are kept), a zip whose directory is known, or
 * one plain file. Told by content. Memory does not grow with its size.
 */
export class Container {
  readonly kind: 'file' | 'tar' | 'zip';
  readonly #form: ContainerForm;

  /**
   * @param head the first bytes. @param members the files of a zip, null for anything else.
   */
  constructor(sink: MemberSink, name: string, head: Buffer, members: readonly ZipMember[] | null) {
    const tap = new MemberTap(sink);
    if (members !== null) {
      this.kind = 'zip';
      this.#form = new ZipStream(tap, members);
    } else if (head.length >= HEAD_BYTES && head.toString('latin1', 257, 262) === 'ustar') {
      this.kind = 'tar';
      this.#form = new TarReader(tap);
    } else {
      this.kind = 'file';
      this.#form = new SingleFile(tap, name);
    }
  }

  push(bytes: Uint8Array): Promise<void> {
    return this.#form.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  end(): Promise<void> {
    return this.#form.end();
  }
}
