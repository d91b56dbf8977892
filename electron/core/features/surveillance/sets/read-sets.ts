import { AppError } from '#shared/errors.ts';
import type { IndicatorSetRow } from '#shared/contract/indicator-sets.ts';
import type { IndicatorSetId } from '#shared/model/surveillance-ids.ts';
import { localDay } from '#shared/rules/partial-date.ts';
import { SET_LIMITS, type IndicatorSet } from '#shared/surveillance/indicator-set.ts';
import type { OpenCall } from '../../../context.ts';
import { read } from '../../../db/index.ts';
import type { Session } from '../../../session.ts';
import { matcherOf } from '../../../../matching/matcher-of.ts';
import type { Matcher } from '../../../../matching/matcher.ts';
import { readEvidence } from '../../evidence/index.ts';
import { needSet, setsOf } from './set-repo.ts';

interface Held {
  readonly sets: Map<string, IndicatorSet>;
  matcher: { readonly key: string; readonly matcher: Matcher } | null;
}

/** Sets as read in this session; gone with it at lock. */
const HELD = new WeakMap<Session, Held>();

/** Indicators above which the sets of a session are not all kept in memory. */
const MAX_HELD = 1_000_000;

const heldBy = (session: Session): Held => {
  const found = HELD.get(session) ?? { sets: new Map<string, IndicatorSet>(), matcher: null };
  HELD.set(session, found);
  return found;
};

const dayOf = (call: OpenCall): string => {
  const { clock } = call.core.ports;
  return localDay(clock.now(), clock.zone());
};

/** The name by which a parser and a result know the file of a set. */
const fileNameOf = (set: IndicatorSetRow): string => set.fileName;

/**
 * A set as its file says it today, read in a parser. Expiry is judged by the day of reading.
 *
 * @throws AppError `record.notFound`, `evidence.object*`, `parser.*`
 */
export async function readSet(
  call: OpenCall,
  id: IndicatorSetId,
  signal?: AbortSignal,
): Promise<IndicatorSet> {
  const held = heldBy(call.session);
  const day = dayOf(call);
  const key = `${id} ${day}`;
  const known = held.sets.get(key);
  if (known !== undefined) return known;
  const set = read(call, (db) => needSet(db, id));
  const { bytes } = await readEvidence(call, set.evidenceId, SET_LIMITS.bytes);
  const parsed = await call.core.parser.run(
    'indicators.read',
    { bytes, name: fileNameOf(set), today: day },
    { source: set.evidenceId, ...(signal === undefined ? {} : { signal }) },
  );
  const size = [...held.sets.values(), parsed]
    .flatMap((one) => one.members)
    .reduce((sum, member) => sum + member.indicators.length + member.mvtIndicators.length, 0);
  if (size > MAX_HELD) held.sets.clear();
  held.sets.set(key, parsed);
  return parsed;
}

/** Sets to compare with: those chosen, or all in use. @throws AppError `record.notFound`, `examination.noSets` */
export function chosenSets(call: OpenCall, ids?: readonly IndicatorSetId[]): IndicatorSetRow[] {
  const sets = read(call, (db) =>
    ids === undefined ? setsOf(db, false) : [...new Set(ids)].map((id) => needSet(db, id)),
  );
  if (sets.length === 0) throw new AppError('examination.noSets');
  return sets;
}

/**
 * A matcher over the given sets, in their order. The last one is kept: comparing message after message builds it once.
 *
 * @throws AppError as `readSet`
 */
export async function matcherFor(
  call: OpenCall,
  sets: readonly IndicatorSetRow[],
  signal?: AbortSignal,
): Promise<Matcher> {
  const held = heldBy(call.session);
  const key = [dayOf(call), ...sets.map(({ id }) => id)].join(' ');
  if (held.matcher?.key === key) return held.matcher.matcher;
  const parsed: IndicatorSet[] = [];
  for (const { id } of sets) parsed.push(await readSet(call, id, signal));
  const matcher = matcherOf(parsed);
  held.matcher = { key, matcher };
  return matcher;
}
