import { StringDecoder } from 'node:string_decoder';
import { SaxesParser } from 'saxes';
import type { MemberReader, MemberSays } from './member-readers.ts';
import type { ModuleReader } from './module-reader.ts';
import { Fault } from './byte-cursor.ts';

const MAX_DEPTH = 16;
/** Pictures of multimedia messages stand inside attributes. */
const MAX_ELEMENT_CHARS = 64 * 1024 * 1024;
/** The longest reference to a character, `&#x10FFFF;`. */
const MAX_REFERENCE = 12;

const isFirstHalf = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isSecondHalf = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
/** What XML can hold. */
const isAllowed = (code: number): boolean =>
  (code >= 32 && code <= 0xd7ff) ||
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 0xe000 && code <= 0x10ffff && code !== 0xfffe && code !== 0xffff);
const REFERENCE = /&#(\d{1,7}|x[0-9a-f]{1,6});/giu;
const codeOf = (digits: string): number =>
  /^x/iu.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);

/**
 * The backup application writes characters beyond the first plane as two references to halves, which XML forbids. Here
 * they become the character; a half alone and what XML cannot hold become the replacement character.
 */
export function mendReferences(text: string, onLone: () => void): string {
  if (!text.includes('&#')) return text;
  let mended = '';
  let done = 0;
  /** A first half that waits for its second one, which has to stand right behind it. */
  let first: number | null = null;
  const lone = (): void => {
    onLone();
    mended += '\ufffd';
  };
  for (const found of text.matchAll(REFERENCE)) {
    const code = codeOf(found[1] ?? '0');
    const isNext = found.index === done;
    if (first !== null && isNext && isSecondHalf(code)) {
      mended += String.fromCharCode(first, code);
      first = null;
    } else {
      if (first !== null) lone();
      mended += text.slice(done, found.index);
      first = isFirstHalf(code) ? code : null;
      if (first === null && isAllowed(code)) mended += found[0];
      else if (first === null) lone();
    }
    done = found.index + found[0].length;
  }
  if (first !== null) lone();
  return mended + text.slice(done);
}

/** Up to where a piece can be used: a reference that is cut, or a first half whose second may follow, waits. */
function wholeUntil(text: string): number {
  const open = text.lastIndexOf('&');
  const isCut = open !== -1 && text.length - open <= MAX_REFERENCE && !text.includes(';', open);
  const end = isCut ? open : text.length;
  const before = /&#(\d{1,7}|x[0-9a-f]{1,6});$/iu.exec(text.slice(Math.max(0, end - MAX_REFERENCE), end));
  if (before === null) return end;
  const code = codeOf(before[1] ?? '0');
  return isFirstHalf(code) ? end - before[0].length : end;
}

const utc = (milliseconds: string | undefined): string => {
  if (milliseconds === undefined || !/^\d{1,14}$/u.test(milliseconds)) return '';
  const date = new Date(Number(milliseconds));
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().replace('T', ' ').replace('Z', '000');
};

type Attributes = Readonly<Record<string, string>>;

/**
 * Messages of `SMS Backup & Restore` (XML). No document type, no entity beyond the five of XML, no depth and no length
 * without bound: a file that asks for more is refused where it does, and what was read before stays.
 */
export class SmsBackup implements MemberReader {
  readonly #module: ModuleReader;
  readonly #decoder = new StringDecoder('utf8');
  readonly #parser = new SaxesParser();
  #held = '';
  #fault: Fault | null = null;
  #fed = 0;
  #depth = 0;
  #elementFrom = 0;
  #index = 0;
  #lone = 0;
  #isBackup = false;
  #multimedia: { record: Record<string, unknown>; texts: string[] } | null = null;

