import type { CallInput } from '#shared/contract/index.ts';
import { compactKey, foldWords } from '#shared/rules/text-folding.ts';
import type { IndicatorType } from '#shared/surveillance/indicators.ts';
import type { SightedIndicator } from '#shared/surveillance/stix-out.ts';
import type { Random } from '../../ports/index.ts';
import type { StoredFinding } from './examinations/finding-repo.ts';

/** How exactly a bundle tells when something was seen. */
export type SightingTimes = NonNullable<CallInput<'surveillance.exportStix'>['times']>;

/** The moment of a finding as exactly as was asked. A clock that is not UTC is never claimed beyond its day. */
function seenAt(finding: StoredFinding, times: SightingTimes): string | null {
  if (times === 'none' || !/^\d{4}-\d{2}-\d{2}/u.test(finding.whenKey)) return null;
  const second = finding.whenKey.slice(0, 19);
  if (times === 'exact' && finding.clock === 'utc' && second.length === 19) return `${second}.000Z`;
  return `${finding.whenKey.slice(0, 10)}T00:00:00.000Z`;
}

/** Whether the name of a collection holds a name that is known here: whoever made the set may have written one. */
export function isNameless(collection: string, names: readonly string[]): boolean {
  const words = new Set(foldWords(collection));
  const compact = compactKey(collection);
  return !names.some((name) => {
    const whole = compactKey(name);
    return (
      (whole.length >= 6 && compact.includes(whole)) ||
      foldWords(name).some((word) => word.length >= 3 && words.has(word))
    );
  });
}

/**
 * One line for each indicator, however many findings coincide with it. What was observed is not taken over, nor what
 * only the tool's results call an indicator: no set that we hold says that it is published.
 *
 * @param names known here; a collection in whose name one of them stands is not named.
 * @param withheld whether something stands in a text that may not be told: an indicator with it is left out, however
 *   public its set. Who is watched with an address of her name must not be told by it.
 */
export function sightedIndicators(
  findings: readonly StoredFinding[],
  setDays: ReadonlyMap<string, string | null>,
  times: SightingTimes,
  names: readonly string[],
  withheld: (text: string) => boolean,
): SightedIndicator[] {
  const found = new Map<string, SightedIndicator>();
  for (const finding of findings) {
    const at = seenAt(finding, times);
    const told = new Set<string>();
    for (const hit of finding.exactHits) {
      if (hit.how === 'tool' || withheld(hit.indicator)) continue;
      const value = hit.indicator;
      const collection = isNameless(hit.collection, names) ? hit.collection : '';
      const key = JSON.stringify([hit.type, value, collection]);
      // Both modes may name the same indicator: it was seen once.
      if (told.has(key)) continue;
      told.add(key);
      const known = found.get(key);
      const type: IndicatorType = hit.type;
      found.set(key, {
        value,
        type,
        collection,
        setDay: setDays.get(hit.set) ?? null,
        count: (known?.count ?? 0) + 1,
        firstSeen: earlier(known?.firstSeen ?? null, at),
        lastSeen: later(known?.lastSeen ?? null, at),
      });
    }
  }
  return [...found.values()].sort((a, b) => (a.type + a.value < b.type + b.value ? -1 : 1));
}

const earlier = (a: string | null, b: string | null): string | null =>
  a === null ? b : b === null || a < b ? a : b;
const later = (a: string | null, b: string | null): string | null =>
  a === null ? b : b === null || a > b ? a : b;

/** Random UUID of version 4 from the given bytes; ids of a bundle are made for it alone. */
export const randomUuid = (random: Random): string => {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};
