import { useNavigate } from '@tanstack/react-router';
import { Microscope } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../api/contract.ts';
import { usePagedRows } from '../../api/hooks.ts';
import { formatInstant } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DataTable, type Column } from '../../ui/data/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { isPlanned, OUTCOME_TONES } from './tones.ts';

type Row = Output<'examinations.list'>['rows'][number];

/** Examinations with what may be said of each; from here one goes to its findings. */
export function ExaminationTable(): JSX.Element {
  const { t } = useTranslation('surveillance');
  const { term } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const rows = usePagedRows('examinations.list', {});
  const columns: Column<Row>[] = [
    {
      key: 'device',
      title: t('device.one'),
      width: 'minmax(170px, 1fr)',
      cell: (row) => <strong>{row.device}</strong>,
    },
    {
      key: 'method',
      title: t('examination.method'),
      width: 'minmax(150px, 0.7fr)',
      cell: (row) => (isPlanned(row) ? t('examination.planned') : term('examinationMethod', row.method)),
    },
    {
      key: 'started',
      title: t('examination.startedAt'),
      width: '150px',
      cell: (row) => (row.startedAt === null ? '' : formatInstant(row.startedAt)),
    },
    {
      key: 'outcome',
      title: t('examination.outcome'),
      width: 'minmax(200px, 0.9fr)',
      cell: (row) => <StatusTag tone={OUTCOME_TONES[row.outcome]}>{t(`outcome.${row.outcome}`)}</StatusTag>,
    },
    {
      key: 'toReview',
      title: t('toReview'),
      width: '96px',
      align: 'end',
      cell: (row) =>
        row.counts.toReview === 0 ? '' : <StatusTag tone="digital">{row.counts.toReview}</StatusTag>,
    },
    { key: 'total', title: t('tab.findings'), width: '90px', align: 'end', cell: (row) => row.counts.total },
  ];
  return (
    <>
      {rows.error !== null && <Notice tone="danger">{words(rows.error)}</Notice>}
      <DataTable
        label={t('examinations')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        height="calc(100vh - 300px)"
        onOpen={(row) =>
          void navigate({
            to: '/surveillance/examinations/$examinationId',
            params: { examinationId: row.id },
          })
        }
        empty={
          <EmptyState Icon={Microscope} title={t('examination.none')} text={t('examination.noneText')} />
        }
      />
    </>
  );
}
