import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { Examination } from '#shared/contract/examinations.ts';
import { REPORT_FILES, type ImportReport } from '#shared/contract/imports.ts';
import type { IndicatorSetRow } from '#shared/contract/indicator-sets.ts';
import { AppError, isAppError } from '#shared/errors.ts';
import type { EvidenceId } from '#shared/model/ids.ts';
import type { ExaminationId, IndicatorSetId } from '#shared/model/surveillance-ids.ts';
import type { EVIDENCE_KINDS } from '#shared/model/vocabularies.ts';
import type { PhoneFile, PhoneFileReason, PhoneKind } from '#shared/parser/phone.ts';
import type { IndicatorSet } from '#shared/surveillance/indicator-set.ts';
import type { OpenCall, TaskHandle } from '../../../context.ts';
import { read, write } from '../../../db/index.ts';
import { bytesSource, openFileSource, type ObjectSource } from '../../../files/object-source.ts';
import { openEvidence, takeSource } from '../../evidence/index.ts';
import { comparable, setTies, tiesOf } from '../evidence-tie-repo.ts';
import { needExamination, needReadable } from '../examinations/examination-repo.ts';
import { indexExamination } from '../examinations/examinations.ts';
import { storeRun } from '../examinations/finding-store-repo.ts';
import { chosenSets, readSet } from '../sets/read-sets.ts';
import { inForce } from '../sets/set-repo.ts';
import { FolderTar, planFolder } from './folder-tar.ts';
import { knownFindings } from './import-repo.ts';
import { findingKeys, mergeFound } from './merge-found.ts';
import type { PhoneReading } from './phone-session.ts';
import { readMeanwhile, readPhone, type ReadingMeanwhile } from './read-phone.ts';
import { holdsResults, unreadResults } from './recognised.ts';

type TaskCall = OpenCall & { readonly task: TaskHandle };

/** What the vault calls such an item; a later reading tells by it what the person said that it is. */
const EVIDENCE_KIND: Readonly<Record<PhoneKind, (typeof EVIDENCE_KINDS)[number]>> = {
  results: 'deviceBackup',
  sms: 'chatExport',
  whatsapp: 'chatExport',
  links: 'spreadsheet',
};

interface Chosen {
  readonly name: string;
  readonly source: ObjectSource;
  readonly isFolder: boolean;
  readonly leftOut: number;
}

/** What the person chose, as bytes of known length. A folder becomes one container: hundreds of items would drown the case. */
async function chosen(call: TaskCall, target: HandlerInput<'imports.phone'>['source']): Promise<Chosen> {
  const { disk, crypto } = call.core.ports;
  const grant = call.core.grants.need(target);
  switch (grant.kind) {
    case 'bytes':
      return { name: grant.name, source: bytesSource(grant.bytes), isFolder: false, leftOut: 0 };
    case 'file':
      return {
        name: grant.name,
        source: await openFileSource(disk, grant.path),
        isFolder: false,
        leftOut: 0,
      };
    case 'folder': {
      const plan = await planFolder(disk, grant.path, call.task.signal);
      const source = new FolderTar(disk, crypto, plan);
      return { name: `${grant.name}.tar`, source, isFolder: true, leftOut: plan.leftOut };
    }
    default:
      throw new AppError('evidence.targetUnknown');
  }
}

/** The chosen sets, those of the examination, or all in use; none where there are none. */
function setsFor(
  call: OpenCall,
  examination: Examination,
  ids: readonly IndicatorSetId[] | undefined,
): IndicatorSetRow[] {
  const own = examination.sets.map(({ setId }) => setId);
  try {
    return chosenSets(call, ids ?? (own.length === 0 ? undefined : own));
  } catch (thrown) {
    // The tool's own findings are worth having without any set.
    if (isAppError(thrown) && thrown.code === 'examination.noSets') return [];
    throw thrown;
  }
}

