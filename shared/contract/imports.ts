import { z } from 'zod';
import { lineSchema, textSchema } from '../model/common.ts';
import { evidenceIdSchema, targetIdSchema } from '../model/ids.ts';
import { examinationIdSchema, indicatorSetIdSchema, runIdSchema } from '../model/surveillance-ids.ts';
import { KEPT_MANIFEST, PHONE_FILE_REASONS, PHONE_KINDS, phoneFileSchema } from '../parser/phone.ts';
import type { PhoneFile } from '../parser/phone.ts';
import { task } from './define.ts';
import { setInForceSchema } from './examinations.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);

/** Files that a report names one by one; all of them are counted. */
export const REPORT_FILES = 2_000;

/** Whether `info.json` is still the one that the tool's log named. */
export const INFO_AGREEMENTS = ['agrees', 'differs', 'notStated'] as const;

/**
 * What an import read, file by file, and what it did not read and why. Nothing here says that a phone is clean: it says
 * what was looked at.
 */
export const importReportSchema = z
  .object({
    evidenceId: evidenceIdSchema,
    sha256,
    sizeBytes: count,
    /** `folder`: kept as one tar with a list of hashes inside. */
    container: z.enum(['file', 'tar', 'zip']),
    /** The basis is pending: the bytes are kept and tied, nothing was opened. */
    preservedOnly: z.boolean(),
    /** Whether results of a tool, or an export of messages, were among it. Records of anything else do not count. */
    recognised: z.boolean(),
    runId: runIdSchema.nullable(),
    records: count,
    /** Files of results that could not be read whole; what was not read was not compared. */
    unread: count,
    findings: z
      .object({
        stored: count,
        /** Stood in the tool's own results. */
        byTool: count,
        /** Found here and not by the tool. */
        newSinceTool: count,
        /** Known from an earlier pass over the same bytes and not stored again. */
        known: count,
      })
      .strict(),
    sets: z.array(setInForceSchema),
    fileCounts: z.object({ read: count, partly: count, notRead: count }).strict(),
    reasons: z.array(z.object({ reason: z.enum(PHONE_FILE_REASONS), files: count }).strict()),
    /** Those that hold something first; at most `REPORT_FILES`. */
    files: z.array(phoneFileSchema).max(REPORT_FILES),
    /** One entry for each `info.json`. */
    infos: z.array(
      z
        .object({
          path: z.string(),
          agreement: z.enum(INFO_AGREEMENTS),
          sha256: sha256.nullable(),
          stated: sha256.nullable(),
        })
        .strict(),
    ),
    /** Links over shorteners: where they lead is not known, and nobody was asked. */
    shortened: count,
    /** The vault had these very bytes before, as this item; they were kept again. */
    sameAs: evidenceIdSchema.nullable(),
    /** Names of a folder that were no files and were left out: links, pipes, devices. */
    leftOut: count,
  })
  .strict();
export type ImportReport = z.infer<typeof importReportSchema>;

/** Whether a file is the list of hashes that the vault itself lays beside what was handed in: none of the person's. */
export const isOwnList = ({ kind, path }: Pick<PhoneFile, 'kind' | 'path'>): boolean =>
  kind === 'manifest' && path === KEPT_MANIFEST;

/** How many files of the person's own were read, in part, or not. */
export const ownFileCounts = ({
  files,
  fileCounts,
}: Pick<ImportReport, 'files' | 'fileCounts'>): ImportReport['fileCounts'] => {
  const counts = { ...fileCounts };
  for (const file of files) if (isOwnList(file)) counts[file.status] -= 1;
  return counts;
};

/**
 * Whether what was read held anything to compare: a record, or a finding of the tool. Where it did not, as in a folder
 * that holds no results, the absence of findings says nothing.
 */
export const heldResults = ({ records, findings }: Pick<ImportReport, 'records' | 'findings'>): boolean =>
  records > 0 || findings.stored + findings.known > 0;

/**
 * What stands against taking the results for those of one phone: the folders of each `info.json` where there are several,
 * and the platforms that the tool's logs name. A phone may well have a backup and a file system examined, each in a folder
 * of its own; two platforms are never one phone.
 */
export const severalResults = (
  report: Pick<ImportReport, 'infos' | 'files'>,
): { readonly folders: readonly string[]; readonly platforms: number } => ({
  folders:
    report.infos.length < 2 ? [] : report.infos.map(({ path }) => path.slice(0, path.lastIndexOf('/') + 1)),
  platforms: new Set(
    report.files.flatMap(({ log }) => (log === null || log.platform === 'unknown' ? [] : [log.platform])),
  ).size,
});

export const imports = {
  /**
   * Takes the results of an examination in: a folder or archive of a tool, one file of it, a backup of messages, a chat
   * or a list of links. The bytes become evidence tied to the examination; then they are read in a parser and compared in
   * both modes with the chosen sets, those of the examination, or all in use. Without any set the tool's own findings
   * and the rules that need no indicator still speak. A basis `pending` keeps the bytes and opens nothing.
   * Errors: `record.notFound`, `evidence.targetUnknown`, `import.emptyFolder`, `import.tooManyFiles`, `disk.*`, `parser.*`.
   */
  'imports.phone': task({
    input: z
      .object({
        examinationId: examinationIdSchema,
        kind: z.enum(PHONE_KINDS).default('results'),
        source: targetIdSchema,
        sets: z.array(indicatorSetIdSchema).max(500).optional(),
        fromWords: lineSchema.default(''),
        note: textSchema.default(''),
      })
      .strict(),
    output: importReportSchema,
  }),
  /**
   * Reads kept results once more and compares them with today's sets; only what no earlier pass over the same bytes had
   * found is stored. Errors: `record.notFound`, `examination.preservationOnly`, `import.notAnImport`,
   * `evidence.object*`, `parser.*`.
   */
  'findings.rematch': task({
    input: z
      .object({
        examinationId: examinationIdSchema,
        /** Which of the kept results; left out: the newest import. */
        evidenceId: evidenceIdSchema.optional(),
        sets: z.array(indicatorSetIdSchema).max(500).optional(),
      })
      .strict(),
    output: importReportSchema,
  }),
} as const;
