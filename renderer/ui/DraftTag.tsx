import { Check } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { SaveState } from '../lib/autosave.ts';
import { StatusTag } from './StatusTag.tsx';

/** Where the draft of a form stands; nothing while nothing was typed. */
export function DraftTag({ state }: { state: SaveState }): JSX.Element | null {
  const { t } = useTranslation();
  if (state === 'idle') return null;
  return (
    <StatusTag
      tone={state === 'failed' ? 'danger' : 'verified'}
      {...(state === 'saved' ? { Icon: Check } : {})}
    >
      <span role="status">{t(`draft.${state}`)}</span>
    </StatusTag>
  );
}
