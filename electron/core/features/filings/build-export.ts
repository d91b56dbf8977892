import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AppError } from '#shared/errors.ts';
import type { Annex, FilingDocument } from '#shared/model/filing-document.ts';
import { cleanText } from '#shared/model/filing-document.ts';
import type { OpenCall } from '../../context.ts';
import { makeAnnex } from './annex-files.ts';
import type { AnnexFile } from './annex-files.ts';
import { annexCustody, type CommitmentOpening } from './annex-custody.ts';
import { decodeFinished } from './decode-finished.ts';
import type { FinishedDecodings } from './decode-finished.ts';
import { notLeftOut } from './digital-evidence.ts';
import { filingDocument, filingRuns } from './filing-content.ts';
import type { FinishedFile, FinishedFormat } from './leak-check/index.ts';
import { indicatorBundle } from './indicator-bundle.ts';
import {
  ANNEX_FOLDERS,
  annexIndexCsv,
  custodyCsv,
  entryOfBytes,
  prepareBag,
  writeZip,
} from './package/index.ts';
import type { SeriesKey } from './package/index.ts';
import type { Plan } from './plan.ts';
import {
  plainTextBytes,
  renderDocx,
  renderPdf,
  renderReceiptSheet,
  renderSignatureSheet,
} from './render/index.ts';
import { runsText } from '#shared/model/filing-text.ts';
import { seededRandom } from './seeded-random.ts';

/** One file of an export exactly as it would be delivered. */
export interface BuiltFile {
  /** Path below the folder or below `data/`. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly format: FinishedFormat;
  readonly origin: FinishedFile['origin'];
  readonly controlWord: string | null;
  read(start: number, end: number): Promise<Uint8Array>;
  open(): AsyncIterable<Uint8Array>;
  decodings(): Promise<FinishedDecodings>;
}

export interface BuiltExport {
  readonly files: readonly BuiltFile[];
  readonly document: FilingDocument;
  readonly annexes: readonly AnnexFile[];
  /** UUIDs that were made for this export. */
  readonly ownIds: readonly string[];
  /** Commitments to originals that stay behind, in hex. */
  readonly commitments: readonly string[];
  /** What opens the commitments of the custody table; for the ledger alone. */
  readonly openings: readonly CommitmentOpening[];
  close(): Promise<void>;
}

const CHUNK = 1024 * 1024;

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK)
    yield await Promise.resolve(bytes.subarray(at, at + CHUNK));
}

const madeFile = (
  call: OpenCall,
  path: string,
  content: Uint8Array,
  format: FinishedFormat,
  controlWord: string | null,
  signal: AbortSignal,
  ocr: false | 'first' = false,
): BuiltFile => {
  const bytes = new Uint8Array(content);
  return {
    path,
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    format,
    origin: 'made',
    controlWord,
    read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
    open: () => slices(bytes),
    // Text of our own letters is no foreign file; it needs no engine to be read.
    decodings: () =>
      format === 'text' || format === 'csv' || format === 'stix'
        ? Promise.resolve({
            decodings: [
              {
                decoder: 'utf-8',
                parts: [{ where: 'text', kind: 'text' as const, text: Buffer.from(bytes).toString('utf8') }],
                undecoded: [],
              },
            ],
            inkPages: [],
          })
        : decodeFinished(call.core.parser, format, bytes, { ocr, signal }),
  };
};

const annexOf = (plan: Plan, file: AnnexFile): Annex => {
  const runs = plan.assembly.annexTexts.get(file.plan.number) ?? [];
  return {
    number: file.plan.number,
    fileName: file.plan.fileName,
    kind: cleanText(file.plan.kindLabel),
    description: cleanText(runsText(filingRuns(runs))),
    sha256: file.sha256,
    bytes: file.sizeBytes,
    ...(plan.profile.reserveFolders
      ? { folder: file.plan.setting.reserved ? ('reserved' as const) : ('transferable' as const) }
      : {}),
  };
};

const annexPath = (base: string, annex: Annex): string =>
  annex.folder === undefined
    ? `${base}/${annex.fileName}`
    : `${base}/${ANNEX_FOLDERS[annex.folder]}/${annex.fileName}`;

