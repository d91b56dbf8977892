import { Button, Group, Switch } from '@mantine/core';
import { ListChecks, Upload } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { IndicatorSetRow } from '#shared/contract/indicator-sets.ts';
import type { IndicatorSetId } from '#shared/model/surveillance-ids.ts';
import { useQuery } from '../../api/hooks.ts';
import { formatDay, formatNumber, formatSince, shortHash } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { DataTable, type Column } from '../../ui/data/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { SideBySide } from '../../ui/SideBySide.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { AddSets } from './AddSets.tsx';
import { SetView } from './SetView.tsx';

/** Indicator sets with what each can and cannot be used for. Nothing here looks good or bad. */
export function SetTable(): JSX.Element {
  const { t } = useTranslation('surveillance');
  const words = useErrorText();
  const [retired, setRetired] = useState(false);
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState<IndicatorSetId | null>(null);
  const query = useQuery('indicatorSets.list', { includeRetired: retired });
  const all = query.data?.rows ?? [];
  const narrow = shown !== null;
  const open = all.find((row) => row.id === shown);
  const columns: Column<IndicatorSetRow>[] = [
    {
      key: 'name',
      title: t('sets.name'),
      width: 'minmax(190px, 1fr)',
      cell: (row) => (
        <>
          <strong>{row.name === '' ? row.fileName : row.name}</strong>{' '}
          {!row.inUse && <StatusTag>{t('sets.retired')}</StatusTag>}
        </>
      ),
    },
    {
      key: 'day',
      title: t('sets.day'),
      width: '110px',
      cell: (row) => (row.day === null ? t('sets.noDay') : formatDay(row.day)),
    },
    {
      key: 'indicators',
      title: t('sets.indicators'),
      width: '104px',
      align: 'end',
      cell: (row) => formatNumber(row.indicators),
    },
    {
      key: 'skipped',
      title: t('sets.skipped'),
      width: '84px',
      align: 'end',
      cell: (row) => formatNumber(row.skipped),
    },
    ...(narrow
      ? []
      : [
          {
            key: 'source',
            title: t('sets.source'),
            width: 'minmax(120px, 0.7fr)',
            cell: (row: IndicatorSetRow) => row.source,
          },
          {
            key: 'hash',
            title: t('sets.hash'),
            width: '92px',
            cell: (row: IndicatorSetRow) => <span className="rg-mono">{shortHash(row.sha256)}</span>,
          },
          {
            key: 'added',
            title: t('sets.added'),
            width: '118px',
            cell: (row: IndicatorSetRow) => formatSince(row.addedAt),
          },
        ]),
  ];
  return (
    <>
      {query.error !== null && <Notice tone="danger">{words(query.error)}</Notice>}
      <Group mb="sm" gap="md">
        <Switch
          color="teal.8"
          label={t('sets.showRetired')}
          checked={retired}
          onChange={(event) => setRetired(event.currentTarget.checked)}
        />
        {query.data !== undefined && query.data.suffixListDay !== '' && (
          <span className="rg-muted rg-small">
            {t('sets.suffixes', { day: formatDay(query.data.suffixListDay) })}
          </span>
        )}
        <Button
          ml="auto"
          variant={adding ? 'default' : 'filled'}
          leftSection={<Upload size={17} />}
          aria-expanded={adding}
          onClick={() => setAdding(!adding)}
        >
          {t('sets.add')}
        </Button>
      </Group>
      {adding && <AddSets />}
      <SideBySide
        label={t('sets.one')}
        onClose={() => setShown(null)}
        preview={open === undefined ? null : <SetView key={open.id} set={open} />}
        list={
          <DataTable
            label={t('tab.sets')}
            columns={columns}
            rows={{
              total: all.length,
              loading: query.isPending,
              rowAt: (index) => all[index],
              see: () => undefined,
            }}
            rowKey={(row) => row.id}
            height="calc(100vh - 340px)"
            onOpen={(row) => setShown(row.id)}
            onActive={(row) => {
              if (shown !== null) setShown(row.id);
            }}
            empty={<EmptyState Icon={ListChecks} title={t('sets.empty')} text={t('sets.emptyText')} />}
          />
        }
      />
    </>
  );
}
