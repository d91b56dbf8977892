import { Button, Group, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Plus, Radar } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import {
  DIGITAL_ATTACK_FIELDS,
  DIGITAL_ATTACK_TYPES,
  type DigitalAttackType,
} from '#shared/model/digital-attacks.ts';
import type { CaseId } from '#shared/model/ids.ts';
import type { Output } from '../../api/contract.ts';
import { usePagedRows } from '../../api/hooks.ts';
import { formatPartialDate } from '../../lib/format.ts';
import { fromDraft } from '../../lib/use-draft.ts';
import { useReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DataTable, type Column } from '../../ui/data/DataTable.tsx';
import { TwoLines } from '../../ui/data/TwoLines.tsx';
import { DraftTrouble } from '../../ui/DraftTrouble.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { AttackForm, attackState, blankAttack } from './AttackForm.tsx';
import { SafeText } from './SafeText.tsx';

type Row = Output<'digitalAttacks.page'>['rows'][number];

/** Digital attacks, each with the incident that tells it; of everything or of one case. */
export function AttackTable({ caseId }: { caseId?: CaseId }): JSX.Element {
  const { t } = useTranslation('surveillance');
  const { term, options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const [type, setType] = useState<DigitalAttackType | null>(null);
  const [open, setOpen] = useState<Row | 'new' | null>(null);
  const returned = useReturnedDraft('attack');
  const rows = usePagedRows('digitalAttacks.page', {
    ...(caseId === undefined ? {} : { caseId }),
    ...(type === null ? {} : { type }),
  });
  const toldFirst = (row: Row): string =>
    [
      row.device,
      ...DIGITAL_ATTACK_FIELDS.flatMap((field) => {
        const value = row.details[field];
        return value === undefined ? [] : [`${term('digitalAttackField', field)}: ${value}`];
      }).slice(0, 2),
    ]
      .filter((part) => part !== '')
      .join(' · ');
  const columns: Column<Row>[] = [
    {
      key: 'when',
      title: t('attack.when'),
      width: '138px',
      cell: (row) => formatPartialDate(row.happened),
    },
    {
      key: 'type',
      title: t('attack.type'),
      width: 'minmax(190px, 0.6fr)',
      wrap: true,
      cell: (row) => <strong>{term('digitalAttack', row.type)}</strong>,
    },
    {
      key: 'incident',
      title: t('attack.incident'),
      width: 'minmax(240px, 1.4fr)',
      cell: (row) => (
        <TwoLines below={toldFirst(row) === '' ? '' : <SafeText text={toldFirst(row)} line />}>
          <SafeText text={row.incidentTitle} line />
        </TwoLines>
      ),
    },
    ...(caseId === undefined
      ? [{ key: 'case', title: t('case'), width: '112px', cell: (row: Row) => row.caseCode ?? '' }]
      : []),
    {
      key: 'open',
      title: '',
      width: '104px',
      align: 'end',
      cell: (row) => (
        <Button
          size="compact-sm"
          onClick={(event) => {
            event.stopPropagation();
            setOpen(row);
          }}
        >
          {t('attack.complete')}
        </Button>
      ),
    },
  ];
  const add = (
    <Button variant="filled" leftSection={<Plus size={17} />} onClick={() => setOpen('new')}>
      {t('attack.new')}
    </Button>
  );
  return (
    <>
      <DraftTrouble of={returned} />
      {rows.error !== null && <Notice tone="danger">{words(rows.error)}</Notice>}
      <Group mb="sm" justify="space-between">
        <Select
          w={280}
          aria-label={t('attack.type')}
          placeholder={t('attack.type')}
          searchable
          clearable
          data={options('digitalAttack', DIGITAL_ATTACK_TYPES)}
          value={type}
          onChange={(value) => setType(value as DigitalAttackType | null)}
        />
        {add}
      </Group>
      <DataTable
        label={t('attack.list')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        height={caseId === undefined ? 'calc(100vh - 350px)' : '260px'}
        onOpen={(row) =>
          void navigate({ to: '/incidents/$incidentId', params: { incidentId: row.incidentId } })
        }
        empty={<EmptyState Icon={Radar} title={t('attack.empty')} text={t('attack.emptyText')} />}
      />
      {open !== null && (
        <AttackForm
          key={open === 'new' ? 'new' : open.id}
          initial={open === 'new' ? blankAttack(null, caseId ?? null) : attackState(open, open.caseId)}
          onClose={() => setOpen(null)}
        />
      )}
      {returned.draft !== null && (
        <AttackForm
          key={returned.draft.id}
          initial={fromDraft(returned.draft.payload, blankAttack(null, caseId ?? null))}
          draftId={returned.draft.id}
          onClose={returned.forget}
        />
      )}
    </>
  );
}
