import type { ParserAnswer, ParserParams } from '#shared/parser/jobs.ts';
import type { PhoneFile, PhoneFileReason } from '#shared/parser/phone.ts';
import type { Indicator } from '#shared/surveillance/indicators.ts';
import { LINK_SHORTENERS } from '../../matching/matcher-of.ts';
import { Matcher } from '../../matching/matcher.ts';
import { QuietBytes } from '../../matching/quiet-bytes.ts';
import { Refusal } from '../refusal.ts';
import { Container } from './container.ts';
import { CsvRows } from './csv-rows.ts';
import { clockOf, fileKind, isArchiveName, type FileKind } from './file-kinds.ts';
import { cutName, Outbox, type PhoneContext } from './found.ts';
import { InfoFile, KnownFiles, statedOfRow, type StatedHash, type StatedInfo } from './info-file.ts';
import { JsonRecords } from './json-records.ts';
import type { MemberReader, MemberSays } from './member-readers.ts';
import type { MemberSink } from './member-tap.ts';
import { ModuleReader, NEEDED_FIELDS, RedirectReader, type RedirectWatch } from './module-reader.ts';
import { ChatExport, LinkList, Properties, Settings } from './plain-files.ts';
import { QUIET_PLANS, QuietLook } from './quiet-look.ts';
import { SmsBackup } from './sms-backup.ts';
import { AlertsTimeline, CommandLog, Timeline, ToolFound } from './tool-files.ts';
import { Wanted } from './wanted.ts';
import { findDirectory, readDirectory, type DirectoryPlace, type ZipMember } from './zip-directory.ts';

type Open = ParserParams<'phone.open'>;

const NOTHING = {
  module: '',
  status: 'notRead',
  reason: null,
  records: 0,
  strange: 0,
  faultAt: null,
  oddities: { notFinite: 0, large: 0, loneHalves: 0 },
  clock: 'unknown',
  gaveUp: null,
  timeline: null,
  info: null,
  log: null,
} as const satisfies Partial<PhoneFile>;

/** Records of a file in JSON, given to the module that they are of. */
class ModuleFile implements MemberReader {
  readonly #records: JsonRecords;
  readonly #module: ModuleReader;
  readonly #watch: (watch: RedirectWatch) => void;

  constructor(module: ModuleReader, slug: string, quiet: QuietBytes, watch: (watch: RedirectWatch) => void) {
    // Names of files are anybody's: `constructor.json` is a file like any other.
    const fields = Object.hasOwn(NEEDED_FIELDS, slug) ? NEEDED_FIELDS[slug] : undefined;
    const plan = Object.hasOwn(QUIET_PLANS, slug) ? QUIET_PLANS[slug] : undefined;
    const look = plan === undefined ? null : new QuietLook(plan, quiet);
    this.#module = module;
    this.#watch = watch;
    this.#records = new JsonRecords(
      (read) => module.take(read),
      fields === undefined ? null : new Wanted(fields, look),
      false,
      { isReady: () => module.looksAtEach, passed: (count) => module.passed(count) },
    );
  }

  push(bytes: Uint8Array): void {
    this.#records.push(bytes);
  }

  end(): MemberSays {
    const { reason, faultAt } = this.#records.end();
    const { said, watch } = this.#module.end();
    if (watch !== null) this.#watch(watch);
    return { ...said, reason: reason ?? said.reason, faultAt, oddities: this.#records.oddities };
  }
}

/** A file of the second reading. */
class AgainFile implements MemberReader {
  readonly #records: JsonRecords;
  readonly #reader: RedirectReader;

  constructor(reader: RedirectReader) {
    this.#reader = reader;
    this.#records = new JsonRecords(
      (read) => reader.take(read),
      new Wanted(NEEDED_FIELDS['safari_history'] ?? []),
    );
  }

  push(bytes: Uint8Array): void {
    this.#records.push(bytes);
  }

  end(): MemberSays {
    this.#records.end();
    this.#reader.end();
    return {};
  }
}

/**
 * Reads one import from its first byte to its last, file by file, and tells what it holds. Each file is judged by
 * itself: a broken one ends where it is broken, and the next begins afresh.
 */
