import { createHash } from 'node:crypto';
import type { NOT_EXAMINED } from '#shared/contract/leak-report.ts';
import { AppError } from '#shared/errors.ts';
import { foldKey, foldWords } from '#shared/rules/text-folding.ts';
import type { DecodedPart } from '#shared/parser/jobs.ts';
import { createTextMatcher, findCoordinates, searchForms } from '../redaction/index.ts';
import type { KnownPoint, KnownValue, SearchForm, TextMatcher } from '../redaction/index.ts';
import { checkCsv, checkDocxParts, checkJpeg, checkPdfParts, checkPng, checkZip } from './allow-lists.ts';
import type { FinishedFormat, OutsideAllowList } from './allow-lists.ts';
import { byteForms } from './byte-forms.ts';
import type { ByteForm } from './byte-forms.ts';
import { byteScanner } from './byte-scanner.ts';
import type { ByteScanner } from './byte-scanner.ts';
import { decoderProblems } from './decoder-health.ts';
import { asciiStrings, base64Runs, looksLikeText, readBytes, readText } from './derived-text.ts';
import type { Decoding, FinishedFile } from './finished-file.ts';
import { Findings } from './findings.ts';
import type { LeakFinding } from './findings.ts';
import { findIdBytes, findIds } from './id-search.ts';
import type { IdSearch } from './id-search.ts';
import { Inventory } from './inventory.ts';
import { proseOf } from './prose.ts';
import { checkStix } from './stix-allow-list.ts';
import type { InventoryEntry } from './inventory.ts';

export interface LeakCheckInput {
  readonly files: readonly FinishedFile[];
  readonly values: readonly KnownValue[];
  /** Names that the filing prints on purpose. */
  readonly allowedNames?: readonly string[];
  /** Of these, the ones whose place may show because a person chose to print the name. */
  readonly allowedPlaces?: readonly string[];
  readonly points: readonly KnownPoint[];
  /** Initials (folded, such as `rgl`) and whose they are. */
  readonly initials: ReadonlyMap<string, string>;
  readonly ids: IdSearch;
  /** Ids that are random bytes (objects, vault): searched in raw bytes too. */
  readonly rawIds: readonly string[];
  /** Folded words of the profile's headings and fixed phrases: not part of the inventory. */
  readonly allowedWords: ReadonlySet<string>;
  /** Words that the form itself prints (dates and states of facts, labels of kinds): nobody's name there. */
  readonly ownPhrases?: readonly string[];
  /** Hashes and ids that this package made of and for itself, whole: nothing for a person to read. Still searched. */
  readonly ownTokens?: readonly string[];
  /** Lets other work through between parts. */
  readonly pause?: () => Promise<void>;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal;
}

export interface LeakCheckResult {
  readonly filesChecked: number;
  readonly bytesChecked: number;
  /** How many values of each kind were searched. */
  readonly valuesSearched: Readonly<Record<string, number>>;
  readonly decoders: readonly string[];
  readonly findings: readonly LeakFinding[];
  /** What no engine could read, outside files delivered whole: blocks. */
  readonly undecoded: readonly { readonly file: string; readonly where: string; readonly reason: string }[];
  /** The same inside files that a person delivers whole. */
  readonly unreadInWhole: readonly {
    readonly file: string;
    readonly where: string;
    readonly reason: string;
  }[];
  readonly outsideAllowList: readonly ({ readonly file: string } & OutsideAllowList)[];
  readonly inventory: readonly InventoryEntry[];
  /** Codes of what such a search cannot see. */
  readonly notExamined: readonly (typeof NOT_EXAMINED)[number][];
}

/** Files up to this size are read in every way; larger ones by the byte scanner, for strings, and by their decoders. */
const VIEW_LIMIT = 2 * 1024 * 1024;
/** Below this a file is read in every way whatever it looks like. */
const SMALL = 16 * 1024;
const CHUNK = 4 * 1024 * 1024;
const MAX_READING_CHARS = 40_000_000;

