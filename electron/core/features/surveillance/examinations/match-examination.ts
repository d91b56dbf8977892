import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { EvidenceId } from '#shared/model/ids.ts';
import type { RunId } from '#shared/model/surveillance-ids.ts';
import type { Check } from '#shared/surveillance/indicators.ts';
import { TEXT_PASS } from '#shared/surveillance/findings.ts';
import { MAX_TEXT_CHARS } from '#shared/parser/jobs.ts';
import type { OpenCall, TaskHandle } from '../../../context.ts';
import { read, write } from '../../../db/index.ts';
import { differenceOf } from '../../../../matching/differences.ts';
import type { Matcher } from '../../../../matching/matcher.ts';
import { looseLinks } from '../../../../matching/modules/links.ts';
import { readEvidence } from '../../evidence/index.ts';
import { hitsOf } from '../messages/triage.ts';
import { comparable } from '../evidence-tie-repo.ts';
import { knownFindings } from '../import/import-repo.ts';
import { findingKeys } from '../import/merge-found.ts';
import { chosenSets, matcherFor } from '../sets/read-sets.ts';
import { inForce } from '../sets/set-repo.ts';
import { needReadable } from './examination-repo.ts';
import { indexExamination } from './examinations.ts';
import { storeRun, type NewFinding } from './finding-store-repo.ts';

/** What was found in one file. `records`: lines in which anything stands. */
interface Pass {
  readonly evidenceId: EvidenceId | null;
  readonly records: number;
  /** Whether something of it could not be read as text. */
  readonly isWhole: boolean;
  readonly found: readonly NewFinding[];
}

const NOTHING_READ: Pass = { evidenceId: null, records: 0, isWhole: true, found: [] };

/** Largest file whose text is compared line by line. */
const MAX_BYTES = 64 * 1024 * 1024;
const HASH = /\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})\b/giu;
const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/gu;

/** What a line of a report can be compared as. */
function observedIn(line: string): { readonly check: Check; readonly value: string }[] {
  const found: { check: Check; value: string }[] = [];
  for (const { value } of looseLinks('', line))
    if (typeof value === 'string') found.push({ check: 'check_url', value });
  for (const [value] of line.matchAll(EMAIL)) found.push({ check: 'check_email', value });
  for (const [value] of line.matchAll(HASH)) found.push({ check: 'check_file_hash', value });
  const whole = line.trim();
  // A line that is one word may be a process, an application or a path.
  if (whole !== '' && !/\s/u.test(whole)) {
    if (whole.includes('/')) found.push({ check: 'check_file_path', value: whole });
    else {
      found.push({ check: 'check_app_id', value: whole });
      found.push({ check: 'check_process', value: whole });
    }
  }
  return found;
}

function* findingsIn(matcher: Matcher, module: string, lines: readonly string[]): Generator<NewFinding> {
  for (const [record, line] of lines.entries()) {
    // Of a report nobody knows what its tool had found before.
    const plain = { module, record, time: '', whenKey: '', clock: 'unknown', newSinceTool: false } as const;
    const excerpt = [{ name: 'line', value: line }];
    for (const { check, value } of observedIn(line)) {
      const hits = hitsOf(matcher, check, value);
      if (hits.length > 0) {
        yield {
          ...plain,
          kind: 'indicator',
          field: '',
          observed: value,
          excerpt,
          level: hits.some(({ mode }) => mode === 'strict') ? 'critical' : 'medium',
          message: '',
          hits,
          difference: differenceOf(check, matcher.check(check, value)),
          shortener: null,
        };
        continue;
      }
      const shortener = check === 'check_url' ? matcher.shortener(value) : null;
      if (shortener !== null) {
        yield {
          ...plain,
          kind: 'shortenedLink',
          field: '',
          observed: value,
          excerpt,
          level: 'low',
          message: '',
          hits: [],
          difference: null,
          shortener,
        };
      }
    }
  }
}

const LINE_END = /\r?\n/u;
const isBlank = (text: string): boolean => text.trim() === '';

