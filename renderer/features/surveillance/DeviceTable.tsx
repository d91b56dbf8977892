import { Button, Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Plus, Smartphone } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceRow } from '#shared/contract/devices.ts';
import type { CaseId } from '#shared/model/ids.ts';
import { usePagedRows } from '../../api/hooks.ts';
import { formatSince } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DataTable, type Column } from '../../ui/data/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { deviceName } from './tones.ts';

/** Devices; of everything or of one case. */
export function DeviceTable({ caseId }: { caseId?: CaseId }): JSX.Element {
  const { t } = useTranslation('surveillance');
  const { term } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const rows = usePagedRows('devices.list', caseId === undefined ? {} : { caseId });
  const columns: Column<DeviceRow>[] = [
    {
      key: 'device',
      title: t('device.one'),
      width: 'minmax(200px, 1fr)',
      cell: (row) => <strong>{deviceName(row, term('deviceKind', row.kind))}</strong>,
    },
    {
      key: 'owner',
      title: t('device.owner'),
      width: 'minmax(140px, 0.7fr)',
      cell: (row) => <span className="rg-private">{row.owner}</span>,
    },
    ...(caseId === undefined
      ? [
          {
            key: 'case',
            title: t('case'),
            width: '116px',
            cell: (row: DeviceRow) => row.caseCode ?? '',
          },
        ]
      : []),
    {
      key: 'state',
      title: t('device.state'),
      width: '190px',
      cell: (row) => (
        <StatusTag tone={row.received ? 'primary' : 'neutral'}>
          {row.received ? t('device.withUs') : term('deviceState', row.state)}
        </StatusTag>
      ),
    },
    {
      key: 'examinations',
      title: t('examinations'),
      width: '88px',
      align: 'end',
      cell: (row) => row.examinations,
    },
    {
      key: 'findings',
      title: t('toReview'),
      width: '92px',
      align: 'end',
      cell: (row) =>
        row.findingsToReview === 0 ? '' : <StatusTag tone="digital">{row.findingsToReview}</StatusTag>,
    },
    { key: 'updated', title: t('changed'), width: '116px', cell: (row) => formatSince(row.updatedAt) },
  ];
  const receive = (
    <Button
      variant="filled"
      leftSection={<Plus size={17} />}
      onClick={() =>
        void navigate({ to: '/surveillance/receive', search: caseId === undefined ? {} : { caseId } })
      }
    >
      {t('receive.title')}
    </Button>
  );
  return (
    <>
      {rows.error !== null && <Notice tone="danger">{words(rows.error)}</Notice>}
      {caseId !== undefined && (
        <Group mb="sm" justify="flex-end">
          {receive}
        </Group>
      )}
      <DataTable
        label={t('tab.devices')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        height="calc(100vh - 300px)"
        onOpen={(row) =>
          void navigate({ to: '/surveillance/devices/$deviceId', params: { deviceId: row.id } })
        }
        empty={
          <EmptyState Icon={Smartphone} title={t('device.empty')} text={t('device.emptyText')}>
            {receive}
          </EmptyState>
        }
      />
    </>
  );
}
