import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';
import { useQuery } from '../../api/hooks.ts';
import { formatInstant } from '../../lib/format.ts';
import { Notice } from '../../ui/Notice.tsx';

/** Above every tab of a case that somebody sees by emergency access only: until when, and that its people know. */
export function EmergencyBar({ caseId }: { caseId: CaseId }): JSX.Element | null {
  const { t } = useTranslation('keys');
  const until = useQuery('access.ofCase', { caseId }).data?.visibleUntil ?? null;
  if (until === null) return null;
  return (
    <div style={{ marginBottom: 'var(--rg-gap)' }}>
      <Notice tone="due">{t('access.visibleUntil', { when: formatInstant(until) })}</Notice>
    </div>
  );
}
