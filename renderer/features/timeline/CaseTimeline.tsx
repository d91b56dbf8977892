import { Button, SegmentedControl, Group as Line } from '@mantine/core';
import { ArrowDownUp, CalendarPlus, Check, History } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';
import { usePagedRows, useQuery } from '../../api/hooks.ts';
import { useReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { DraftTrouble } from '../../ui/DraftTrouble.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import parts from '../../ui/parts.module.css';
import { GROUP_TONES, GROUPS, KINDS_OF, type Group } from './entry.tsx';
import { MilestoneForm } from './MilestoneForm.tsx';
import { PatternView } from './PatternView.tsx';
import { TimelineExport } from './TimelineExport.tsx';
import { TimelineList } from './TimelineList.tsx';
import css from './timeline.module.css';

/** Attacks, surveillance, dates and steps of a case on one line; and what gathers around what. */
export function CaseTimeline({ caseId }: { caseId: CaseId }): JSX.Element {
  const { t } = useTranslation('timeline');
  const words = useErrorText();
  const [view, setView] = useState<'list' | 'patterns'>('list');
  const [groups, setGroups] = useState<ReadonlySet<Group>>(new Set(GROUPS));
  const [descending, setDescending] = useState(true);
  const [adding, setAdding] = useState(false);
  const returned = useReturnedDraft('milestone');
  const kinds = GROUPS.filter((group) => groups.has(group)).flatMap((group) => [...KINDS_OF[group]]);
  const rows = usePagedRows('timeline.ofCase', { caseId, kinds, descending });
  const undated = useQuery('timeline.ofCase', { caseId, kinds, descending, limit: 1 }).data?.undated ?? 0;
  const toggle = (group: Group): void =>
    setGroups((now) => {
      const next = new Set(now);
      if (!next.delete(group)) next.add(group);
      return next;
    });
  return (
    <>
      <DraftTrouble of={returned} />
      <Line mb="sm" justify="space-between">
        <SegmentedControl
          aria-label={t('view')}
          value={view}
          onChange={(value) => setView(value as typeof view)}
          data={(['list', 'patterns'] as const).map((key) => ({ value: key, label: t(`views.${key}`) }))}
        />
        <Line gap="sm">
          {view === 'list' && <TimelineExport of={{ view: 'case', caseId }} kinds={kinds} />}
          <Button leftSection={<CalendarPlus size={17} />} onClick={() => setAdding(true)}>
            {t('milestone.add')}
          </Button>
        </Line>
      </Line>
      {view === 'patterns' ? (
        <PatternView caseId={caseId} />
      ) : (
        <section className={parts.panel} aria-label={t('title')}>
          <div className={css.filters} role="group" aria-label={t('show')}>
            {GROUPS.map((group) => (
              <button
                key={group}
                type="button"
                className={css.filter}
                data-tone={GROUP_TONES[group]}
                aria-pressed={groups.has(group)}
                onClick={() => toggle(group)}
              >
                {groups.has(group) && <Check size={14} aria-hidden />}
                {t(`group.${group}`)}
              </button>
            ))}
            <div className={css.end}>
              <Button
                size="compact-sm"
                leftSection={<ArrowDownUp size={15} />}
                onClick={() => setDescending(!descending)}
              >
                {t(descending ? 'newestFirst' : 'oldestFirst')}
              </Button>
            </div>
          </div>
          {rows.error !== null && <Notice tone="danger">{words(rows.error)}</Notice>}
          {!rows.loading && rows.total === 0 ? (
            <EmptyState Icon={History} title={t('empty')} text={t('emptyText')} />
          ) : (
            <TimelineList label={t('title')} rows={rows} caseId={caseId} />
          )}
          <div
            className="rg-small rg-muted"
            role="status"
            style={{ padding: '6px 14px', borderTop: '1px solid var(--rg-line)' }}
          >
            {t('total', { count: rows.total })}
            {undated > 0 && ` · ${t('undated', { count: undated })}`}
          </div>
        </section>
      )}
      {(adding || returned.draft !== null) && (
        <MilestoneForm
          caseId={caseId}
          draft={adding ? null : returned.draft}
          onClose={() => {
            setAdding(false);
            returned.forget();
          }}
        />
      )}
    </>
  );
}
