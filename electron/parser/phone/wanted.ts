import type { FieldLook, QuietLook } from './quiet-look.ts';

/** A key where it stands in the records, as it was read last. */
export interface KnownKey {
  readonly bytes: Buffer;
  readonly name: string;
  readonly wanted: boolean;
  readonly look: FieldLook | null;
  /** What stood last between the value before it and its own; null: not noted. */
  lead: KeyLead | null;
}

/** Bytes in numbers of four, the last of which overlaps the one before. */
export interface KeyLead {
  readonly words: Int32Array;
  readonly length: number;
}

/** Fields of a record that are needed. */
export class Wanted {
  readonly #names: ReadonlySet<string>;
  /** Keys of the last record in their order: the next one nearly always has the same. */
  readonly order: KnownKey[] = [];
  /** Tells of most records that nothing can be said of them; null: all are read. */
  readonly look: QuietLook | null;

  constructor(names: readonly string[], look: QuietLook | null = null) {
    this.#names = new Set(names);
    this.look = look;
  }

  key(bytes: Buffer, name: string): KnownKey {
    const look = this.look?.lookOf(name) ?? null;
    return { bytes, name, wanted: this.#names.has(name), look, lead: null };
  }
}
