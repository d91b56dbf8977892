import { Button, Group, Switch } from '@mantine/core';
import { CircleDashed, Plus } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '#shared/contract/examinations.ts';
import type { ExaminationId, FindingId } from '#shared/model/surveillance-ids.ts';
import { FINDING_LEVELS, FINDING_STATES } from '#shared/model/surveillance.ts';
import { useQuery, usePagedRows } from '../../api/hooks.ts';
import { useReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useTerms } from '../../lib/use-terms.ts';
import type { Column } from '../../ui/data/DataTable.tsx';
import { ManyFilter, OneFilter, SortChoice, TextFilter, useTextFilter } from '../../ui/data/filters.tsx';
import { ListView } from '../../ui/data/ListView.tsx';
import { pickColumn, usePicks } from '../../ui/data/picks.tsx';
import { DraftTrouble } from '../../ui/DraftTrouble.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { EnterFinding } from './EnterFinding.tsx';
import { FindingView } from './FindingView.tsx';
import { useFindingColumns } from './finding-columns.tsx';
import { useFindingWords } from './finding-words.ts';
import { BulkReview } from './ReviewForm.tsx';
import { LEVEL_TONES } from './tones.ts';
import css from './surveillance.module.css';

/** At most as many as one decision may hold. */
const MOST = 500;

/** The findings of an examination: filters, many at once, and each with what it means beside the list. */
export function FindingsTable({ examinationId }: { examinationId: ExaminationId }): JSX.Element {
  const { t } = useTranslation(['findings', 'surveillance']);
  const { term, options } = useTerms();
  const say = useFindingWords();
  const common = useFindingColumns();
  const [states, setStates] = useState<Finding['state'][]>([]);
  const [levels, setLevels] = useState<Finding['level'][]>([]);
  const [module, setModule] = useState<string | null>(null);
  const [newOnly, setNewOnly] = useState(false);
  const [sort, setSort] = useState<'level' | 'time' | 'module'>('level');
  const words = useTextFilter();
  const picks = usePicks<FindingId>(MOST);
  const [entering, setEntering] = useState(false);
  const returned = useReturnedDraft('finding');
  const rows = usePagedRows('findings.list', {
    examinationId,
    sort,
    ...(states.length === 0 ? {} : { states }),
    ...(levels.length === 0 ? {} : { levels }),
    ...(module === null ? {} : { modules: [module] }),
    ...(newOnly ? { newOnly } : {}),
    ...(words.asked === '' ? {} : { text: words.asked }),
  });
  const summary = useQuery('findings.list', { examinationId, limit: 1 }).data;
  const loaded = Array.from({ length: Math.min(rows.total, MOST) }, (_, at) => rows.rowAt(at)?.id).filter(
    (id): id is FindingId => id !== undefined,
  );
  const columns = (narrow: boolean): readonly Column<Finding>[] => [
    pickColumn<Finding, FindingId>(
      picks,
      (row) => row.id,
      (row) => t('pick', { what: row.observed.slice(0, 60) }),
    ),
    ...common.seen<Finding>(narrow),
    ...(narrow
      ? []
      : [
          {
            key: 'why',
            title: t('why'),
            width: '170px',
            cell: (row: Finding) => (
              <span className="rg-muted">
                {row.kind === 'indicator' ? say.modes(row) : term('findingKind', row.kind)}
              </span>
            ),
          },
          {
            key: 'level',
            title: t('level'),
            width: '112px',
            cell: (row: Finding) => (
              <StatusTag tone={LEVEL_TONES[row.level]}>{term('findingLevel', row.level)}</StatusTag>
            ),
          },
        ]),
    common.state<Finding>(),
  ];
  return (
    <>
      <DraftTrouble of={returned} />
      <p className="rg-muted" style={{ marginBottom: 10 }}>
        {t('never')}
      </p>
      <ListView
        label={t('list')}
        rows={rows}
        rowKey={(row) => row.id}
        columns={columns}
        height="calc(100vh - 360px)"
        onPick={(row) => picks.toggle(row.id)}
        filters={
          <>
            <TextFilter w={210} label={t('filterText')} filter={words} />
            <ManyFilter
              w={190}
              label={t('state')}
              data={options('findingState', FINDING_STATES)}
              value={states}
              onChange={setStates}
            />
            <ManyFilter
              w={190}
              label={t('level')}
              data={options('findingLevel', FINDING_LEVELS)}
              value={levels}
              onChange={setLevels}
            />
            <OneFilter
              w={190}
              label={t('module')}
              data={(summary?.modules ?? []).map((one) => ({
                value: one.module,
                label: t('moduleCount', { module: one.module, count: one.findings }),
              }))}
              value={module}
              onChange={setModule}
            />
            <SortChoice
              w={150}
              label={t('sort')}
              data={(['level', 'time', 'module'] as const).map((key) => ({
                value: key,
                label: t(`sortBy.${key}`),
              }))}
              value={sort}
              onChange={setSort}
            />
            <Switch
              color="teal.8"
              label={t('newOnly')}
              checked={newOnly}
              onChange={(event) => setNewOnly(event.currentTarget.checked)}
            />
            <Group ml="auto" gap="sm">
              <Button
                size="compact-md"
                disabled={rows.total === 0}
                onClick={() => picks.take(picks.picked.size === 0 ? loaded : [])}
              >
                {picks.picked.size === 0 ? t('pickAll', { count: loaded.length }) : t('pickNone')}
              </Button>
              <Button size="compact-md" leftSection={<Plus size={15} />} onClick={() => setEntering(true)}>
                {t('enter')}
              </Button>
            </Group>
          </>
        }
        filtered={states.length + levels.length > 0 || module !== null || newOnly || words.asked !== ''}
        Icon={CircleDashed}
        empty={{ title: t('surveillance:noTraces.title'), text: t('emptyText') }}
        noMatch={{ title: t('noMatch'), text: t('noMatchText') }}
        opens={{ label: t('one'), of: (id) => <FindingView key={id} id={id as FindingId} /> }}
      />
      {picks.picked.size > 0 && (
        <div className={css.bulk} role="region" aria-label={t('bulk')}>
          <strong aria-live="polite">{t('picked', { count: picks.picked.size })}</strong>
          <BulkReview ids={[...picks.picked]} onDone={() => picks.take([])} />
        </div>
      )}
      {(entering || returned.draft !== null) && (
        <EnterFinding
          examinationId={examinationId}
          draft={entering ? null : returned.draft}
          onClose={() => {
            setEntering(false);
            returned.forget();
          }}
        />
      )}
    </>
  );
}
