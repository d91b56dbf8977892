import { useSearch } from '@tanstack/react-router';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvidenceId } from '#shared/model/ids.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { EvidenceTable } from './EvidenceTable.tsx';

export function EvidenceList(): JSX.Element {
  const { t } = useTranslation('evidence');
  const { open } = useSearch({ strict: false }) as { open?: EvidenceId };
  return (
    <>
      <PageHeader title={t('list')} />
      <EvidenceTable key={open ?? ''} {...(open === undefined ? {} : { open })} />
    </>
  );
}
