import type { JSX } from 'react';
import type { ExportView } from '#shared/contract/exports.ts';
import { useTerms } from '../../lib/use-terms.ts';

/** How an altered examination is called: by its device. */
export function AlteredName({
  one,
}: {
  one: Pick<ExportView['digital']['altered'][number], 'device' | 'deviceKind'>;
}): JSX.Element {
  const { term } = useTerms();
  return (
    <span className="rg-private">{one.device === '' ? term('deviceKind', one.deviceKind) : one.device}</span>
  );
}