/** The lines of a text or of a PDF, read in a parser. A page without any is a picture, and nobody has read it. */
async function linesOf(
  call: OpenCall & { readonly task: TaskHandle },
  source: { readonly evidenceId: string; readonly mime: string },
  bytes: Buffer<ArrayBuffer>,
): Promise<{ readonly lines: string[]; readonly isWhole: boolean }> {
  const options = { source: source.evidenceId, signal: call.task.signal };
  if (source.mime === 'application/pdf') {
    const { pages, pageCount } = await call.core.parser.run('pdf.text', { bytes, maxPages: 20_000 }, options);
    return {
      lines: pages.flatMap((page) => page.split(LINE_END)),
      isWhole: pages.length === pageCount && !pages.some(isBlank),
    };
  }
  const { text, truncated } = await call.core.parser.run(
    'text.decode',
    { bytes, maxChars: MAX_TEXT_CHARS },
    options,
  );
  return { lines: text.split(LINE_END), isWhole: !truncated };
}

/**
 * Compares the texts kept with an examination (roles `results` and `report`) line by line with the sets in force or
 * the chosen ones; only what no earlier pass over the same bytes had found is stored. Under a pending basis nothing is opened. Each file is a run of its own: what was read out of one goes
 * with it when it is deleted.
 *
 * @throws AppError `record.notFound`, `examination.preservationOnly`, `examination.noSets`, `evidence.object*`, `parser.*`
 */
export async function matchExamination(
  call: OpenCall & { readonly task: TaskHandle },
  input: HandlerInput<'examinations.match'>,
): Promise<CallOutput<'examinations.match'>> {
  const startedAtMs = call.core.ports.clock.now();
  const examination = read(call, (db) => needReadable(db, input.id));
  const inForceIds = examination.sets.map(({ setId }) => setId);
  const sets = chosenSets(call, input.sets ?? (inForceIds.length === 0 ? undefined : inForceIds));
  const matcher = await matcherFor(call, sets, call.task.signal);
  const given = examination.evidence.filter(({ role }) => role === 'results' || role === 'report');
  const sources = read(call, (db) => comparable(db, examination.id, given));
  const passes: Pass[] = [];
  for (const [at, source] of sources.entries()) {
    call.task.progress('matching', at, sources.length, 'items');
    const { bytes } = await readEvidence(call, source.evidenceId, MAX_BYTES);
    const { lines, isWhole } = await linesOf(call, source, bytes);
    passes.push({
      evidenceId: source.evidenceId,
      // A scan or an empty file has none: "no signs" would be said of what nobody read.
      records: lines.filter((line) => !isBlank(line)).length,
      isWhole,
      found: [...findingsIn(matcher, 'text', lines)],
    });
  }
  // That nothing was there to read is kept as a pass as well.
  const [first = NOTHING_READ, ...others] = passes;
  const done = write(call, (tx) => {
    // The basis may have been taken back while the files were read.
    const now = needReadable(tx, input.id);
    let stored = 0;
    const store = ({ evidenceId, records, isWhole, found }: Pass): RunId => {
      const known = evidenceId === null ? new Set<string>() : knownFindings(tx, input.id, evidenceId);
      // What a person judged in an earlier pass must not lie there again to be judged.
      const fresh = found.filter((one) => !findingKeys(one).every((key) => known.has(key)));
      stored += fresh.length;
      return storeRun(
        call,
        tx,
        {
          examinationId: input.id,
          evidenceId,
          source: TEXT_PASS,
          sets: sets.map(inForce),
          records,
          unread: isWhole ? 0 : 1,
          startedAtMs,
        },
        fresh,
      );
    };
    const runId = store(first);
    for (const pass of others) store(pass);
    indexExamination(call, tx, now);
    tx.afterCommit(() => {
      call.core.emit({ name: 'surveillance.changed', payload: { caseId: now.caseId } });
    });
    const all = [first, ...others];
    return {
      runId,
      records: all.reduce((sum, pass) => sum + pass.records, 0),
      findings: stored,
    };
  });
  return done;
}
