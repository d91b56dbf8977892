import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { FileText } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';

/** Begins the forensic summary of a case: an export as every other, through consent and the leak check. */
export function SummaryButton(props: { caseId: CaseId | null; pending: boolean }): JSX.Element | null {
  const { t } = useTranslation('surveillance');
  const navigate = useNavigate();
  const { caseId } = props;
  if (caseId === null) return null;
  return (
    <Button
      leftSection={<FileText size={17} />}
      disabled={props.pending}
      onClick={() => void navigate({ to: '/exports/new', search: { caseId, profile: 'forensic-summary' } })}
    >
      {t('summary')}
    </Button>
  );
}
