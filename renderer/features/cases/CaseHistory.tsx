import { History } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';
import type { Output } from '../../api/contract.ts';
import { usePagedRows } from '../../api/hooks.ts';
import { formatInstant } from '../../lib/format.ts';
import { DataTable, type Column } from '../../ui/data/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';

type Entry = Output<'cases.history'>['rows'][number];

/** Who changed what and when. Reads only; the values stay in the journal. */
export function CaseHistory({ caseId }: { caseId: CaseId }): JSX.Element {
  const { t, i18n } = useTranslation('cases');
  const rows = usePagedRows('cases.history', { caseId });
  const methodWords = (method: string): string => {
    const key = `method.${method.replace('.', '_')}`;
    return i18n.exists(key, { ns: 'cases' }) ? t(key as 'method.cases_open') : method;
  };
  // Names of the machinery tell a reader nothing: what has no word is left out.
  const fieldWords = (fields: readonly string[]): string =>
    [
      ...new Set(
        fields.flatMap((field) =>
          i18n.exists(`field.${field}`, { ns: 'cases' }) ? [t(`field.${field}` as 'field.title')] : [],
        ),
      ),
    ].join(', ');
  const columns: Column<Entry>[] = [
    { key: 'at', title: t('when'), width: '150px', cell: (row) => formatInstant(row.at) },
    {
      key: 'actor',
      title: t('who'),
      width: '190px',
      cell: (row) => <span className="rg-private">{row.actor}</span>,
    },
    { key: 'method', title: t('what'), width: '240px', cell: (row) => methodWords(row.method) },
    {
      key: 'fields',
      title: t('fields'),
      width: 'minmax(120px, 1fr)',
      cell: (row) => <span className="rg-muted">{fieldWords(row.fields)}</span>,
    },
  ];
  return (
    <DataTable
      label={t('tab.history')}
      columns={columns}
      rows={rows}
      rowKey={(row) => String(row.position)}
      onOpen={() => undefined}
      empty={<EmptyState Icon={History} title={t('noHistory')} text={t('noHistoryText')} />}
    />
  );
}
