import { Refusal } from '../refusal.ts';
import { isUnsafeName, type ContainerForm, type MemberTap } from './member-tap.ts';

const BLOCK = 512;
const MAX_EXTRA_BYTES = 1024 * 1024;

const text = (block: Buffer, from: number, to: number): string => {
  const end = block.indexOf(0, from);
  return block.toString('utf8', from, end === -1 || end > to ? to : end);
};

/** Octal digits, or the binary form for what is larger. */
function number(block: Buffer, from: number, to: number): number {
  if (((block[from] ?? 0) & 0x80) !== 0) {
    let value = (block[from] ?? 0) & 0x7f;
    for (let at = from + 1; at < to; at += 1) value = value * 256 + (block[at] ?? 0);
    return value;
  }
  const digits = text(block, from, to).trim();
  if (!/^[0-7]*$/u.test(digits)) throw new Refusal('parser.damagedFile');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function hasValidSum(block: Buffer): boolean {
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += at >= 148 && at < 156 ? 32 : (block[at] ?? 0);
  return sum === number(block, 148, 156);
}

/** `path` and `size` of an extended header: lines of `length key=value`. */
function extended(bytes: Buffer): { path?: string; size?: number } {
  const found: { path?: string; size?: number } = {};
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const length = space === -1 ? Number.NaN : Number(bytes.toString('latin1', at, space));
    if (!Number.isInteger(length) || length <= 0 || at + length > bytes.length) break;
    const line = bytes.toString('utf8', space + 1, at + length - 1);
    if (line.startsWith('path=')) found.path = line.slice(5);
    if (line.startsWith('size=') && /^\d{1,15}$/u.test(line.slice(5))) found.size = Number(line.slice(5));
    at += length;
  }
  return found;
}

/** Reads a tar as it comes. Files only: folders, links and devices are passed over. */
export class TarReader implements ContainerForm {
  readonly #tap: MemberTap;
  #held = Buffer.alloc(0);
  /** Content still to come, and zeros behind it. */
  #left = 0;
  #padding = 0;
  #inside: 'header' | 'file' | 'extra' | 'other' = 'header';
  #extra: Buffer[] = [];
  #extraKind = '';
  #next: { path?: string; size?: number } = {};
  #unsafe = false;
  #over = false;

  constructor(tap: MemberTap) {
    this.#tap = tap;
  }

  push(bytes: Buffer): Promise<void> {
    let at = 0;
    while (at < bytes.length && !this.#over) {
      if (this.#left > 0) {
        const part = bytes.subarray(at, at + this.#left);
        if (this.#inside === 'file') this.#tap.data(part);
        else if (this.#inside === 'extra') this.#extra.push(Buffer.from(part));
        this.#left -= part.length;
        at += part.length;
        if (this.#left === 0) this.#finish();
        continue;
      }
      if (this.#padding > 0) {
        const skipped = Math.min(this.#padding, bytes.length - at);
        this.#padding -= skipped;
        at += skipped;
        continue;
      }
      const missing = BLOCK - this.#held.length;
      const part = bytes.subarray(at, at + missing);
      at += part.length;
      this.#held = this.#held.length === 0 ? Buffer.from(part) : Buffer.concat([this.#held, part]);
      if (this.#held.length === BLOCK) {
        const block = this.#held;
        this.#held = Buffer.alloc(0);
        this.#header(block);
      }
    }
    return Promise.resolve();
  }

  end(): Promise<void> {
    if (this.#inside === 'file' && this.#left > 0) this.#tap.end('endsEarly');
    return Promise.resolve();
  }

  #header(block: Buffer): void {
    if (block.every((byte) => byte === 0)) {
      this.#over = true;
      return;
    }
    if (!hasValidSum(block)) throw new Refusal('parser.damagedFile');
    const kind = String.fromCharCode(block[156] ?? 0);
    const prefix = text(block, 345, 500);
    const own = text(block, 0, 100);
    const isExtra = kind === 'x' || kind === 'L' || kind === 'g';
    const size = isExtra ? number(block, 124, 136) : (this.#next.size ?? number(block, 124, 136));
    if (!Number.isSafeInteger(size)) throw new Refusal('parser.damagedFile');
    if (isExtra && size > MAX_EXTRA_BYTES) throw new Refusal('parser.tooLarge');
    this.#left = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (isExtra) {
      this.#inside = 'extra';
      this.#extraKind = kind;
      this.#extra = [];
    } else {
      const path = this.#next.path ?? (prefix === '' ? own : `${prefix}/${own}`);
      this.#next = {};
      this.#inside = kind === '0' || kind === '\0' || kind === '7' ? 'file' : 'other';
      if (this.#inside === 'file') {
        this.#unsafe = isUnsafeName(path);
        this.#tap.begin(this.#unsafe ? '' : path);
      }
    }
    if (size === 0) this.#finish();
  }

  #finish(): void {
    if (this.#inside === 'file') this.#tap.end(this.#unsafe ? 'unsafeName' : null);
    if (this.#inside === 'extra') {
      const bytes = Buffer.concat(this.#extra);
      if (this.#extraKind === 'x') this.#next = extended(bytes);
      if (this.#extraKind === 'L') this.#next = { ...this.#next, path: text(bytes, 0, bytes.length) };
      this.#extra = [];
    }
    this.#inside = 'header';
  }
}
