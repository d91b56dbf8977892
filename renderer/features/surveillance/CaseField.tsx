import { Select } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';
import { useQuery } from '../../api/hooks.ts';

/** Which case something belongs to; none is an answer. */
export function CaseField(props: {
  value: CaseId | null;
  onChange: (caseId: CaseId | null) => void;
  bare?: boolean;
}): JSX.Element {
  const { t } = useTranslation('incidents');
  const cases = useQuery('cases.list', { limit: 200, sort: 'updated' }).data?.rows ?? [];
  return (
    <Select
      {...(props.bare ? { 'aria-label': t('case') } : { label: t('case') })}
      placeholder={t('noCaseYet')}
      searchable
      clearable
      className="rg-private"
      data={cases.map((row) => ({ value: row.id as string, label: `${row.code} · ${row.title}` }))}
      value={props.value}
      onChange={(value) => props.onChange(value as CaseId | null)}
    />
  );
}
