import { StringDecoder } from 'node:string_decoder';
import { linksIn } from '../../matching/modules/links.ts';
import { CsvRows } from './csv-rows.ts';
import { Lines, type MemberReader, type MemberSays } from './member-readers.ts';
import type { ModuleReader } from './module-reader.ts';

/** Gives records that are no JSON to a module's reader, one after another. */
class RecordFeed {
  readonly #module: ModuleReader;
  #index = 0;

  constructor(module: ModuleReader) {
    this.#module = module;
  }

  give(record: Record<string, unknown>, group: string | null = null): void {
    this.#module.take({ index: this.#index, group, value: record, whole: () => record });
    this.#index += 1;
  }
}

abstract class TextFile implements MemberReader {
  readonly #decoder = new StringDecoder('utf8');
  protected readonly feed: RecordFeed;
  readonly #module: ModuleReader;
  #begun = false;

  constructor(module: ModuleReader) {
    this.#module = module;
    this.feed = new RecordFeed(module);
  }

  push(bytes: Uint8Array): void {
    this.#give(this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  }

  end(whole: boolean): MemberSays {
    this.#give(this.#decoder.end());
    const mine = this.finish(whole);
    const { said } = this.#module.end();
    return { ...said, reason: mine.reason ?? said.reason };
  }

  #give(text: string): void {
    if (text === '') return;
    const plain = this.#begun ? text : text.replace(/^\uFEFF/u, '');
    this.#begun = true;
    this.text(plain);
  }

  protected abstract text(text: string): void;
  protected abstract finish(whole: boolean): Pick<MemberSays, 'reason'>;
}

/** `[ro.build.version.release]: [13]`, one property a line. */
export class Properties extends TextFile {
  readonly #lines = new Lines((line) => {
    const found = /^\[([^\]]*)\]: \[(.*)\]?$/u.exec(line);
    if (found !== null) this.feed.give({ name: found[1], value: (found[2] ?? '').replace(/\]$/u, '') });
  });

  protected text(text: string): void {
    this.#lines.text(text);
  }

  protected finish(): Pick<MemberSays, 'reason'> {
    this.#lines.end();
    return {};
  }
}

/** `name=value` lines of one namespace of settings. */
export class Settings extends TextFile {
  readonly #lines: Lines;

  constructor(module: ModuleReader, path: string) {
    super(module);
    const namespace = /settings_([a-z]+)\.txt$/u.exec(path)?.[1] ?? 'settings';
    this.#lines = new Lines((line) => {
      const equals = line.indexOf('=');
      if (equals > 0)
        this.feed.give({ namespace, name: line.slice(0, equals), value: line.slice(equals + 1) });
    });
  }

  protected text(text: string): void {
    this.#lines.text(text);
  }

  protected finish(): Pick<MemberSays, 'reason'> {
    this.#lines.end();
    return {};
  }
}

const HEAD_CHARS = 65_536;
const HEADER_WORDS =
  /^(?:url|link|enlace|liga|domain|dominio|host|value|valor|address|direccion|dirección)$/iu;
const looksLikeLink = (cell: string): boolean => {
  const text = cell.trim();
  return !/[\s@]/u.test(text) && text.slice(1, -1).includes('.');
};

/** Links one a line, or a table with links in it; commas, semicolons and tabs are told by its first lines. */
export class LinkList extends TextFile {
  #head: string | null = '';
  #lines: Lines | null = null;
  #rows: CsvRows | null = null;
  #header: readonly string[] | null = null;

  protected text(text: string): void {
    if (this.#head !== null) {
      this.#head += text;
      if (this.#head.length < HEAD_CHARS) return;
      this.#begin();
      return;
    }
    this.#give(text);
  }

  #give(text: string): void {
    this.#lines?.text(text);
    this.#rows?.text(text);
  }

  #begin(): void {
    const head = this.#head ?? '';
    this.#head = null;
    const first = head.split(/\r?\n/u, 60).filter((line) => line.trim() !== '' && !line.startsWith('#'));
    const whole = head.length < HEAD_CHARS ? first : first.slice(0, -1);
    if (
      whole.every((line) => /^[^\s;"]+$/u.test(line.trim()) && (/:\/\//u.test(line) || !line.includes(',')))
    ) {
      this.#lines = new Lines((line) => {
        const url = line.trim();
        if (url !== '' && !url.startsWith('#')) this.feed.give({ url });
      });
    } else {
      const counts = [',', ';', '\t'].map((mark) => ({ mark, count: (whole[0] ?? '').split(mark).length }));
      const { mark } = counts.sort((a, b) => b.count - a.count)[0] ?? { mark: ',' };
      this.#rows = new CsvRows((row, index) => this.#row(row, index), mark);
    }
    this.#give(head);
  }

  #row(row: string[], index: number): void {
    if (index === 0 && !row.some(looksLikeLink)) {
      this.#header = row.map((cell) => cell.trim());
      return;
    }
    const named = this.#header?.findIndex((name) => HEADER_WORDS.test(name)) ?? -1;
    const place = named >= 0 ? named : row.findIndex(looksLikeLink);
    const record: Record<string, unknown> = { url: row[place]?.trim() ?? '' };
    for (const [at, cell] of row.entries())
      if (at !== place && cell !== '') record[`${this.#header?.[at] ?? 'column'} (${String(at + 1)})`] = cell;
    this.feed.give(record);
  }

  protected finish(): Pick<MemberSays, 'reason'> {
    if (this.#head !== null) this.#begin();
    this.#lines?.end();
    const whole = this.#rows?.end() ?? true;
    return { reason: whole ? null : 'endsEarly' };
  }
}

