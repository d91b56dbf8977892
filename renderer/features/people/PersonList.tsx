import { Button, Group, MultiSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { Search, UserPlus, Users } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonRow } from '#shared/contract/persons.ts';
import { PERSON_KINDS } from '#shared/model/vocabularies.ts';
import { usePagedRows } from '../../api/hooks.ts';
import { formatSince } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DataTable, type Column } from '../../ui/data/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';

type Kind = PersonRow['kind'];

export function PersonList(): JSX.Element {
  const { t } = useTranslation('people');
  const { term, options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 200);
  const [kinds, setKinds] = useState<Kind[]>([]);
  const rows = usePagedRows('persons.list', {
    ...(asked === '' ? {} : { text: asked }),
    ...(kinds.length === 0 ? {} : { kinds }),
  });
  const columns: Column<PersonRow>[] = [
    {
      key: 'name',
      title: t('name'),
      width: 'minmax(220px, 1fr)',
      cell: (row) => (
        <>
          <strong className="rg-private">{row.name}</strong>{' '}
          {row.minor && <StatusTag tone="care">{t('minorTag')}</StatusTag>}
        </>
      ),
    },
    {
      key: 'aliases',
      title: t('aliases'),
      width: 'minmax(160px, 1fr)',
      cell: (row) => <span className="rg-private">{row.aliases.join(', ')}</span>,
    },
    { key: 'kind', title: t('kind'), width: '170px', cell: (row) => term('person', row.kind) },
    { key: 'cases', title: t('cases'), width: '110px', align: 'end', cell: (row) => row.cases },
    { key: 'updated', title: t('changed'), width: '130px', cell: (row) => formatSince(row.updatedAt) },
  ];
  const create = (
    <Button
      variant="filled"
      leftSection={<UserPlus size={17} />}
      onClick={() => void navigate({ to: '/people/new' })}
    >
      {t('new')}
    </Button>
  );
  const filtered = asked !== '' || kinds.length > 0;
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
          className="rg-private"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <MultiSelect
          w={280}
          aria-label={t('kind')}
          placeholder={kinds.length === 0 ? t('kind') : ''}
          clearable
          data={options('person', PERSON_KINDS)}
          value={kinds}
          onChange={(value) => setKinds(value as Kind[])}
        />
      </Group>
      <DataTable
        label={t('list')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        onOpen={(row) => void navigate({ to: '/people/$personId', params: { personId: row.id } })}
        empty={
          <EmptyState
            Icon={Users}
            title={filtered ? t('noMatch') : t('empty')}
            text={filtered ? t('noMatchText') : t('emptyText')}
          >
            {create}
          </EmptyState>
        }
      />
    </>
  );
}
