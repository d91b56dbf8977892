import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Plus, Siren } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { IncidentTable } from './IncidentTable.tsx';

export function IncidentList(): JSX.Element {
  const { t } = useTranslation('incidents');
  const navigate = useNavigate();
  return (
    <>
      <PageHeader
        title={t('list')}
        actions={
          <>
            <Button leftSection={<Siren size={17} />} onClick={() => void navigate({ to: '/emergency' })}>
              {t('emergency')}
            </Button>
            <Button
              variant="filled"
              leftSection={<Plus size={17} />}
              onClick={() => void navigate({ to: '/incidents/new' })}
            >
              {t('new')}
            </Button>
          </>
        }
      />
      <IncidentTable filter={{}} />
    </>
  );
}