export class PhoneReader {
  readonly #open: Open;
  #context: PhoneContext;
  readonly #known = new KnownFiles();
  readonly #infos: { info: StatedInfo; file: PhoneFile }[] = [];
  readonly #watches = new Map<string, RedirectWatch>();
  readonly #stated: { file: PhoneFile; hashes: StatedHash[] }[] = [];
  /** What the container tells. */
  readonly #sink: MemberSink = {
    begin: (path) => this.#memberBegin(path),
    data: (bytes) => this.#reader?.push(bytes),
    end: (sizeBytes, sha256, reason) => this.#memberEnd(sizeBytes, sha256, reason),
  };
  readonly #quiet: QuietBytes;
  #container: Container | null = null;
  #place: DirectoryPlace | null = null;
  #members: readonly ZipMember[] | null = null;
  #path = '';
  #kind: FileKind = { kind: 'other', module: '' };
  #reader: MemberReader | null = null;
  #pending: StatedInfo | null = null;
  #hashes: StatedHash[] | null = null;

  constructor(open: Open) {
    this.#open = open;
    const placeOf = new Map<Indicator, number>();
    for (const list of [open.indicators, open.mvtIndicators])
      for (const [at, indicator] of list.entries()) placeOf.set(indicator as Indicator, at);
    this.#context = {
      kind: open.kind,
      matcher: new Matcher(
        {
          indicators: open.indicators as readonly Indicator[],
          mvtIndicators: open.mvtIndicators as readonly Indicator[],
        },
        LINK_SHORTENERS,
      ),
      today: open.today,
      placeOf,
      out: new Outbox(),
      pass: 1,
    };
    this.#quiet = new QuietBytes(this.#context.matcher.quiet);
  }

  /** What the bytes are, and which part of an archive is needed first. */
  opened(): ParserAnswer<'phone.open'> {
    const head = Buffer.from(this.#open.head);
    const isZip = head.length >= 4 && head[0] === 0x50 && head[1] === 0x4b && [3, 5].includes(head[2] ?? 0);
    if (isZip) {
      this.#place = findDirectory(Buffer.from(this.#open.tail), this.#open.sizeBytes);
      return { container: 'zip', wants: { start: this.#place.start, end: this.#place.end } };
    }
    this.#container = new Container(this.#sink, this.#open.name, head, null);
    return { container: this.#container.kind, wants: null };
  }

  directory(bytes: Uint8Array): void {
    if (this.#place === null || bytes.length !== this.#place.end - this.#place.start)
      throw new Refusal('parser.damagedFile');
    this.#members = readDirectory(Buffer.from(bytes), this.#place);
    this.#container = new Container(this.#sink, this.#open.name, Buffer.from(this.#open.head), this.#members);
  }

  async feed(bytes: Uint8Array): Promise<ParserAnswer<'phone.feed'>> {
    if (bytes.length > 0) {
      if (this.#container === null) throw new Refusal('parser.unsupported');
      await this.#container.push(bytes);
    }
    return this.#context.out.take();
  }

  async end(): Promise<ParserAnswer<'phone.end'>> {
    const container = this.#container;
    this.#container = null;
    await container?.end();
    const again = this.#context.pass === 1 && this.#watches.size > 0;
    if (this.#context.pass === 1) this.#compareHashes();
    if (again) {
      this.#context = { ...this.#context, pass: 2 };
      this.#container = new Container(
        this.#sink,
        this.#open.name,
        Buffer.from(this.#open.head),
        this.#members,
      );
    }
    return { ...this.#context.out.take(), again };
  }

  #memberBegin(path: string): boolean {
    this.#path = path;
    this.#pending = null;
    this.#hashes = null;
    this.#kind = fileKind(path, this.#context.kind);
    this.#reader = this.#context.pass === 1 ? this.#readerFor() : this.#againReader();
    return this.#reader !== null;
  }

  #memberEnd(sizeBytes: number, sha256: string | null, cut: PhoneFileReason | null): void {
    const says = this.#reader?.end(cut === null) ?? {};
    this.#reader = null;
    if (this.#context.pass === 2) return;
    if (sha256 !== null) this.#known.add(this.#path, sha256);
    const { kind, module } = this.#kind;
    const reason = this.#reasonOf(says, sizeBytes, cut);
    const clock = says.clock ?? clockOf(module, null);
    const file: PhoneFile = {
      ...NOTHING,
      ...says,
      path: cutName(this.#path),
      sizeBytes,
      sha256,
      kind,
      module: module.slice(0, 200),
      status: statusOf(kind, reason, says.records ?? 0),
      reason,
      clock,
    };
    if (this.#pending !== null) this.#infos.push({ info: this.#pending, file });
    else if (this.#hashes !== null) this.#stated.push({ file, hashes: this.#hashes });
    else this.#context.out.file(file);
  }

  #reasonOf(says: MemberSays, sizeBytes: number, cut: PhoneFileReason | null): PhoneFileReason | null {
    if (cut !== null) return cut;
    if (this.#kind.kind === 'manifest') return null;
    if (this.#kind.kind === 'other') return isArchiveName(this.#path) ? 'nestedArchive' : 'unknownFile';
    if (sizeBytes === 0) return 'empty';
    return says.reason ?? null;
  }

  #againReader(): MemberReader | null {
    const watch = this.#watches.get(this.#path);
    return watch === undefined ? null : new AgainFile(new RedirectReader(this.#context, this.#path, watch));
  }

  #readerFor(): MemberReader | null {
    const context = this.#context;
    const path = this.#path;
    const { kind, module } = this.#kind;
    const records = (clock?: PhoneFile['clock']): ModuleReader =>
      new ModuleReader(context, path, module, clock);
    switch (kind) {
      case 'records':
        return new ModuleFile(records(), module, this.#quiet, (watch) => this.#watches.set(path, watch));
      case 'detected':
      case 'alerts':
        return new ToolFound(context, path, module);
      case 'alertsTimeline':
        return new AlertsTimeline(context, path);
      case 'timeline':
        return new Timeline();
      case 'log':
        return new CommandLog();
      case 'info':
        return new InfoFile(path, (info) => (this.#pending = info));
      case 'hashes':
        return this.#hashesReader();
      case 'acquisition':
        return new ModuleFile(
          new ModuleReader(context, path, 'acquisition'),
          '',
          this.#quiet,
          () => undefined,
        );
      case 'properties':
        return new Properties(records());
      case 'settings':
        return new Settings(records(), path);
      case 'smsBackup':
        return new SmsBackup(records('utc'));
      case 'chat':
        return new ChatExport(records('deviceLocal'));
      case 'links':
        return new LinkList(records());
      case 'manifest':
      case 'other':
        return null;
    }
  }

  #hashesReader(): MemberReader {
    const hashes: StatedHash[] = [];
    this.#hashes = hashes;
    const rows = new CsvRows((row) => {
      const stated = statedOfRow(row);
      if (stated !== null && hashes.length < 400_000) hashes.push(stated);
    });
    return {
      push: (bytes) => rows.push(bytes),
      end: () => ({ reason: rows.end() ? null : 'endsEarly', records: hashes.length }),
    };
  }

  /** Only when everything was read is it known which of the files that are named lie here. */
  #compareHashes(): void {
    for (const { info, file } of this.#infos.splice(0)) {
      const { toolVersion, date, targetPath, indicatorFiles } = info;
      const hashes = this.#known.compare(
        info.hashes,
        targetPath,
        info.path.slice(0, info.path.lastIndexOf('/') + 1),
      );
      this.#context.out.file({ ...file, info: { toolVersion, date, targetPath, indicatorFiles, hashes } });
    }
    for (const { file, hashes } of this.#stated.splice(0)) {
      const compared = this.#known.compare(hashes, '', null);
      const info = { toolVersion: '', date: '', targetPath: '', indicatorFiles: [], hashes: compared };
      this.#context.out.file({ ...file, info });
    }
  }
}

function statusOf(
  kind: FileKind['kind'],
  reason: PhoneFileReason | null,
  records: number,
): PhoneFile['status'] {
  if (kind === 'other') return 'notRead';
  if (reason === null || reason === 'empty') return 'read';
  return records > 0 ? 'partly' : 'notRead';
}