const tally = (files: readonly PhoneFile[]): Pick<ImportReport, 'fileCounts' | 'reasons' | 'files'> => {
  const fileCounts = { read: 0, partly: 0, notRead: 0 };
  const reasons = new Map<PhoneFileReason, number>();
  for (const { status, reason } of files) {
    fileCounts[status] += 1;
    if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const weight = (file: PhoneFile): number => (file.kind === 'other' ? 1 : 0);
  return {
    fileCounts,
    reasons: [...reasons].map(([reason, count]) => ({ reason, files: count })),
    files: [...files].sort((a, b) => weight(a) - weight(b)).slice(0, REPORT_FILES),
  };
};

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** Each `info.json` against the hash that the tool's log beside it names. */
function infosOf(files: readonly PhoneFile[]): ImportReport['infos'] {
  const logs = new Map(
    files.flatMap(({ path, log }) => (log === null ? [] : [[folderOf(path), log] as const])),
  );
  return files
    .filter(({ kind }) => kind === 'info')
    .map(({ path, sha256 }) => {
      const stated = logs.get(folderOf(path))?.infoHash ?? null;
      const agreement =
        stated === null || sha256 === null ? 'notStated' : stated === sha256 ? 'agrees' : 'differs';
      return { path, agreement, sha256, stated };
    });
}

interface Kept {
  readonly evidenceId: EvidenceId;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly name: string;
  readonly leftOut: number;
  /** Evidence that already had these very bytes, or null. */
  readonly sameAs: EvidenceId | null;
}

const nothingRead = (kept: Kept): ImportReport => ({
  evidenceId: kept.evidenceId,
  sha256: kept.sha256,
  sizeBytes: kept.sizeBytes,
  container: kept.name.endsWith('.tar') ? 'tar' : 'file',
  preservedOnly: true,
  recognised: false,
  runId: null,
  records: 0,
  unread: 0,
  findings: { stored: 0, byTool: 0, newSinceTool: 0, known: 0 },
  sets: [],
  fileCounts: { read: 0, partly: 0, notRead: 0 },
  reasons: [],
  files: [],
  infos: [],
  shortened: 0,
  leftOut: kept.leftOut,
  sameAs: kept.sameAs,
});

/** Stores what a reading gave that no earlier pass over the same bytes had, and says what was read. */
function keepReading(
  call: TaskCall,
  of: { readonly examinationId: ExaminationId; readonly kept: Kept; readonly startedAtMs: number },
  sets: readonly IndicatorSetRow[],
  reading: PhoneReading,
): ImportReport {
  const { examinationId, kept, startedAtMs } = of;
  const { findings, byTool, shortened } = mergeFound(reading);
  const recognised = holdsResults(reading.files);
  const records = recognised ? reading.records : 0;
  const unread = recognised ? unreadResults(reading.files) : 0;
  return write(call, (tx) => {
    // The basis may have been taken back while the results were read.
    const examination = needReadable(tx, examinationId);
    const known = knownFindings(tx, examinationId, kept.evidenceId);
    const fresh =
      known.size === 0
        ? findings
        : findings.filter((one) => !findingKeys(one).every((key) => known.has(key)));
    const runId = storeRun(
      call,
      tx,
      {
        examinationId,
        evidenceId: kept.evidenceId,
        source: kept.name,
        sets: sets.map(inForce),
        records,
        unread,
        startedAtMs,
      },
      fresh,
    );
    indexExamination(call, tx, examination);
    tx.afterCommit(() => {
      call.core.emit({ name: 'surveillance.changed', payload: { caseId: examination.caseId } });
    });
    return {
      ...nothingRead(kept),
      container: reading.container,
      preservedOnly: false,
      recognised,
      runId,
      records,
      unread,
      findings: {
        stored: fresh.length,
        byTool,
        newSinceTool: fresh.filter((one) => one.newSinceTool).length,
        known: findings.length - fresh.length,
      },
      sets: sets.map(inForce),
      ...tally(reading.files),
      infos: infosOf(reading.files),
      shortened,
    };
  });
}

async function parsedSets(call: TaskCall, sets: readonly IndicatorSetRow[]): Promise<IndicatorSet[]> {
  const parsed: IndicatorSet[] = [];
  for (const { id } of sets) parsed.push(await readSet(call, id, call.task.signal));
  return parsed;
}

/** A reading that was begun, or why it could not be: the bytes are kept before anybody hears of that. */
type Begun =
  | { readonly sets: readonly IndicatorSetRow[]; readonly reading: ReadingMeanwhile }
  | { readonly failure: unknown };

async function begin(
  call: TaskCall,
  examination: Examination,
  input: HandlerInput<'imports.phone'>,
  { name, source, isFolder }: Chosen,
): Promise<Begun> {
  try {
    const sets = setsFor(call, examination, input.sets);
    const parsed = await parsedSets(call, sets);
    const reading = await readMeanwhile(call, { kind: input.kind, name }, source, isFolder, parsed);
    return { sets, reading };
  } catch (thrown) {
    return { failure: thrown };
  }
}

/**
 * Takes the results of an examination in: the bytes, whole and tied to the examination, and what they say, which is read
 * while they are being kept and stored once they are. A reading that fails leaves the bytes kept; it can be tried again
 * with `findings.rematch`.
 *
 * @throws AppError `record.notFound`, `evidence.targetUnknown`, `evidence.changedWhileReading`, `import.emptyFolder`,
 *   `import.tooManyFiles`, `disk.*`, `parser.*`, `call.cancelled`
 */
export async function importPhone(
  call: TaskCall,
  input: HandlerInput<'imports.phone'>,
): Promise<CallOutput<'imports.phone'>> {
  const startedAtMs = call.core.ports.clock.now();
  const examination = read(call, (db) => needExamination(db, input.examinationId));
  const given = await chosen(call, input.source);
  call.task.describe(given.name);
  // Without a ground no parser sees a byte.
  const isPending = examination.basis === 'pending';
  const begun = isPending ? null : await begin(call, examination, input, given);
  const reading = begun !== null && 'reading' in begun ? begun.reading : null;
  try {
    const kept = await keep(call, examination, input, given, reading?.source ?? given.source);
    if (begun === null) return nothingRead(kept);
    if ('failure' in begun) throw begun.failure;
    const found = await begun.reading.finish(kept.evidenceId);
    return keepReading(call, { examinationId: examination.id, kept, startedAtMs }, begun.sets, found);
  } finally {
    await reading?.close();
  }
}

/** Keeps the bytes and ties them to the examination. Closes the source. */
async function keep(
  call: TaskCall,
  examination: Examination,
  input: HandlerInput<'imports.phone'>,
  { name, isFolder, leftOut }: Chosen,
  source: ObjectSource,
): Promise<Kept> {
  const intake = {
    caseId: examination.caseId,
    incidentId: null,
    kind: EVIDENCE_KIND[input.kind],
    fromPersonId: null,
    fromWords: input.fromWords,
    method: 'ownCapture' as const,
    note: input.note,
    restricted: false,
    hardToView: false,
  };
  const type = isFolder
    ? { mime: 'application/x-tar' }
    : examination.basis === 'pending'
      ? { mime: 'application/octet-stream' }
      : {};
  // Not for the search index: a person's whole messages are nobody's reading but the matching's.
  const taken = await takeSource(call, intake, name, source, { look: false, ...type });
  tie(call, examination.id, taken.id);
  const { id: evidenceId, sha256, sizeBytes, sameAs } = taken;
  return { evidenceId, sha256, sizeBytes, name, leftOut, sameAs };
}

/** Ties kept bytes to the examination as its results. */
function tie(call: OpenCall, examinationId: ExaminationId, evidenceId: EvidenceId): void {
  write(call, (tx) => {
    const { caseId } = needExamination(tx, examinationId);
    setTies(call, tx, 'examination', examinationId, caseId, [
      ...tiesOf(tx, examinationId),
      { role: 'results', evidenceId },
    ]);
    tx.journal({
      table: 'examination',
      id: examinationId,
      payload: { results: evidenceId },
      children: ['forensic_evidence'],
    });
    tx.afterCommit(() => {
      call.core.emit({ name: 'surveillance.changed', payload: { caseId } });
    });
  });
}

const LESS_THAN = 0x3c;

/** What the person said that kept results are, as the vault remembers it. */
async function kindOf(call: TaskCall, evidenceId: EvidenceId): Promise<{ kind: PhoneKind; name: string }> {
  const { item, reader } = await openEvidence(call, evidenceId);
  try {
    const name = item.originalName;
    if (item.kind === 'spreadsheet') return { kind: 'links', name };
    if (item.kind !== 'chatExport') return { kind: 'results', name };
    // Both kinds of messages are one kind of evidence: a backup of messages is XML, a chat is not.
    const head = await reader.read(0, 64);
    return { kind: head.find((byte) => byte > 32 && byte < 0x7f) === LESS_THAN ? 'sms' : 'whatsapp', name };
  } finally {
    await reader.close();
  }
}

/**
 * Reads kept results again, with today's sets.
 *
 * @throws AppError `record.notFound`, `examination.preservationOnly`, `import.notAnImport`, `evidence.object*`,
 *   `parser.*`, `call.cancelled`
 */
export async function rematchFindings(
  call: TaskCall,
  input: HandlerInput<'findings.rematch'>,
): Promise<CallOutput<'findings.rematch'>> {
  const startedAtMs = call.core.ports.clock.now();
  const examination = read(call, (db) => needReadable(db, input.examinationId));
  const results = examination.evidence.filter(({ role }) => role === 'results');
  const wanted =
    input.evidenceId === undefined
      ? read(call, (db) => comparable(db, examination.id, results)).at(-1)
      : results.find(({ evidenceId }) => evidenceId === input.evidenceId);
  if (wanted === undefined) throw new AppError('import.notAnImport');
  const { kind, name } = await kindOf(call, wanted.evidenceId);
  call.task.describe(name);
  const { evidenceId, sha256, sizeBytes } = wanted;
  const kept: Kept = { evidenceId, sha256, sizeBytes, name, leftOut: 0, sameAs: null };
  const sets = setsFor(call, examination, input.sets);
  const reading = await readPhone(call, { evidenceId, kind, name }, await parsedSets(call, sets));
  return keepReading(call, { examinationId: examination.id, kept, startedAtMs }, sets, reading);
}
