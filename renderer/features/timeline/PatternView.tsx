import { Slider } from '@mantine/core';
import { Waypoints } from 'lucide-react';
import { useId, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';
import { useQuery } from '../../api/hooks.ts';
import { formatPartialDate } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { EntryTitle, signOf, timeOf, useEntryWords } from './entry.tsx';
import { LanePlot, type Lane } from './LanePlot.tsx';
import { TimelineExport } from './TimelineExport.tsx';

const DAY = 86_400_000;

/** What digital things fell near an attack, a hearing or a publication. Nearness is shown; cause is not claimed. */
export function PatternView({ caseId }: { caseId: CaseId }): JSX.Element {
  const { t } = useTranslation('timeline');
  const words = useErrorText();
  const say = useEntryWords();
  const labelId = useId();
  const [days, setDays] = useState(7);
  const [dragged, setDragged] = useState(7);
  const query = useQuery('timeline.patterns', { caseId, days }, { keep: true });
  const patterns = query.data?.patterns ?? [];
  const marks = (
    entries: readonly (typeof patterns)[number]['anchor'][],
  ): { key: string; atMs: number; title: string }[] => {
    const seen = new Map<string, { key: string; atMs: number; title: string }>();
    for (const entry of entries) {
      const atMs = timeOf(entry);
      const key = `${entry.kind}${entry.id}`;
      if (atMs !== null) seen.set(key, { key, atMs, title: entry.title });
    }
    return [...seen.values()];
  };
  const near = patterns.flatMap((pattern) => pattern.near.map((one) => one.entry));
  const anchors = patterns.map((pattern) => pattern.anchor);
  const lanes: Lane[] = [
    {
      key: 'digital',
      label: t('lane.digital'),
      tone: 'digital',
      shape: 'disc',
      marks: marks(near.filter((entry) => entry.kind !== 'incident')),
    },
    {
      key: 'attacks',
      label: t('lane.attacks'),
      tone: 'danger',
      shape: 'diamond',
      marks: marks([...anchors, ...near].filter((entry) => entry.kind === 'incident')),
    },
    {
      key: 'dates',
      label: t('lane.dates'),
      tone: 'due',
      shape: 'square',
      marks: marks(anchors.filter((entry) => entry.kind === 'milestone')),
    },
  ];
  const shaded = anchors.flatMap((entry) => {
    const at = timeOf(entry);
    return at === null ? [] : [{ fromMs: at - days * DAY, toMs: at + days * DAY }];
  });
  return (
    <Stack>
      {query.error !== null && <Notice tone="danger">{words(query.error)}</Notice>}
      <Panel
        title={t('patterns.title')}
        Icon={Waypoints}
        extra={
          <>
            <span style={{ marginInlineEnd: 10 }}>{t('patterns.within', { count: days })}</span>
            <TimelineExport compact of={{ view: 'patterns', caseId, days }} />
          </>
        }
      >
        <div style={{ maxWidth: 420, margin: '0 6px 26px' }}>
          <div id={labelId} style={{ marginBottom: 6, fontWeight: 600 }}>
            {t('patterns.days')}
          </div>
          <Slider
            color="teal.8"
            thumbProps={{ 'aria-labelledby': labelId }}
            min={0}
            max={30}
            value={dragged}
            marks={[0, 7, 14, 30].map((value) => ({ value, label: String(value) }))}
            onChange={setDragged}
            onChangeEnd={setDays}
          />
        </div>
        <LanePlot label={t('patterns.title')} lanes={lanes} shaded={shaded} />
        <p className="rg-muted" style={{ marginTop: 10 }}>
          {t('patterns.caution')}
        </p>
        {(query.data?.unplaced ?? 0) > 0 && (
          <p className="rg-small rg-muted">{t('patterns.unplaced', { count: query.data?.unplaced ?? 0 })}</p>
        )}
      </Panel>
      {query.data !== undefined && patterns.length === 0 && (
        <EmptyState Icon={Waypoints} title={t('patterns.empty')} text={t('patterns.emptyText')} />
      )}
      {patterns.map((pattern) => {
        const [Icon] = signOf(pattern.anchor);
        return (
          <Panel
            key={`${pattern.anchor.kind}${pattern.anchor.id}`}
            title={<EntryTitle entry={pattern.anchor} caseId={caseId} />}
            Icon={Icon}
            extra={formatPartialDate(pattern.anchor.when)}
            flush
          >
            <Rows>
              {pattern.near.map(({ entry, days: distance }) => {
                const [Sign] = signOf(entry);
                return (
                  <Row
                    key={`${entry.kind}${entry.id}`}
                    lead={<Sign size={18} aria-hidden />}
                    title={<EntryTitle entry={entry} caseId={caseId} />}
                    note={[say.kind(entry), say.code(entry), say.state(entry), formatPartialDate(entry.when)]
                      .filter((part) => part !== '')
                      .join(' · ')}
                    end={
                      <strong>
                        {distance === 0
                          ? t('patterns.sameDay')
                          : distance < 0
                            ? t('patterns.before', { count: -distance })
                            : t('patterns.after', { count: distance })}
                      </strong>
                    }
                  />
                );
              })}
            </Rows>
          </Panel>
        );
      })}
    </Stack>
  );
}
