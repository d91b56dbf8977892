import type { PhoneFile } from '#shared/parser/phone.ts';

/** What a reader says of its file at the end; what it leaves out is as it was. */
export type MemberSays = Partial<
  Pick<
    PhoneFile,
    | 'module'
    | 'status'
    | 'reason'
    | 'records'
    | 'strange'
    | 'faultAt'
    | 'oddities'
    | 'clock'
    | 'gaveUp'
    | 'timeline'
    | 'info'
    | 'log'
    | 'foreign'
  >
>;

/** Reads one file as it comes. */
export interface MemberReader {
  push(bytes: Uint8Array): void;
  /** `whole`: everything came. */
  end(whole: boolean): MemberSays;
}

/** Lines of a text as they come; a line that is too long is cut. */
export class Lines {
  readonly #take: (line: string, index: number) => void;
  readonly #maxChars: number;
  #rest = '';
  #cut = false;
  #index = 0;

  constructor(take: (line: string, index: number) => void, maxChars = 1_048_576) {
    this.#take = take;
    this.#maxChars = maxChars;
  }

  text(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      this.#line(text.slice(from, end));
      from = end + 1;
    }
    if (this.#cut) return;
    this.#rest += text.slice(from);
    if (this.#rest.length > this.#maxChars) {
      this.#rest = this.#rest.slice(0, this.#maxChars);
      this.#cut = true;
    }
  }

  #line(end: string): void {
    const line = this.#cut ? this.#rest : this.#rest + end;
    this.#rest = '';
    this.#cut = false;
    this.#take(line.endsWith('\r') ? line.slice(0, -1) : line, this.#index);
    this.#index += 1;
  }

  end(): void {
    if (this.#rest !== '') this.#line('');
  }
}
