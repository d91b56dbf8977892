import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { stixBundle } from '#shared/surveillance/stix-out.ts';
import type { OpenCall, TaskHandle } from '../../context.ts';
import { read } from '../../db/index.ts';
import { checkStix, createTextMatcher, searchForms, type KnownValue } from '../filings/index.ts';
import {
  findingsIn,
  forensicWords,
  isRunIntact,
  needReadable,
  randomUuid,
  sightedIndicators,
  type StoredFinding,
} from '../surveillance/index.ts';
import { withheldFrom } from './timeline/timeline-names-repo.ts';
import { writeHandout } from './write-handout.ts';

/** Findings of one examination that a bundle draws from. */
const MAX_FINDINGS = 200_000;

/** What people, families and groups behind the examinations are called. */
const namesIn = (known: readonly KnownValue[]): string[] => [
  ...new Set(
    known.flatMap(({ kind, text }) =>
      kind === 'name' || kind === 'alias' || kind === 'organisation' ? [text] : [],
    ),
  ),
];

/**
 * Writes indicators and sightings for other analysts. Nothing of person, device, case or observed value enters it, and
 * its ids are made for it alone.
 *
 * @throws AppError `record.notFound`, `examination.preservationOnly`, `finding.altered`, `stix.nothingToTell`,
 *   `export.leakFound`, `disk.*`, `export.cloudFolder`
 */
export async function exportStix(
  call: OpenCall & { readonly task: TaskHandle },
  input: HandlerInput<'surveillance.exportStix'>,
): Promise<CallOutput<'surveillance.exportStix'>> {
  const states = input.includeToReview
    ? (['confirmed', 'suspicious', 'toReview'] as const)
    : (['confirmed', 'suspicious'] as const);
  const ids = [...new Set(input.examinationIds)];
  const { findings, setDays, caseId, known } = read(call, (db) => {
    const all: StoredFinding[] = [];
    const days = new Map<string, string | null>();
    const examinations = ids.map((id) => needReadable(db, id));
    for (const examination of examinations) {
      for (const run of examination.runs) {
        if (!isRunIntact(db, run.id, Buffer.from(run.digest, 'hex'))) throw new AppError('finding.altered');
        for (const set of run.sets) days.set(set.name, set.day);
      }
      for (const finding of findingsIn(db, examination.id, states, MAX_FINDINGS)) all.push(finding);
    }
    const cases = new Set(examinations.map((examination) => examination.caseId));
    return {
      findings: all,
      setDays: days,
      // A sender is whoever attacks, and may be an indicator itself.
      known: [...new Set(examinations.map(({ deviceId }) => deviceId))]
        .flatMap((deviceId) => withheldFrom(db, { deviceId }))
        .filter(({ ref }) => ref !== 'sender'),
      caseId: cases.size === 1 ? (examinations[0]?.caseId ?? null) : null,
    };
  });
  const matcher = createTextMatcher(searchForms(known));
  const sighted = sightedIndicators(findings, setDays, input.times, namesIn(known), (text) =>
    matcher.find(text).some(({ outcome }) => outcome === 'final' || outcome === 'blocks'),
  );
  if (sighted.length === 0) throw new AppError('stix.nothingToTell');
  const words = forensicWords(input.language).stix;
  const day = new Date(call.core.ports.clock.now()).toISOString().slice(0, 10);
  const bundle = stixBundle(sighted, {
    madeAt: `${day}T00:00:00.000Z`,
    newUuid: () => randomUuid(call.core.ports.random),
    identityName: words.identity,
    description: words.note,
  });
  const content = `${JSON.stringify(bundle, null, 2)}\n`;
  if (checkStix(content, input.times === 'exact' ? 'second' : 'day').length > 0)
    throw new AppError('export.leakFound');
  const written = await writeHandout(
    call,
    input.target,
    {
      kind: 'stix',
      subjectId: ids[0] ?? '',
      caseId,
      recipient: input.recipient,
      settings: { examinations: ids, times: input.times, includeToReview: input.includeToReview },
      fileName: `indicadores-${day}.stix2.json`,
    },
    Buffer.from(content),
  );
  return { indicators: sighted.length, sightings: sighted.length, ...written };
}