/**
 * Renders everything that an export consists of. The same plan, day and seed give the same bytes, so that a
 * release can prove that it writes what was checked.
 *
 * @throws AppError `export.pendingDecisions`, `finding.altered`, `export.annexTooLarge`, `export.glyphMissing`, `parser.*`,
 *   `evidence.*`
 */
export const buildExport = async (
  call: OpenCall,
  plan: Plan,
  form: 'filing' | 'package',
  day: string,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<BuiltExport> => {
  const { item, profile, assembly } = plan;
  if (assembly.pending > 0)
    throw new AppError('export.pendingDecisions', { params: { count: assembly.pending } });
  if (notLeftOut(assembly.altered, item.settings).length > 0) throw new AppError('finding.altered');
  const annexes: AnnexFile[] = [];
  const close = async (): Promise<void> => {
    for (const annex of annexes) await annex.close();
  };
  try {
    for (const planned of assembly.annexes) {
      if (signal.aborted) throw new AppError('call.cancelled');
      const annex = await makeAnnex(call, planned, assembly.withheld.values, signal);
      annexes.push(annex);
      if (profile.annexMaxBytes !== null && annex.sizeBytes > profile.annexMaxBytes) {
        throw new AppError('export.annexTooLarge', { params: { number: planned.number } });
      }
      onProgress(annexes.length, assembly.annexes.length + 2);
    }
    const listed = annexes.map((annex) => annexOf(plan, annex));
    const document = filingDocument(assembly, item, profile, day, listed);
    if (document.sections.length === 0)
      throw new AppError('export.pendingDecisions', { params: { count: 0 } });
    const files = await documents(call, plan, document, form, signal);
    const extras = form === 'package' ? packageExtras(call, plan, annexes, listed, day) : NO_EXTRAS;
    for (const { path, bytes, format } of extras.files)
      files.push(madeFile(call, path, bytes, format, null, signal));
    onProgress(annexes.length + 1, assembly.annexes.length + 2);
    annexes.forEach((annex, at) => {
      const entry = listed[at];
      if (entry === undefined) return;
      files.push({
        path: annexPath(form === 'package' ? 'annexes' : 'anexos', entry),
        sizeBytes: annex.sizeBytes,
        sha256: annex.sha256,
        format: annex.format,
        origin: annex.origin,
        controlWord: null,
        read: annex.read,
        open: annex.open,
        decodings: annex.decodings,
      });
    });
    const { ownIds, commitments, openings } = extras;
    return { files, document, annexes, ownIds, commitments, openings, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
};

interface Extras {
  readonly files: readonly {
    readonly path: string;
    readonly bytes: Buffer;
    readonly format: FinishedFormat;
  }[];
  readonly ownIds: readonly string[];
  readonly commitments: readonly string[];
  readonly openings: readonly CommitmentOpening[];
}
const NO_EXTRAS: Extras = { files: [], ownIds: [], commitments: [], openings: [] };

/** What a package has besides the filing and its annexes, where the profile and this export want it. */
const packageExtras = (
  call: OpenCall,
  plan: Plan,
  annexes: readonly AnnexFile[],
  listed: readonly Annex[],
  day: string,
): Extras => {
  const bundle = indicatorBundle(call, plan, day);
  const { steps, openings } =
    plan.profile.custody && annexes.length > 0
      ? annexCustody(plan, annexes, { day, zone: call.core.ports.clock.zone() })
      : { steps: [], openings: [] };
  return {
    files: [
      ...(steps.length === 0
        ? []
        : [
            {
              path: 'custody.csv',
              bytes: custodyCsv(steps, listed, plan.item.language),
              format: 'csv' as const,
            },
          ]),
      ...(bundle === null
        ? []
        : [{ path: 'indicators.stix2.json', bytes: bundle.bytes, format: 'stix' as const }]),
    ],
    ownIds: bundle?.ids ?? [],
    commitments: steps.flatMap(({ originalCommitment }) => originalCommitment ?? []),
    openings,
  };
};

const documents = async (
  call: OpenCall,
  plan: Plan,
  document: FilingDocument,
  form: 'filing' | 'package',
  signal: AbortSignal,
): Promise<BuiltFile[]> => {
  const { item } = plan;
  const control = document.folio;
  const ports = (use: string) => ({
    random: seededRandom(item.settings.seed, use),
    loadFonts: call.core.ports.loadFonts,
  });
  const made = (path: string, bytes: Uint8Array, format: FinishedFormat, word: string | null): BuiltFile =>
    madeFile(call, path, bytes, format, word, signal);
  const read = (path: string, bytes: Uint8Array): BuiltFile =>
    madeFile(call, path, bytes, 'pdf', control, signal, 'first');
  const pdf = await renderPdf(document, ports('pdf'));
  const text = plainTextBytes(document);
  if (form === 'package') {
    return [
      read('filing.pdf', pdf.bytes),
      made('filing.docx', await renderDocx(document), 'docx', control),
      made('filing.txt', text, 'text', control),
      made('annex-index.csv', annexIndexCsv(document.annexes, document.language), 'csv', null),
    ];
  }
  const files = [read('escrito.pdf', pdf.bytes), made('texto.txt', text, 'text', control)];
  if (document.signatures !== undefined) {
    files.push(
      made(
        'hoja_de_firmas.pdf',
        (await renderSignatureSheet(document, ports('signatures'))).bytes,
        'pdf',
        control,
      ),
    );
  }
  if (document.receipt !== undefined) {
    files.push(
      made('hoja_de_acuse.pdf', (await renderReceiptSheet(document, ports('receipt'))).bytes, 'pdf', control),
    );
  }
  return files;
};

/** A stream to write, with its name in the target folder. */
export interface OutputStream {
  readonly folder: string | null;
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
}

export interface PreparedOutput {
  readonly manifestSha256: string;
  readonly streams: readonly OutputStream[];
  /** Files besides the built ones, such as the lists of a bag: name and bytes. */
  readonly tagFiles: readonly { readonly path: string; readonly bytes: Buffer }[];
}

/** SHA-256 over the sorted list of files: names a filing in the ledger. */
const listHash = (files: readonly BuiltFile[]): string =>
  createHash('sha256')
    .update(
      [...files]
        .map((file) => `${file.sha256}  ${file.path}\n`)
        .sort()
        .join(''),
    )
    .digest('hex');

const collect = async (content: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** A package: BagIt bag in a zip. `baseName`: of the zip, and of the folder inside it. */
export const prepareBagOutput = async (
  call: OpenCall,
  built: BuiltExport,
  day: string,
  baseName: string,
  signingKey: SeriesKey | null,
): Promise<PreparedOutput> => {
  const bag = await prepareBag(
    {
      day,
      baseName,
      payload: built.files.map((file) => ({ path: file.path, open: () => file.open() })),
      signingKey,
    },
    call.core.ports.crypto,
  );
  const tags = bag.files.filter((file) => !file.path.startsWith('data/'));
  const tagFiles: { path: string; bytes: Buffer }[] = [];
  for (const tag of tags) tagFiles.push({ path: tag.path, bytes: await collect(bag.open(tag.path)) });
  return {
    manifestSha256: bag.tagManifestSha256,
    streams: [{ folder: null, name: `${baseName}.zip`, content: bag.zip() }],
    tagFiles,
  };
};

/** A filing: a folder of plain files, or one zip where it is to be encrypted; `base` names the folder in both. */
export const prepareFilingOutput = async (
  built: BuiltExport,
  base: string,
  oneFile: boolean,
): Promise<PreparedOutput> => {
  const manifestSha256 = listHash(built.files);
  if (!oneFile) {
    const streams = built.files.map((file): OutputStream => {
      const path = `${base}/${file.path}`;
      const cut = path.lastIndexOf('/');
      return { folder: path.slice(0, cut), name: path.slice(cut + 1), content: file.open() };
    });
    return { manifestSha256, streams, tagFiles: [] };
  }
  const entries = [];
  for (const file of built.files) {
    let crc = 0;
    for await (const chunk of file.open()) crc = crc32(chunk, crc);
    entries.push({
      ...entryOfBytes(`${base}/${file.path}`, new Uint8Array(0)),
      storedSize: file.sizeBytes,
      size: file.sizeBytes,
      crc,
      open: () => file.open(),
    });
  }
  return {
    manifestSha256,
    streams: [{ folder: null, name: `${base}.zip`, content: writeZip(entries) }],
    tagFiles: [],
  };
};
