import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  ListChecks,
  MessageSquareWarning,
  Microscope,
  ScanSearch,
  ShieldAlert,
  Smartphone,
  type LucideIcon,
} from 'lucide-react';
import { useState, type JSX, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../api/hooks.ts';
import { formatDay, formatNumber, formatPartialDate } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Columns, Panel, Row, Rows } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { HitCaution, NoTraces } from './Cautions.tsx';
import { TriageTag } from './MessageTable.tsx';
import { SafeText } from './SafeText.tsx';
import { isHit, OUTCOME_TONES } from './tones.ts';
import type { SurveillanceTab } from './tabs.ts';
import css from './surveillance.module.css';

/** Days after which a set says little about what is in use now. */
const OLD_DAYS = 180;

function Figure(props: {
  Icon: LucideIcon;
  label: string;
  value: number;
  note: ReactNode;
  tab: SurveillanceTab;
}): JSX.Element {
  const navigate = useNavigate();
  return (
    <button
      type="button"
      className={css.figure}
      onClick={() => void navigate({ to: '/surveillance', search: { tab: props.tab } })}
    >
      <span className={css.figureTop}>
        <props.Icon size={17} aria-hidden />
        {props.label}
      </span>
      <strong>{formatNumber(props.value)}</strong>
      <span className={css.figureNote}>{props.note}</span>
    </button>
  );
}

/** What is waiting, what was seen, and with what it was compared. */
export function Overview(): JSX.Element {
  const { t } = useTranslation('surveillance');
  const { term } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const [now] = useState(() => Date.now());
  const devices = useQuery('devices.list', { limit: 500 });
  const examinations = useQuery('examinations.list', { limit: 500 });
  const messages = useQuery('messages.list', { limit: 500 });
  const sets = useQuery('indicatorSets.list', {});
  const error = devices.error ?? examinations.error ?? messages.error ?? sets.error;
  if (error !== null) return <Notice tone="danger">{words(error)}</Notice>;

  const done = examinations.data?.rows ?? [];
  const waiting = (messages.data?.rows ?? []).filter((row) => row.hits === null);
  const toReview = done.reduce((sum, row) => sum + row.counts.toReview, 0);
  const open = done.filter((row) => row.counts.toReview > 0 || isHit(row.outcome));
  const hit = open.length > 0 || (messages.data?.rows ?? []).some((row) => (row.hits ?? 0) > 0);
  const days = (sets.data?.rows ?? []).flatMap((set) => (set.day === null ? [] : [set.day])).sort();
  const newest = days.at(-1);
  const old = newest !== undefined && (now - Date.parse(newest)) / 86_400_000 > OLD_DAYS;
  const withUs = (devices.data?.rows ?? []).filter((row) => row.received).length;
  const quiet = !hit && done.some((row) => row.outcome === 'noSignsSoFar');
  return (
    <>
      <div className={css.figures}>
        <Figure
          Icon={Smartphone}
          label={t('tab.devices')}
          value={devices.data?.total ?? 0}
          note={t('overview.withUs', { count: withUs })}
          tab="devices"
        />
        <Figure
          Icon={MessageSquareWarning}
          label={t('overview.messages')}
          value={waiting.length}
          note={t('overview.ofMessages', { count: messages.data?.total ?? 0 })}
          tab="messages"
        />
        <Figure
          Icon={ScanSearch}
          label={t('overview.findings')}
          value={toReview}
          note={t('overview.inExaminations', {
            count: done.filter((row) => row.counts.toReview > 0).length,
          })}
          tab="findings"
        />
        <Figure
          Icon={ListChecks}
          label={t('tab.sets')}
          value={sets.data?.rows.length ?? 0}
          note={newest === undefined ? t('overview.noDay') : t('overview.newest', { day: formatDay(newest) })}
          tab="sets"
        />
      </div>
      <Columns
        main={
          <>
            <Panel title={t('overview.open')} Icon={Microscope} extra={open.length} flush>
              {open.length === 0 ? (
                <p className="rg-muted" style={{ padding: 14 }}>
                  {t('overview.nothingOpen')}
                </p>
              ) : (
                <Rows label={t('overview.open')}>
                  {open.slice(0, 8).map((row) => (
                    <Row
                      key={row.id}
                      title={
                        <Link
                          to="/surveillance/examinations/$examinationId"
                          params={{ examinationId: row.id }}
                        >
                          {row.device}
                        </Link>
                      }
                      note={`${term('examinationMethod', row.method)} · ${t('findingsToReview', { count: row.counts.toReview })}`}
                      end={
                        <StatusTag tone={OUTCOME_TONES[row.outcome]}>{t(`outcome.${row.outcome}`)}</StatusTag>
                      }
                    />
                  ))}
                </Rows>
              )}
            </Panel>
            {quiet && <NoTraces checked />}
            <Panel title={t('overview.latestMessages')} Icon={MessageSquareWarning} flush>
              {(messages.data?.rows ?? []).length === 0 ? (
                <EmptyState
                  Icon={MessageSquareWarning}
                  title={t('overview.noMessages')}
                  text={t('overview.noMessagesText')}
                >
                  <Button
                    variant="filled"
                    onClick={() => void navigate({ to: '/surveillance/messages/new' })}
                  >
                    {t('overview.enterMessage')}
                  </Button>
                </EmptyState>
              ) : (
                <Rows>
                  {(messages.data?.rows ?? []).slice(0, 6).map((row) => (
                    <Row
                      key={row.id}
                      title={
                        <Link to="/surveillance/messages/$messageId" params={{ messageId: row.id }}>
                          <SafeText text={row.excerpt} />
                        </Link>
                      }
                      note={`${term('messageChannel', row.channel)} · ${formatPartialDate(row.received)}`}
                      end={<TriageTag hits={row.hits} />}
                    />
                  ))}
                </Rows>
              )}
            </Panel>
          </>
        }
        side={
          <>
            {hit && <HitCaution />}
            {(sets.data?.rows ?? []).length === 0 && (
              <Notice tone="due" title={t('overview.noSets')}>
                {t('overview.noSetsText')}
              </Notice>
            )}
            {old && (
              <Notice tone="due" title={t('overview.oldSets')}>
                {t('overview.oldSetsText', { day: formatDay(newest) })}
              </Notice>
            )}
            <Panel title={t('overview.with')} Icon={ListChecks} flush>
              <Rows>
                {(sets.data?.rows ?? []).slice(0, 8).map((set) => (
                  <Row
                    key={set.id}
                    title={`${set.name === '' ? set.fileName : set.name}${set.day === null ? '' : `, ${formatDay(set.day)}`}`}
                    note={t('sets.counts', {
                      indicators: formatNumber(set.indicators),
                      count: set.indicators,
                      skipped: formatNumber(set.skipped),
                    })}
                  />
                ))}
              </Rows>
            </Panel>
            <Panel title={t('meaning.title')} Icon={ShieldAlert}>
              <p className="rg-muted">{t('meaning.text')}</p>
            </Panel>
          </>
        }
      />
    </>
  );
}
