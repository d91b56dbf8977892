import { Button, Group, MultiSelect, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Plus, Siren, TriangleAlert } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentRow } from '#shared/contract/incidents.ts';
import type { CaseId } from '#shared/model/ids.ts';
import { ACT_TYPES } from '#shared/model/vocabularies.ts';
import { usePagedRows } from '../../api/hooks.ts';
import { dayOrNone } from '../../lib/day-words.ts';
import { STATE_CODES } from '../../lib/states.ts';
import { formatPartialDate, formatSince } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DataTable, type Column, type Sorting } from '../../ui/data/DataTable.tsx';
import { DayField } from '../../ui/DayField.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { VerificationTag } from './VerificationTag.tsx';

type ActType = (typeof ACT_TYPES)[number];

/** Incidents with their filters; of everything or of one case. */
export function IncidentTable({
  filter,
  caseId,
}: {
  filter: { caseId?: CaseId };
  caseId?: CaseId;
}): JSX.Element {
  const { t } = useTranslation('incidents');
  const { term, options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const [acts, setActs] = useState<ActType[]>([]);
  const [state, setState] = useState<string | null>(null);
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [sorting, setSorting] = useState<Sorting>({ key: 'happened', descending: true });
  const rows = usePagedRows('incidents.list', {
    ...filter,
    sort: sorting.key as 'happened' | 'updated',
    descending: sorting.descending,
    ...(acts.length === 0 ? {} : { actTypes: acts }),
    ...(state === null ? {} : { stateCode: state }),
    ...(dayOrNone(from) === '' ? {} : { fromDay: from }),
    ...(dayOrNone(to) === '' ? {} : { toDay: to }),
  });
  const columns: Column<IncidentRow>[] = [
    {
      key: 'happened',
      title: t('when'),
      width: '140px',
      sort: 'happened',
      cell: (row) => formatPartialDate(row.happened),
    },
    {
      key: 'title',
      title: t('what'),
      width: 'minmax(180px, 1fr)',
      cell: (row) => (
        <>
          {row.emergency && (
            <Siren size={15} aria-label={t('emergency')} style={{ verticalAlign: -2, marginInlineEnd: 6 }} />
          )}
          <strong className="rg-private">{row.title}</strong>
        </>
      ),
    },
    {
      key: 'act',
      title: t('mainAct'),
      width: '150px',
      cell: (row) =>
        row.mainAct === null ? '' : <StatusTag tone="danger">{term('act', row.mainAct)}</StatusTag>,
    },
    ...(caseId === undefined
      ? [
          {
            key: 'case',
            title: t('case'),
            width: '112px',
            cell: (row: IncidentRow) => row.caseCode ?? <span className="rg-muted">{t('noCase')}</span>,
          },
        ]
      : []),
    {
      key: 'state',
      title: t('state'),
      width: '90px',
      cell: (row) => (row.stateCode === '' ? '' : term('state', row.stateCode)),
    },
    { key: 'evidence', title: t('evidence'), width: '74px', align: 'end', cell: (row) => row.evidence },
    {
      key: 'verification',
      title: t('verification'),
      width: '116px',
      cell: (row) => <VerificationTag state={row.verification} />,
    },
    ...(caseId === undefined
      ? []
      : [
          {
            key: 'updated',
            title: t('changed'),
            width: '104px',
            sort: 'updated',
            cell: (row: IncidentRow) => formatSince(row.updatedAt),
          },
        ]),
  ];
  const filtered = acts.length > 0 || state !== null || dayOrNone(from) + dayOrNone(to) !== '';
  return (
    <>
      {rows.error !== null && <Notice tone="danger">{words(rows.error)}</Notice>}
      <Group mb="sm" gap="sm">
        <MultiSelect
          w={260}
          aria-label={t('filterAct')}
          placeholder={acts.length === 0 ? t('filterAct') : ''}
          searchable
          clearable
          data={options('act', ACT_TYPES)}
          value={acts}
          onChange={(value) => setActs(value as ActType[])}
        />
        <Select
          w={180}
          aria-label={t('filterState')}
          placeholder={t('filterState')}
          searchable
          clearable
          data={options('state', STATE_CODES)}
          value={state}
          onChange={setState}
        />
        <DayField edge="from" w={190} label={t('from')} short={t('from')} value={from} onChange={setFrom} />
        <DayField edge="to" w={190} label={t('to')} short={t('to')} value={to} onChange={setTo} />
        {caseId !== undefined && (
          <Button
            ml="auto"
            variant="filled"
            leftSection={<Plus size={17} />}
            onClick={() => void navigate({ to: '/incidents/new', search: { caseId } })}
          >
            {t('new')}
          </Button>
        )}
      </Group>
      <DataTable
        label={t('list')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        sorting={sorting}
        onSort={setSorting}
        onOpen={(row) => void navigate({ to: '/incidents/$incidentId', params: { incidentId: row.id } })}
        empty={
          <EmptyState
            Icon={TriangleAlert}
            title={filtered ? t('noMatch') : t('empty')}
            text={filtered ? t('noMatchText') : t('emptyText')}
          >
            {!filtered && (
              <Button
                variant="filled"
                onClick={() =>
                  void navigate({ to: '/incidents/new', search: caseId === undefined ? {} : { caseId } })
                }
              >
                {t('new')}
              </Button>
            )}
          </EmptyState>
        }
      />
    </>
  );
}
