import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib';
import type { PhoneFileReason } from '#shared/parser/phone.ts';
import { Refusal } from '../refusal.ts';
import { isUnsafeName, type ContainerForm, type MemberTap } from './member-tap.ts';
import type { ZipMember } from './zip-directory.ts';

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;

/** Results of phones pack well, but a bomb packs better: deflate reaches 1032 to 1. */
const MAX_RATIO = 300;
const RATIO_FREE_BYTES = 64 * 1024 * 1024;
/** All that one archive may unpack to. */
const MAX_TOTAL_BYTES = 64 * 1024 ** 3;

/**
 * Unpacks the files of a zip as its bytes come from first to last. Their places are known from the directory, which is
 * asked for before; what lies in no file is passed over.
 */
export class ZipStream implements ContainerForm {
  readonly #tap: MemberTap;
  readonly #members: readonly ZipMember[];
  #next = 0;
  /** Byte of the archive that comes next. */
  #position = 0;
  #header = Buffer.alloc(0);
  /** Packed bytes of the file at hand that are still to come; -1 while its header is read. */
  #left = -1;
  #unpacked = 0;
  #sum = 0;
  #total = 0;
  #inflate: InflateRaw | null = null;
  #inflated = false;
  #stopped: PhoneFileReason | null = null;

  constructor(tap: MemberTap, members: readonly ZipMember[]) {
    this.#tap = tap;
    this.#members = members;
  }

  async push(bytes: Buffer): Promise<void> {
    let at = 0;
    while (at < bytes.length) {
      const member = this.#members[this.#next];
      if (member === undefined) return;
      const before = member.offset - this.#position;
      const part =
        before > 0
          ? bytes.subarray(at, at + before)
          : this.#left === -1
            ? bytes.subarray(at, at + this.#missing())
            : bytes.subarray(at, at + this.#left);
      if (before <= 0) {
        if (this.#left === -1) await this.#head(member, part);
        else await this.#content(member, part);
      }
      at += part.length;
      this.#position += part.length;
    }
  }

  end(): Promise<void> {
    if (this.#left >= 0) this.#close('endsEarly');
    for (; this.#next < this.#members.length; this.#next += 1) {
      this.#tap.begin(this.#members[this.#next]?.name ?? '');
      this.#tap.end('endsEarly');
    }
    return Promise.resolve();
  }

  /** Bytes that the header of the file at hand still lacks. */
  #missing(): number {
    if (this.#header.length < LOCAL_BYTES) return LOCAL_BYTES - this.#header.length;
    const length = LOCAL_BYTES + this.#header.readUInt16LE(26) + this.#header.readUInt16LE(28);
    return length - this.#header.length;
  }

  async #head(member: ZipMember, part: Buffer): Promise<void> {
    this.#header = Buffer.concat([this.#header, part]);
    if (this.#header.length < LOCAL_BYTES || this.#missing() > 0) return;
    const header = this.#header;
    this.#header = Buffer.alloc(0);
    if (header.readUInt32LE(0) !== LOCAL) throw new Refusal('parser.damagedFile');
    const name = header.toString('utf8', LOCAL_BYTES, LOCAL_BYTES + header.readUInt16LE(26));
    const unsafe = isUnsafeName(member.name);
    this.#tap.begin(unsafe ? '' : member.name);
    this.#left = member.packed;
    this.#unpacked = 0;
    this.#sum = 0;
    this.#inflated = false;
    this.#stopped = unsafe
      ? 'unsafeName'
      : member.encrypted
        ? 'encrypted'
        : name !== member.name
          ? 'directoryDiffers'
          : member.method !== 0 && member.method !== 8
            ? 'unknownMethod'
            : null;
    if (this.#stopped === null && member.method === 8) this.#inflate = this.#open(member);
    if (this.#left === 0) await this.#finish(member);
  }

  #open(member: ZipMember): InflateRaw {
    const inflate = createInflateRaw({ chunkSize: 256 * 1024 });
    inflate.on('data', (bytes: Buffer) => {
      this.#take(member, bytes);
      if (this.#stopped !== null) inflate.destroy();
    });
    inflate.on('end', () => (this.#inflated = true));
    inflate.on('error', () => (this.#stopped ??= 'damagedEntry'));
    return inflate;
  }

  #take(member: ZipMember, bytes: Buffer): void {
    if (this.#stopped !== null) return;
    this.#unpacked += bytes.length;
    this.#total += bytes.length;
    const tight = this.#unpacked > RATIO_FREE_BYTES && this.#unpacked > member.packed * MAX_RATIO;
    if (tight || this.#unpacked > member.size || this.#total > MAX_TOTAL_BYTES) {
      this.#stopped = 'packedTooTightly';
      return;
    }
    this.#sum = crc32(bytes, this.#sum);
    this.#tap.data(bytes);
  }

  async #content(member: ZipMember, part: Buffer): Promise<void> {
    this.#left -= part.length;
    if (this.#stopped === null) {
      if (member.method === 0) this.#take(member, part);
      else await this.#settled((inflate, done) => inflate.write(part, done));
    }
    if (this.#left === 0) await this.#finish(member);
  }

  /** Waits until the unpacking took what it was given, failed, or was stopped. */
  #settled(work: (inflate: InflateRaw, done: () => void) => void): Promise<void> {
    const inflate = this.#inflate;
    if (inflate === null || inflate.destroyed || this.#inflated) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        inflate.off('close', done);
        inflate.off('end', done);
        resolve();
      };
      inflate.on('close', done);
      work(inflate, done);
    });
  }

  async #finish(member: ZipMember): Promise<void> {
    if (member.method === 8 && this.#stopped === null) {
      await this.#settled((inflate, done) => {
        inflate.on('end', done);
        inflate.end();
      });
    }
    const whole = this.#unpacked === member.size && this.#sum >>> 0 === member.crc;
    this.#close(whole ? null : 'damagedEntry');
  }

  #close(reason: PhoneFileReason | null): void {
    this.#inflate?.destroy();
    this.#inflate = null;
    this.#left = -1;
    this.#next += 1;
    this.#tap.end(this.#stopped ?? reason);
  }
}
