import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { FolderOpen, Plus } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseRow } from '#shared/contract/cases.ts';
import { CASE_STATES } from '#shared/model/vocabularies.ts';
import { usePagedRows } from '../../api/hooks.ts';
import { formatDay, formatSince } from '../../lib/format.ts';
import { useTerms } from '../../lib/use-terms.ts';
import type { Column, Sorting } from '../../ui/data/DataTable.tsx';
import { ManyFilter, TextFilter, useTextFilter } from '../../ui/data/filters.tsx';
import { ListView } from '../../ui/data/ListView.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { CaseStateTag } from './CaseStateTag.tsx';

type State = CaseRow['state'];

/** Every case, however many. */
export function CaseList(): JSX.Element {
  const { t } = useTranslation('cases');
  const { options } = useTerms();
  const navigate = useNavigate();
  const words = useTextFilter();
  const [states, setStates] = useState<State[]>([]);
  const [sorting, setSorting] = useState<Sorting>({ key: 'updated', descending: true });
  const rows = usePagedRows('cases.list', {
    sort: sorting.key as 'updated' | 'code' | 'opened',
    descending: sorting.descending,
    ...(words.asked === '' ? {} : { text: words.asked }),
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
      <ListView
        label={t('list')}
        rows={rows}
        rowKey={(row) => row.id}
        columns={() => columns}
        sorting={sorting}
        onSort={setSorting}
        filters={
          <>
            <TextFilter w={300} label={t('filterText')} filter={words} />
            <ManyFilter
              w={300}
              label={t('filterState')}
              data={options('caseState', CASE_STATES)}
              value={states}
              onChange={setStates}
            />
          </>
        }
        filtered={words.asked !== '' || states.length > 0}
        Icon={FolderOpen}
        empty={{ title: t('empty'), text: t('emptyText') }}
        noMatch={{ title: t('noMatch'), text: t('noMatchText') }}
        create={create}
        opens={(row) => void navigate({ to: '/cases/$caseId', params: { caseId: row.id } })}
      />
    </>
  );
}
