import shorteners from '#resources/surveillance/link-shorteners.json' with { type: 'json' };
import { indicatorsOf, type IndicatorSet } from '#shared/surveillance/indicator-set.ts';
import { Matcher } from './matcher.ts';

/** Hosts that the reference takes for link shorteners. */
export const LINK_SHORTENERS: ReadonlySet<string> = new Set(shorteners.hosts);

/** A matcher over sets as the parser read them, in load order. */
export const matcherOf = (sets: readonly IndicatorSet[]): Matcher =>
  new Matcher(indicatorsOf(sets), LINK_SHORTENERS);
