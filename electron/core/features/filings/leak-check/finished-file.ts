import type { DecodedPart } from '#shared/parser/jobs.ts';
import type { FinishedFormat } from './allow-lists.ts';

/** What one engine found in a finished file. */
export interface Decoding {
  readonly decoder: string;
  readonly parts: readonly DecodedPart[];
  readonly undecoded: readonly { readonly where: string; readonly reason: string }[];
}

/** A finished file exactly as it would be released. */
export interface FinishedFile {
  /** Name as the recipient sees it; searched too. */
  readonly name: string;
  readonly format: FinishedFormat;
  /**
   * `made`: rendered by this application, and must hold nothing outside its format's list;
   * `cleaned`: a picture or PDF of somebody else, redacted or re-encoded, under the same list;
   * `whole`: delivered as it came by a person's decision: searched, but it may hold anything.
   */
  readonly origin: 'made' | 'cleaned' | 'whole';
  readonly sizeBytes: number;
  /** Bytes from `start` (included) to `end` (excluded). */
  read(start: number, end: number): Promise<Uint8Array>;
  readonly decodings: readonly Decoding[];
  /** Pages that are not blank, by their name (`page 3`), as drawn. */
  readonly inkPages: readonly string[];
  /** A word that this file must show on every page to every engine; null where none was planted. */
  readonly controlWord: string | null;
}