  constructor(module: ModuleReader) {
    this.#module = module;
    const parser = this.#parser;
    parser.on('doctype', () => {
      throw new Fault('entitiesRefused', this.#fed);
    });
    parser.on('error', (error) => {
      throw new Fault(/entity/iu.test(error.message) ? 'entitiesRefused' : 'brokenXml', this.#fed);
    });
    parser.on('opentag', (tag) => this.#opened(tag.name, tag.attributes as Attributes));
    parser.on('closetag', (tag) => this.#closed(tag.name));
    // Between elements nothing is needed; with a listener the text is handed over and not gathered.
    parser.on('text', () => undefined);
  }

  push(bytes: Uint8Array): void {
    this.#feed(this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)), false);
  }

  #feed(text: string, last: boolean): void {
    if (this.#fault !== null) return;
    let whole = this.#held + text;
    this.#held = '';
    if (!last) {
      const end = wholeUntil(whole);
      this.#held = whole.slice(end);
      whole = whole.slice(0, end);
    }
    try {
      // Small steps, so that the place of a fault is known and nothing grows without being looked at.
      const mended = mendReferences(whole, () => (this.#lone += 1));
      for (let at = 0; at < mended.length; at += 65_536) {
        const part = mended.slice(at, at + 65_536);
        this.#parser.write(part);
        this.#fed += part.length;
        if (this.#fed - this.#elementFrom > MAX_ELEMENT_CHARS) throw new Fault('recordTooLarge', this.#fed);
      }
      if (last) this.#parser.close();
    } catch (thrown) {
      this.#fault = thrown instanceof Fault ? thrown : new Fault('brokenXml', this.#fed);
    }
  }

  #opened(name: string, attributes: Attributes): void {
    this.#depth += 1;
    this.#elementFrom = this.#fed;
    if (this.#depth > MAX_DEPTH) throw new Fault('tooDeep', this.#fed);
    if (name === 'smses' || name === 'calls') this.#isBackup = true;
    if (name === 'sms') this.#give(simple(attributes));
    else if (name === 'mms') this.#multimedia = { record: simple(attributes), texts: [] };
    else if (name === 'part' && this.#multimedia !== null) {
      const text = attributes['text'];
      if (attributes['ct'] === 'text/plain' && text !== undefined && text !== 'null')
        this.#multimedia.texts.push(text);
      else if (
        attributes['cl'] !== undefined &&
        attributes['cl'] !== 'null' &&
        !attributes['ct']?.includes('smil')
      )
        this.#multimedia.record['attachment'] = attributes['cl'];
    }
  }

  #closed(name: string): void {
    this.#depth -= 1;
    if (name !== 'mms' || this.#multimedia === null) return;
    const { record, texts } = this.#multimedia;
    this.#multimedia = null;
    const body = texts.join('\n');
    this.#give({ ...record, body, text: body });
  }

  #give(record: Record<string, unknown>): void {
    this.#module.take({ index: this.#index, group: null, value: record, whole: () => record });
    this.#index += 1;
  }

  end(): MemberSays {
    this.#feed(this.#decoder.end(), true);
    const { said } = this.#module.end();
    const fault = this.#fault;
    const nothing = fault === null && !this.#isBackup ? ('notRecords' as const) : null;
    return {
      ...said,
      reason: fault?.reason ?? nothing ?? said.reason,
      faultAt: fault?.at ?? null,
      clock: 'utc',
      oddities: { notFinite: 0, large: 0, loneHalves: this.#lone },
    };
  }
}

/** One message as its attributes tell it; `text` is what both ways of comparing look at. */
function simple(attributes: Attributes): Record<string, unknown> {
  const body = attributes['body'] === 'null' ? '' : (attributes['body'] ?? '');
  const type = attributes['type'] ?? attributes['msg_box'];
  return {
    address: attributes['address'] ?? '',
    contact_name: attributes['contact_name'] ?? '',
    subject:
      attributes['subject'] === 'null' || attributes['sub'] === 'null'
        ? ''
        : (attributes['subject'] ?? attributes['sub'] ?? ''),
    body,
    text: body,
    date: attributes['date'] ?? '',
    isodate: utc(attributes['date']),
    direction: type === '1' ? 'received' : type === '2' ? 'sent' : '',
    read: attributes['read'] ?? '',
  };
}
