import { MAX_TEXT_CHARS } from '#shared/parser/jobs.ts';
import type { DecodedPart } from '#shared/parser/jobs.ts';
import { Refusal } from './refusal.ts';

type Undecoded = { where: string; reason: string };
const MAX_PARTS = 200_000;
const MAX_UNDECODED = 10_000;
const MAX_WHERE = 4_000;
/** All texts and bytes of one answer; a file that unpacks to more is a bomb to this program. */
const MAX_TOTAL = 256 * 1024 * 1024;

/** Lone halves of surrogate pairs would not survive the way to the engine. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');
/** Whether a text would come to the engine as it is. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
const clean = wellFormed;

/** Collects what was decoded, within bounds: beyond them the file is refused rather than half examined. */
export class PartList {
  readonly parts: DecodedPart[] = [];
  readonly undecoded: Undecoded[] = [];
  #total = 0;

  #count(size: number): void {
    this.#total += size;
    if (this.#total > MAX_TOTAL || this.parts.length >= MAX_PARTS) throw new Refusal('parser.tooLarge');
  }

  /** Adds text; empty text adds nothing. */
  text(where: string, text: string, kind: DecodedPart['kind'] = 'text'): void {
    for (let at = 0; at < text.length; at += MAX_TEXT_CHARS) {
      // An overlap, so that a word across the cut is still whole in one of the two.
      const piece = text.slice(Math.max(0, at - 500), at + MAX_TEXT_CHARS - 500);
      this.#count(piece.length * 2);
      this.parts.push({ where: clean(where.slice(0, MAX_WHERE)), kind, text: clean(piece) });
    }
  }

  /** Adds bytes; empty ones add nothing. The bytes must not be views of memory that moves. */
  bytes(where: string, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#count(bytes.length);
    // No memory in this process is shared, so every array stands on a plain buffer.
    const own = bytes as Uint8Array<ArrayBuffer>;
    this.parts.push({ where: clean(where.slice(0, MAX_WHERE)), kind: 'bytes', bytes: own });
  }

  fail(where: string, reason: string): void {
    if (this.undecoded.length >= MAX_UNDECODED) throw new Refusal('parser.tooLarge');
    this.undecoded.push({ where: clean(where.slice(0, MAX_WHERE)), reason });
  }
}
