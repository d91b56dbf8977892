import { Button, Group, MultiSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { FolderOpen, Plus, Search } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseRow } from '#shared/contract/cases.ts';
import { CASE_STATES } from '#shared/model/vocabularies.ts';
import { usePagedRows } from '../../api/hooks.ts';
import { formatDay, formatSince } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DataTable, type Column, type Sorting } from '../../ui/data/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { CaseStateTag } from './CaseStateTag.tsx';

type State = CaseRow['state'];

/** Every case, however many. */
export function CaseList(): JSX.Element {
  const { t } = useTranslation('cases');
  const { options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 200);
  const [states, setStates] = useState<State[]>([]);
  const [sorting, setSorting] = useState<Sorting>({ key: 'updated', descending: true });
  const rows = usePagedRows('cases.list', {
    sort: sorting.key as 'updated' | 'code' | 'opened',
    descending: sorting.descending,
    ...(asked === '' ? {} : { text: asked }),
    ...(states.length === 0 ? {} : { states }),
  });
  const columns: Column<CaseRow>[] = [
    {
      key: 'code',
      title: t('code'),
      width: '132px',
      sort: 'code',
      cell: (row) => <span className="rg-num">{row.code}</span>,
    },
    {
      key: 'title',
      title: t('titleField'),
      width: 'minmax(200px, 1fr)',
      cell: (row) => <strong className="rg-private">{row.title}</strong>,
    },
    { key: 'state', title: t('state'), width: '160px', cell: (row) => <CaseStateTag state={row.state} /> },
    { key: 'people', title: t('people'), width: '74px', align: 'end', cell: (row) => row.people },
    { key: 'incidents', title: t('incidents'), width: '84px', align: 'end', cell: (row) => row.incidents },
    { key: 'evidence', title: t('evidence'), width: '80px', align: 'end', cell: (row) => row.evidence },
    {
      key: 'opened',
      title: t('opened'),
      width: '104px',
      sort: 'opened',
      cell: (row) => formatDay(row.openedDay),
    },
    {
      key: 'updated',
      title: t('updated'),
      width: '116px',
      sort: 'updated',
      cell: (row) => formatSince(row.updatedAt),
    },
  ];
  const create = (
    <Button
      variant="filled"
      leftSection={<Plus size={17} />}
      onClick={() => void navigate({ to: '/cases/new' })}
    >
      {t('new')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('list')} actions={create} />
      {rows.error !== null && <Notice tone="danger">{words(rows.error)}</Notice>}
      <Group mb="sm" gap="sm">
        <TextInput
          w={300}
          aria-label={t('filterText')}
          placeholder={t('filterText')}
          leftSection={<Search size={16} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <MultiSelect
          w={300}
          aria-label={t('filterState')}
          placeholder={states.length === 0 ? t('filterState') : ''}
          data={options('caseState', CASE_STATES)}
          value={states}
          onChange={(value) => setStates(value as State[])}
          clearable
        />
      </Group>
      <DataTable
        label={t('list')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        sorting={sorting}
        onSort={setSorting}
        onOpen={(row) => void navigate({ to: '/cases/$caseId', params: { caseId: row.id } })}
        empty={
          <EmptyState
            Icon={FolderOpen}
            title={asked === '' && states.length === 0 ? t('empty') : t('noMatch')}
            text={asked === '' && states.length === 0 ? t('emptyText') : t('noMatchText')}
          >
            {create}
          </EmptyState>
        }
      />
    </>
  );
}