/**
 * Every repeat is bounded: two that can share a run of thousands of spaces would try each way of sharing it.
 * Beginning of a message: a date in the form of the phone, a time, and for iPhones square brackets
 * around both.
 */
const MESSAGE =
  /^[\u200e\u200f]?(\[)?(\d{1,4})[/.-](\d{1,2})[/.-](\d{2,4}),?\s{1,3}(\d{1,2}):(\d{2})(?::(\d{2}))?\s{0,3}(?:([ap])\.?\s{0,3}m\.?)?(?:\]\s|\s{1,3}[-–]\s)(.*)$/isu;
const OMITTED =
  /<(?:media omitted|multimedia omitido|archivo omitido)>|(?:image|video|audio|sticker|document|gif|contact card) omitted|(?:imagen|video|audio|sticker|documento|gif|tarjeta de contacto) omitid[oa]/iu;
const ATTACHED =
  /<(?:attached|adjunto):\s{0,3}([^>]{1,300})>|^[\u200e\u200f]?(\S.{0,200}?\.\w{2,5}) \((?:file attached|archivo adjunto)\)/iu;

interface ChatMessage {
  day: readonly [number, number, number];
  clock: string;
  written: string;
  text: string;
}

/** A chat that WhatsApp wrote out as text, in Spanish or English, from Android or an iPhone. */
export class ChatExport extends TextFile {
  #head: string | null = '';
  /** `unknown`: the file does not tell whether the day or the month stands first. */
  #order: 'dayFirst' | 'monthFirst' | 'yearFirst' | 'unknown' = 'unknown';
  #open: ChatMessage | null = null;
  #foreign = 0;
  readonly #lines = new Lines((line) => this.#line(line), 262_144);

  protected text(text: string): void {
    if (this.#head === null) {
      this.#lines.text(text);
      return;
    }
    this.#head += text;
    if (this.#head.length >= 1_048_576) this.#begin();
  }

  #begin(): void {
    const head = this.#head ?? '';
    this.#head = null;
    for (const line of head.split('\n')) {
      const found = MESSAGE.exec(line);
      if (found === null) continue;
      const [first, second] = [Number(found[2]), Number(found[3])];
      if ((found[2] ?? '').length === 4) this.#order = 'yearFirst';
      else if (first > 12) this.#order = 'dayFirst';
      else if (second > 12) this.#order = 'monthFirst';
      if (this.#order !== 'unknown') break;
    }
    this.#lines.text(head);
  }

  #line(line: string): void {
    const found = MESSAGE.exec(line);
    if (found === null) {
      if (this.#open === null) this.#foreign += 1;
      else if (this.#open.text.length < 1_048_576) this.#open.text += `\n${line}`;
      return;
    }
    this.#close();
    const hour = Number(found[5]);
    const half = found[8]?.toLowerCase();
    const turned = half === 'p' && hour < 12 ? hour + 12 : half === 'a' && hour === 12 ? 0 : hour;
    const two = (value: number | string): string => String(value).padStart(2, '0');
    this.#open = {
      day: [Number(found[2]), Number(found[3]), Number(found[4])],
      clock: `${two(turned)}:${found[6] ?? '00'}:${found[7] ?? '00'}`,
      written: line
        .slice(0, line.length - (found[9] ?? '').length)
        .replace(/[\]\s–-]{1,12}$/u, '')
        .replace(/^[\u200e\u200f[]+/u, ''),
      text: found[9] ?? '',
    };
  }

  /** In the phone's own time; as it was written where the order of day and month is not known. */
  #time({ day: [a, b, c], clock, written }: ChatMessage): string {
    const [year, month, date] =
      this.#order === 'yearFirst' ? [a, b, c] : this.#order === 'monthFirst' ? [c, a, b] : [c, b, a];
    if (this.#order === 'unknown' || month < 1 || month > 12 || date < 1 || date > 31) return written;
    const full = year < 100 ? 2_000 + year : year;
    return `${String(full)}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')} ${clock}`;
  }

  #close(): void {
    const message = this.#open;
    this.#open = null;
    if (message === null) return;
    const named = /^([^:\n]{1,200}): ?([\s\S]*)$/u.exec(message.text);
    const text = (named?.[2] ?? message.text).replace(/^[\u200e\u200f]/u, '');
    const file = ATTACHED.exec(text);
    this.feed.give({
      isodate: this.#time(message),
      sender: named?.[1] ?? '',
      ZTEXT: text,
      links: linksIn(text),
      ...(file === null ? {} : { attachment: (file[1] ?? file[2] ?? '').trim() }),
      ...(OMITTED.test(text) ? { omitted: true } : {}),
    });
  }

  protected finish(): Pick<MemberSays, 'reason'> {
    if (this.#head !== null) this.#begin();
    this.#lines.end();
    const nothing = this.#open === null;
    this.#close();
    return { reason: nothing && this.#foreign > 0 ? 'notRecords' : null };
  }
}
