import type { JSX } from 'react';
import type { IncidentRow } from '#shared/contract/incidents.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { StatusTag } from '../../ui/StatusTag.tsx';
import type { Tone } from '../../ui/tones.ts';

const TONES: Readonly<Record<IncidentRow['verification'], Tone>> = {
  pending: 'neutral',
  partly: 'due',
  verified: 'verified',
  doubtful: 'due',
};

export const VerificationTag = ({ state }: { state: IncidentRow['verification'] }): JSX.Element => {
  const { term } = useTerms();
  return <StatusTag tone={TONES[state]}>{term('verification', state)}</StatusTag>;
};
