import type { JSX } from 'react';
import type { CaseRow } from '#shared/contract/cases.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { StatusTag } from '../../ui/StatusTag.tsx';
import type { Tone } from '../../ui/tones.ts';

const TONES: Readonly<Record<CaseRow['state'], Tone>> = {
  intake: 'due',
  active: 'primary',
  followUp: 'care',
  concluded: 'neutral',
};

export const CaseStateTag = ({ state }: { state: CaseRow['state'] }): JSX.Element => {
  const { term } = useTerms();
  return <StatusTag tone={TONES[state]}>{term('caseState', state)}</StatusTag>;
};
