import { Button, Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { MessageSquareWarning, Plus } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';
import type { Output } from '../../api/contract.ts';
import { usePagedRows } from '../../api/hooks.ts';
import { formatPartialDate } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DataTable, type Column } from '../../ui/data/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { SafeText } from './SafeText.tsx';

type Row = Output<'messages.list'>['rows'][number];

/** How far a message is: never compared, nothing coincided, or something did. */
export function TriageTag({ hits }: { hits: number | null }): JSX.Element {
  const { t } = useTranslation('messages');
  if (hits === null) return <StatusTag tone="due">{t('notCompared')}</StatusTag>;
  return hits === 0 ? (
    <StatusTag>{t('noHits')}</StatusTag>
  ) : (
    <StatusTag tone="digital">{t('hits', { count: hits })}</StatusTag>
  );
}

/** Suspicious messages; of everything or of one case. */
export function MessageTable({ caseId }: { caseId?: CaseId }): JSX.Element {
  const { t } = useTranslation(['messages', 'surveillance']);
  const { term } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const rows = usePagedRows('messages.list', caseId === undefined ? {} : { caseId });
  const columns: Column<Row>[] = [
    {
      key: 'received',
      title: t('received'),
      width: '150px',
      cell: (row) => formatPartialDate(row.received),
    },
    {
      key: 'text',
      title: t('text'),
      width: 'minmax(220px, 1fr)',
      cell: (row) => <SafeText text={row.excerpt} line />,
    },
    {
      key: 'from',
      title: t('sender'),
      width: '150px',
      cell: (row) => (
        <span className="rg-private">{row.sender === '' ? t('unknownSender') : row.sender}</span>
      ),
    },
    {
      key: 'channel',
      title: t('channel'),
      width: '100px',
      cell: (row) => term('messageChannel', row.channel),
    },
    ...(caseId === undefined
      ? [
          {
            key: 'case',
            title: t('surveillance:case'),
            width: '112px',
            cell: (row: Row) => row.caseCode ?? '',
          },
        ]
      : []),
    { key: 'clicked', title: t('clicked'), width: '96px', cell: (row) => term('clicked', row.clicked) },
    { key: 'hits', title: t('compared'), width: '140px', cell: (row) => <TriageTag hits={row.hits} /> },
  ];
  const enter = (
    <Button
      variant="filled"
      leftSection={<Plus size={17} />}
      onClick={() =>
        void navigate({ to: '/surveillance/messages/new', search: caseId === undefined ? {} : { caseId } })
      }
    >
      {t('new')}
    </Button>
  );
  return (
    <>
      {rows.error !== null && <Notice tone="danger">{words(rows.error)}</Notice>}
      {caseId !== undefined && (
        <Group mb="sm" justify="flex-end">
          {enter}
        </Group>
      )}
      <DataTable
        label={t('list')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        height="calc(100vh - 300px)"
        onOpen={(row) =>
          void navigate({ to: '/surveillance/messages/$messageId', params: { messageId: row.id } })
        }
        empty={
          <EmptyState Icon={MessageSquareWarning} title={t('empty')} text={t('emptyText')}>
            {enter}
          </EmptyState>
        }
      />
    </>
  );
}
