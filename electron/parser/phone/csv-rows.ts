import { StringDecoder } from 'node:string_decoder';

const MAX_CELL_CHARS = 1_048_576;
const MAX_CELLS = 1_000;

/**
 * Rows of a table, as they come. Cells may be quoted; a quotation mark inside is doubled; line ends inside are kept. A
 * row that is too long is cut and the rest of it passed over.
 */
export class CsvRows {
  readonly #take: (row: string[], index: number) => void;
  readonly #separator: string;
  readonly #decoder = new StringDecoder('utf8');
  #row: string[] = [];
  #parts: string[] = [];
  #cellChars = 0;
  /** `open`: inside quotation marks. `closing`: behind one that may be the first of two. */
  #state: 'start' | 'plain' | 'open' | 'closing' = 'start';
  #rows = 0;
  #begun = false;

  constructor(take: (row: string[], index: number) => void, separator = ',') {
    this.#take = take;
    this.#separator = separator;
  }

  push(bytes: Uint8Array): void {
    this.text(this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  }

  /** The same for text that is decoded already. */
  text(text: string): void {
    let at = 0;
    if (!this.#begun && text.length > 0) {
      this.#begun = true;
      if (text.charCodeAt(0) === 0xfeff) at = 1;
    }
    const separator = this.#separator.charCodeAt(0);
    let from = at;
    for (; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (this.#state === 'open') {
        if (unit !== 34) continue;
        this.#part(text.slice(from, at));
        this.#state = 'closing';
        from = at + 1;
        continue;
      }
      if (this.#state === 'closing') {
        if (unit === 34) {
          this.#part('"');
          this.#state = 'open';
          from = at + 1;
          continue;
        }
        this.#state = 'plain';
        from = at;
      }
      if (unit === separator || unit === 10 || unit === 13) {
        this.#part(text.slice(from, at));
        from = at + 1;
        if (unit === separator) this.#cell();
        else this.#line();
      } else if (unit === 34 && this.#state === 'start') {
        this.#state = 'open';
        from = at + 1;
      } else if (this.#state === 'start') this.#state = 'plain';
    }
    this.#part(text.slice(from));
  }

  /** Ends the table; gives false where it ends inside quotation marks. */
  end(): boolean {
    const rest = this.#decoder.end();
    if (rest !== '') this.text(rest);
    const whole = this.#state !== 'open';
    this.#line();
    return whole;
  }

  #part(text: string): void {
    if (text === '' || this.#cellChars >= MAX_CELL_CHARS) return;
    this.#parts.push(text);
    this.#cellChars += text.length;
  }

  #cell(): void {
    if (this.#row.length < MAX_CELLS)
      this.#row.push(this.#parts.length === 1 ? (this.#parts[0] ?? '') : this.#parts.join(''));
    this.#parts = [];
    this.#cellChars = 0;
    this.#state = 'start';
  }

  #line(): void {
    // Nothing between two line ends is no row: CR LF, empty lines, the CR CR LF of one version.
    if (this.#row.length === 0 && this.#parts.length === 0 && this.#state === 'start') return;
    this.#cell();
    const row = this.#row;
    this.#row = [];
    this.#take(row, this.#rows);
    this.#rows += 1;
  }
}

/** The tool doubles every backslash in its tables. */
export const withoutDoubling = (cell: string): string =>
  cell.includes('\\\\') ? cell.replaceAll('\\\\', '\\') : cell;
