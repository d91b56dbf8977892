import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding, Hit } from '#shared/contract/examinations.ts';
import type { Catalogue } from '../../i18n/index.ts';

type How = keyof Catalogue['findings']['how'];
type Difference = keyof Catalogue['findings']['difference'];

/** `mvt: link substring-fallback` as the name of a text: the catalogue gives colons and spaces a meaning. */
export const differenceKey = (difference: string): string => difference.replaceAll(/[^a-z0-9]+/giu, '_');

/** Which of the two ways of comparing coincided. */
export function modesOf(finding: Pick<Finding, 'hits'>): 'both' | 'mvt' | 'strict' | 'none' {
  const mvt = finding.hits.some((hit) => hit.mode === 'mvt');
  const strict = finding.hits.some((hit) => hit.mode === 'strict');
  return mvt && strict ? 'both' : mvt ? 'mvt' : strict ? 'strict' : 'none';
}

/** The plain words for what made a finding. A code that this window does not know is shown as it is. */
export function useFindingWords(): {
  how: (hit: Hit) => string;
  difference: (code: string) => string;
  modes: (finding: Pick<Finding, 'hits'>) => string;
  modesKey: typeof modesOf;
  kind: (type: Hit['type']) => string;
} {
  const { t, i18n } = useTranslation('findings');
  const how = useCallback(
    (hit: Hit): string => {
      const key = `how.${hit.how.replaceAll('-', '_')}`;
      return i18n.exists(key, { ns: 'findings' }) ? t(`how.${hit.how.replaceAll('-', '_') as How}`) : hit.how;
    },
    [t, i18n],
  );
  const difference = useCallback(
    (code: string): string => {
      const name = differenceKey(code);
      return i18n.exists(`difference.${name}`, { ns: 'findings' })
        ? t(`difference.${name as Difference}`)
        : t('difference.unknown');
    },
    [t, i18n],
  );
  return {
    how,
    difference,
    modesKey: modesOf,
    modes: (finding) => t(`modes.${modesOf(finding)}`),
    kind: (type) => t(`type.${type}`),
  };
}