/**
 * Searches finished files for everything that was withheld: every decoded part in every reading, the raw
 * bytes in every encoding, names, metadata, ids in any form. It finds what it was told to look for; the
 * inventory is for the rest. Throws `call.cancelled`.
 */
export const checkPackage = async (input: LeakCheckInput): Promise<LeakCheckResult> =>
  new PackageCheck(input).run();

/** Readings that make letters out of anything; escapes and mail encodings of plain words do not. */
const BY_CHANCE = /base64|hex|utf-7|utf-16|macintosh|windows-1252|strings/;

/** All phrases as one pattern; a line may break between any two words. */
const phrasePattern = (phrases: readonly string[]): RegExp | null => {
  const sources = [...new Set(phrases.map((phrase) => phrase.trim()))]
    .filter((phrase) => phrase !== '')
    .sort((a, b) => b.length - a.length)
    .map((phrase) => phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'));
  return sources.length === 0
    ? null
    : new RegExp(`(?<![\\p{L}\\p{N}])(?:${sources.join('|')})(?![\\p{L}\\p{N}])`, 'gu');
};

const spansOf = (text: string, pattern: RegExp | null): { start: number; end: number }[] =>
  pattern === null
    ? []
    : [...text.matchAll(pattern)].map((match) => ({
        start: match.index,
        end: match.index + match[0].length,
      }));

/** Formats whose bytes are letters and nothing else. */
const TEXTUAL: ReadonlySet<FinishedFormat> = new Set(['csv', 'json', 'stix', 'text']);

const inEveryWay = (bytes: Uint8Array): boolean =>
  bytes.length <= SMALL || (bytes.length <= VIEW_LIMIT && looksLikeText(bytes));

/** Raw scanning needs about 10 ms per thousand values to set up, so one scanner serves all files. */
class PackageCheck {
  readonly #input: LeakCheckInput;
  readonly #findings = new Findings();
  readonly #inventory: Inventory;
  readonly #matcher: TextMatcher;
  readonly #byteForms: ByteForm[];
  readonly #scanner: ByteScanner;
  readonly #undecoded: { file: string; where: string; reason: string }[] = [];
  readonly #unreadInWhole: { file: string; where: string; reason: string }[] = [];
  readonly #outside: ({ file: string } & OutsideAllowList)[] = [];
  readonly #ownPhrases: RegExp | null;
  readonly #ownTokens: RegExp | null;
  readonly #clean = new Set<string>();
  #done = 0;
  #total = 0;

  constructor(input: LeakCheckInput) {
    this.#input = input;
    const forms: SearchForm[] = searchForms(input.values, input.allowedNames, input.allowedPlaces);
    this.#matcher = createTextMatcher(forms);
    this.#byteForms = byteForms(forms, input.points, input.rawIds);
    this.#scanner = byteScanner(this.#byteForms);
    this.#inventory = new Inventory(input.allowedWords);
    this.#ownPhrases = phrasePattern(input.ownPhrases ?? []);
    this.#ownTokens = phrasePattern(input.ownTokens ?? []);
  }

  async run(): Promise<LeakCheckResult> {
    const { files } = this.#input;
    this.#total = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    for (const file of files) await this.#file(file);
    if (this.#findings.overflow) this.#undecoded.push({ file: '*', where: '*', reason: 'too many findings' });
    const decoders = new Set(files.flatMap((file) => file.decodings.map((decoding) => decoding.decoder)));
    const counts: Record<string, number> = {};
    for (const { kind } of this.#input.values) counts[kind] = (counts[kind] ?? 0) + 1;
    if (this.#input.points.length > 0) counts['coordinate'] = this.#input.points.length;
    counts['id'] = this.#input.ids.known.size;
    return {
      filesChecked: files.length,
      bytesChecked: this.#total,
      valuesSearched: counts,
      decoders: [...decoders, 'bytes 1', 'text 1'],
      findings: this.#findings.list(),
      undecoded: this.#undecoded,
      unreadInWhole: this.#unreadInWhole,
      outsideAllowList: this.#outside,
      inventory: this.#inventory.entries(),
      notExamined: ['voices', 'faces', 'handwriting', 'placesInPictures', 'otherWords'],
    };
  }

  async #file(file: FinishedFile): Promise<void> {
    await this.#turn();
    this.#text(file, 'file name', file.name, '', 'text', 'all');
    for (const decoding of file.decodings) {
      for (const part of decoding.parts) {
        await this.#part(file, decoding, part);
      }
      for (const failure of decoding.undecoded) this.#unread(file, failure.where, failure.reason);
    }
    for (const problem of decoderProblems(file)) this.#unread(file, problem.where, problem.reason);
    await this.#bytes(file);
    await this.#allowList(file);
    this.#takeInventory(file);
  }

  #unread(file: FinishedFile, where: string, reason: string): void {
    const list = file.origin === 'whole' ? this.#unreadInWhole : this.#undecoded;
    if (!list.some((entry) => entry.file === file.name && entry.where === where && entry.reason === reason)) {
      list.push({ file: file.name, where, reason });
    }
  }

  async #part(file: FinishedFile, decoding: Decoding, part: DecodedPart): Promise<void> {
    await this.#turn();
    if (part.text !== undefined && part.text !== '') {
      this.#readings(file, part.where, decoding.decoder, part.text, 'all');
    }
    if (part.bytes !== undefined && part.bytes.length > 0) {
      this.#bytesOf(file, part.where, decoding.decoder, part.bytes);
    }
  }

  /**
   * Every reading of a text; gives whether there was an end of them. `strong`: only values that cannot hit by chance
   * (bytes read as text). `mustEnd`: one without an end counts as not read.
   */
  #readings(
    file: FinishedFile,
    where: string,
    engine: string,
    text: string,
    level: 'all' | 'strong',
    encoding = '',
    mustEnd = true,
  ): boolean {
    // The same font, list or page comes from several engines and files; once clean, it stays clean.
    const key = createHash('sha256')
      .update(`${level} ${encoding === '' ? 'plain' : 'read'} `)
      .update(text)
      .digest('base64');
    if (this.#clean.has(key)) return true;
    const before = this.#findings.calls;
    const { readings, truncated } = readText(
      text,
      Math.max(4_000_000, Math.min(MAX_READING_CHARS, text.length * 12)),
    );
    if (truncated && mustEnd) this.#unread(file, where, 'too much nested content');
    for (const reading of readings) {
      const name = [encoding, reading.encoding].filter((layer) => layer !== '').join(' > ');
      this.#text(file, where, reading.text, name, engine, level);
      if (this.#input.ids.known.size > 0) {
        for (const bytes of base64Runs(reading.text)) this.#idBytes(file, where, engine, bytes, 'base64');
      }
    }
    if (!truncated && this.#findings.calls === before) this.#clean.add(key);
    return !truncated;
  }

  #text(
    file: FinishedFile,
    where: string,
    text: string,
    encoding: string,
    engine: string,
    level: 'all' | 'strong',
  ): void {
    const place = { file: file.name, where, encoding, engine, text };
    const matches = this.#matcher.find(text);
    const own = matches.some((match) => match.outcome === 'listed' || match.outcome === 'blocks')
      ? spansOf(text, this.#ownPhrases)
      : [];
    for (const match of matches) {
      if (level === 'strong' && match.form.strength !== 'strong') continue;
      // A short word in a reading made of base64 or hex is chance, not a name.
      if (match.form.strength === 'weak' && BY_CHANCE.test(encoding)) continue;
      this.#findings.add(
        {
          key: match.form.key,
          kind: match.form.kind,
          ref: match.form.ref,
          strength: match.form.strength,
          outcome: match.outcome,
          otherMeaning:
            match.otherMeaning ||
            (match.outcome !== 'final' &&
              own.some((span) => span.start <= match.start && span.end >= match.end)),
        },
        { ...place, start: match.start, end: match.end },
      );
    }
    for (const match of findCoordinates(text, this.#input.points)) {
      if (level === 'strong' && !match.precise) continue;
      const strength = match.precise ? 'strong' : 'middle';
      const outcome = match.precise ? 'final' : 'blocks';
      this.#findings.add(
        {
          key: `point ${match.ref}`,
          kind: 'coordinate',
          ref: match.ref,
          strength,
          outcome,
          otherMeaning: false,
        },
        { ...place, start: match.start, end: match.end },
      );
    }
    for (const match of findIds(text, this.#input.ids)) {
      this.#findings.add(
        { key: match.hex, kind: 'id', ref: null, strength: 'strong', outcome: 'final', otherMeaning: false },
        { ...place, start: match.start, end: match.end },
      );
    }
    if (level === 'all' && encoding === '') this.#initials(text, place);
  }

  #initials(
    text: string,
    place: { file: string; where: string; encoding: string; engine: string; text: string },
  ): void {
    if (this.#input.initials.size === 0) return;
    for (const match of text.matchAll(/(?<![\p{L}\p{N}])(?:\p{Lu}\.?\s?){2,5}(?![\p{L}\p{N}])/gu)) {
      const ref = this.#input.initials.get(foldKey(match[0]).replace(/[^\p{L}]/gu, ''));
      if (ref === undefined) continue;
      this.#findings.add(
        { key: foldKey(match[0]), kind: 'name', ref, strength: 'warn', outcome: 'warn', otherMeaning: false },
        { ...place, start: match.index, end: match.index + match[0].trimEnd().length },
      );
    }
  }

  #bytesOf(file: FinishedFile, where: string, engine: string, bytes: Uint8Array): void {
    this.#scan(file, where, engine, bytes, 0);
    if (!inEveryWay(bytes)) {
      this.#strings(file, where, engine, bytes);
      return;
    }
    // In a font or a picture signs of every encoding stand by chance, and undoing them may have no end: there it is
    // enough that the bytes and the letters among them were read whole. In a text it is not.
    const isText = looksLikeText(bytes);
    let whole = true;
    for (const { text, encoding } of readBytes(bytes))
      whole = this.#readings(file, where, engine, text, 'strong', encoding, isText) && whole;
    if (!whole && !isText) this.#strings(file, where, engine, bytes);
  }

  #strings(file: FinishedFile, where: string, engine: string, bytes: Uint8Array): void {
    const strings: string[] = [];
    asciiStrings(bytes, (text) => strings.push(text));
    if (strings.length > 0) this.#readings(file, where, engine, strings.join('\n'), 'strong', 'strings');
  }

  #scan(file: FinishedFile, where: string, engine: string, bytes: Uint8Array, base: number): void {
    this.#scanner.scan(bytes, (pattern, offset) => {
      const form = this.#byteForms[pattern];
      if (form === undefined) return;
      const from = Math.max(0, offset - 40);
      const text = Buffer.from(
        bytes.buffer,
        bytes.byteOffset + from,
        Math.min(bytes.length, offset + form.bytes.length + 40) - from,
      ).toString('latin1');
      const { target } = form;
      const value =
        target.kind === 'form'
          ? { key: target.form.key, kind: target.form.kind, ref: target.form.ref }
          : target.kind === 'point'
            ? { key: `point ${target.point.ref}`, kind: 'coordinate', ref: target.point.ref }
            : { key: target.hex, kind: 'id', ref: null };
      this.#findings.add(
        { ...value, strength: 'strong', outcome: 'final', otherMeaning: false },
        {
          file: file.name,
          where: base > 0 ? `${where} +${String(base)}` : where,
          encoding: form.encoding,
          engine,
          text,
          start: offset - from,
          end: offset - from + form.bytes.length,
        },
      );
    });
    this.#idBytes(file, where, engine, bytes, 'bytes');
  }

  #idBytes(file: FinishedFile, where: string, engine: string, bytes: Uint8Array, encoding: string): void {
    for (const at of findIdBytes(bytes, this.#input.ids)) {
      const hex = Buffer.from(bytes.buffer, bytes.byteOffset + at, 16).toString('hex');
      this.#findings.add(
        { key: hex, kind: 'id', ref: null, strength: 'strong', outcome: 'final', otherMeaning: false },
        { file: file.name, where, encoding, engine, text: hex, start: 0, end: hex.length },
      );
    }
  }

  async #bytes(file: FinishedFile): Promise<void> {
    const textual = TEXTUAL.has(file.format);
    if (file.sizeBytes <= VIEW_LIMIT || textual) {
      const bytes = await file.read(0, file.sizeBytes);
      this.#scan(file, 'bytes', 'bytes', bytes, 0);
      if (!textual && !inEveryWay(bytes)) this.#strings(file, 'bytes', 'bytes', bytes);
      else
        for (const reading of readBytes(bytes)) {
          this.#readings(
            file,
            'bytes',
            'bytes',
            reading.text,
            textual && reading.encoding === 'utf-8' ? 'all' : 'strong',
            textual && reading.encoding === 'utf-8' ? '' : reading.encoding,
          );
        }
      this.#advance(file.sizeBytes);
      return;
    }
    const overlap = Math.max(4_096, this.#scanner.longest);
    for (let start = 0; start < file.sizeBytes; start += CHUNK) {
      await this.#turn();
      const from = Math.max(0, start - overlap);
      const bytes = await file.read(from, Math.min(file.sizeBytes, start + CHUNK));
      this.#scan(file, 'bytes', 'bytes', bytes, from);
      this.#strings(file, 'bytes', 'bytes', bytes);
      this.#advance(Math.min(CHUNK, file.sizeBytes - start));
    }
  }

  async #allowList(file: FinishedFile): Promise<void> {
    if (file.origin === 'whole') return;
    const parts = file.decodings.flatMap((decoding) => decoding.parts);
    const all = async (): Promise<Uint8Array> => file.read(0, file.sizeBytes);
    const found: OutsideAllowList[] = [];
    switch (file.format) {
      case 'png':
        found.push(...checkPng(await all()));
        break;
      case 'jpeg':
        found.push(...checkJpeg(await all()));
        break;
      case 'zip':
        found.push(...checkZip(await all(), { docx: false, sorted: true }));
        break;
      case 'docx':
        found.push(...checkZip(await all(), { docx: true, sorted: false }), ...checkDocxParts(parts));
        break;
      case 'pdf':
        found.push(...checkPdfParts(parts));
        break;
      case 'csv':
        found.push(...checkCsv(Buffer.from(await all()).toString('utf8')));
        break;
      case 'stix':
        found.push(...checkStix(Buffer.from(await all()).toString('utf8')));
        break;
      case 'json':
      case 'text':
        break;
      case 'other':
        // Only formats with a list can be made or cleaned by us.
        found.push({ where: 'file', name: 'format without a list' });
    }
    for (const problem of found) {
      if (
        !this.#outside.some(
          (other) => other.file === file.name && other.where === problem.where && other.name === problem.name,
        )
      ) {
        this.#outside.push({ file: file.name, ...problem });
      }
    }
  }

  #takeInventory(file: FinishedFile): void {
    this.#inventory.text(file.name.replace(/[_-]/g, ' '), `${file.name}`);
    if (file.format === 'png' || file.format === 'jpeg') this.#inventory.picture(file.name);
    const seen = new Set<string>();
    for (const decoding of file.decodings) {
      for (const part of decoding.parts) {
        const text = proseOf(part, file.format);
        if (text === null) continue;
        // The same page by a second engine adds only what the first one did not see.
        const fresh = decoding === file.decodings[0] ? text : newWords(text, seen);
        this.#inventory.text(
          this.#ownTokens === null ? fresh : fresh.replace(this.#ownTokens, ' '),
          `${file.name}, ${part.where}`,
        );
        for (const word of foldWords(text)) seen.add(word);
      }
    }
  }

  #advance(bytes: number): void {
    this.#done += bytes;
    this.#input.onProgress?.(this.#done, this.#total);
  }

  async #turn(): Promise<void> {
    if (this.#input.signal?.aborted === true) throw new AppError('call.cancelled');
    await this.#input.pause?.();
  }
}

/** Lines of a text that hold a word not seen before. */
const newWords = (text: string, seen: ReadonlySet<string>): string =>
  text
    .split('\n')
    .filter((line) => foldWords(line).some((word) => !seen.has(word)))
    .join('\n');
