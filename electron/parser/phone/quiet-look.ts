import type { QuietBytes } from '../../matching/quiet-bytes.ts';

/**
 * What a field of a record has to be so that nothing can be said of the record. `aside`: looked at only where something
 * is said. `link`: one link. `links`: a list of them. `text`: text or null. `firstText`: text, in which the reference
 * looks for links where the record lists none, and at whose beginning it looks for a warning. `null`: null.
 */
export type FieldLook = 'aside' | 'link' | 'links' | 'text' | 'firstText' | 'null';

/** Fields of the records of a module by what they have to be; `needed`: the reference gives up where it is missing. */
export interface QuietPlan {
  readonly fields: Readonly<Record<string, FieldLook>>;
  readonly needed: 'link' | null;
}

const history: QuietPlan = { fields: { url: 'link' }, needed: 'link' };

/**
 * Modules that grow large, and of whose records nearly none says anything. Each plan follows the module's rule; a test
 * compares the two.
 */
export const QUIET_PLANS: Readonly<Record<string, QuietPlan>> = {
  sms: {
    fields: { links: 'links', text: 'firstText', body: 'text', subject: 'text', isodate: 'aside' },
    needed: null,
  },
  whatsapp: {
    fields: {
      links: 'links',
      ZTEXT: 'text',
      ZMATCHEDTEXT: 'text',
      ZMEDIAURL: 'text',
      ZCONTENT1: 'text',
      ZCONTENT2: 'text',
      data: 'text',
      text_data: 'text',
    },
    needed: null,
  },
  safari_history: {
    fields: {
      url: 'link',
      visit_id: 'aside',
      timestamp: 'aside',
      redirect_destination: 'null',
      safari_history_db: 'aside',
    },
    needed: 'link',
  },
  chrome_history: history,
  firefox_history: history,
};

const QUOTE = 34;
const COMMA = 44;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
/** How every warning begins that the reference tells of. */
const WARNING = Buffer.from('ALERT');

const isSpace = (unit: number): boolean => unit === 32 || unit === 10 || unit === 13 || unit === 9;

/** Looks at the fields of one record after another where they stand, and says whether any of them needs reading. */
export class QuietLook {
  readonly #plan: QuietPlan;
  readonly #quiet: QuietBytes;
  #sawLink = false;
  #listed = false;
  #emptyList = false;
  #scheme = false;

  constructor(plan: QuietPlan, quiet: QuietBytes) {
    this.#plan = plan;
    this.#quiet = quiet;
  }

  /** A record begins. */
  begin(): void {
    this.#sawLink = false;
    this.#listed = false;
    this.#emptyList = false;
    this.#scheme = false;
  }

  lookOf(name: string): FieldLook | null {
    return Object.hasOwn(this.#plan.fields, name) ? (this.#plan.fields[name] ?? null) : null;
  }

  /** Whether a value that begins with `first` is passed over as it is: numbers and words that are only aside. */
  isScalarAside(look: FieldLook, first: number): boolean {
    return look === 'aside' && first !== QUOTE && first !== OPEN_LIST && first !== OPEN_OBJECT;
  }

  /** Gives the place behind a value that begins at `at`, or -1 where it has to be read. */
  value(look: FieldLook, bytes: Uint8Array, at: number, end: number): number {
    switch (look) {
      case 'link':
        this.#sawLink = true;
        return bytes[at] === QUOTE ? behind(this.#quiet.link(bytes, at + 1, end)) : -1;
      case 'links':
        return bytes[at] === OPEN_LIST ? this.#links(bytes, at + 1, end) : -1;
      case 'text':
        return bytes[at] === QUOTE ? behind(this.#quiet.text(bytes, at + 1, end)) : nothing(bytes, at, end);
      case 'firstText': {
        if (bytes[at] !== QUOTE || isWarning(bytes, at + 1)) return -1;
        const close = this.#quiet.text(bytes, at + 1, end);
        this.#scheme ||= this.#quiet.sawScheme;
        return behind(close);
      }
      case 'null':
        return nothing(bytes, at, end);
      case 'aside':
        return bytes[at] === QUOTE ? plain(bytes, at + 1, end) : -1;
    }
  }

  /** The record is over: whether all of it together says nothing. */
  get isQuiet(): boolean {
    if (this.#plan.needed === 'link' && !this.#sawLink) return false;
    return !this.#scheme || (this.#listed && !this.#emptyList);
  }

  #links(bytes: Uint8Array, from: number, end: number): number {
    let empty = true;
    for (let at = from; at < end; at += 1) {
      const unit = bytes[at] ?? 0;
      if (isSpace(unit)) continue;
      if (unit === CLOSE_LIST) {
        if (empty) this.#emptyList = true;
        return at + 1;
      }
      if (unit === COMMA && !empty) continue;
      if (unit !== QUOTE) return -1;
      at = this.#quiet.link(bytes, at + 1, end);
      if (at === -1) return -1;
      empty = false;
      this.#listed = true;
    }
    return -1;
  }
}

/** The place behind a text without escapes, of which nothing has to be counted. */
const plain = (bytes: Uint8Array, from: number, end: number): number => {
  for (let at = from; at < end; at += 1) {
    if (bytes[at] === QUOTE) return at + 1;
    if (bytes[at] === BACKSLASH) return -1;
  }
  return -1;
};

const behind = (close: number): number => (close === -1 ? -1 : close + 1);

const isWarning = (bytes: Uint8Array, at: number): boolean => {
  for (let place = 0; place < WARNING.length; place += 1)
    if (bytes[at + place] !== WARNING[place]) return false;
  return true;
};

/** The place behind `null`; its end has to be in sight, or it may be a longer word. */
const nothing = (bytes: Uint8Array, at: number, end: number): number => {
  if (at + 5 > end) return -1;
  const isNull = bytes[at] === 110 && bytes[at + 1] === 117 && bytes[at + 2] === 108 && bytes[at + 3] === 108;
  const next = bytes[at + 4] ?? 0;
  return isNull && (isSpace(next) || next === COMMA || next === 125 || next === CLOSE_LIST) ? at + 4 : -1;
};
