import { ActionIcon, Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  CalendarClock,
  ChartColumn,
  FilePenLine,
  FolderOpen,
  History,
  PackageCheck,
  Paperclip,
  ShieldCheck,
  Trash2,
  TriangleAlert,
  UserRound,
  type LucideIcon,
} from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../api/client.ts';
import { useQuery } from '../../api/hooks.ts';
import type { Output } from '../../api/contract.ts';
import { kindOfDraft } from '../../lib/draft-kinds.ts';
import { formatDay, formatSince } from '../../lib/format.ts';
import { notifyFailure } from '../../lib/notify.ts';
import { useUndo } from '../../lib/undo.tsx';
import { useErrorText } from '../../lib/use-error-text.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Panel, Row, Rows } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import type { Tone } from '../../ui/tones.ts';
import { SafetyBar } from '../safeguard/SafetyBar.tsx';
import { placeOfDraft } from './draft-places.ts';
import { MonthBars } from './MonthBars.tsx';

type Overview = Output<'today.overview'>;
type Due = Overview['due'][number];
type Recent = Overview['recent'][number];

const RECENT_ICONS: Readonly<Record<Recent['kind'], LucideIcon>> = {
  case: FolderOpen,
  incident: TriangleAlert,
  evidence: Paperclip,
  person: UserRound,
  export: PackageCheck,
};

/** Whole days from today to a day; negative when past. */
const daysTo = (day: string): number =>
  Math.round((Date.parse(day) - Date.parse(new Date().toLocaleDateString('en-CA'))) / 86_400_000);

/** A consent whose last day is behind us, and of which "expires" would not be true. */
const isOver = ({ kind, day }: Due): boolean => kind === 'consentExpires' && day !== null && daysTo(day) < 0;

function DueTag({ due }: { due: Due }): JSX.Element {
  const { t } = useTranslation('today');
  if (due.day === null) return <StatusTag tone="due">{t('open')}</StatusTag>;
  const days = daysTo(due.day);
  const tone: Tone = days < 0 ? 'danger' : days <= 3 ? 'due' : 'neutral';
  const words =
    days < 0
      ? t('pastDue', { count: -days })
      : days === 0
        ? t('dueToday')
        : days <= 7
          ? t('dueIn', { count: days })
          : formatDay(due.day);
  return <StatusTag tone={tone}>{words}</StatusTag>;
}

/** What is due, what changed, what was left half written, and what still keeps the vault from being safe. */
export function TodayPage(): JSX.Element {
  const { t, i18n } = useTranslation('today');
  const navigate = useNavigate();
  const words = useErrorText();
  const offerUndo = useUndo();
  const overview = useQuery('today.overview', {});
  const data = overview.data;
  const date = new Intl.DateTimeFormat(i18n.language === 'en' ? 'en-GB' : 'es-MX', {
    weekday: 'long',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  })
    .format(new Date())
    .replaceAll(/[.,]/g, '')
    .replace(/ de /g, ' ');
  const open = (due: Due): void => {
    if (due.kind === 'exportUnfinished')
      void navigate({ to: '/exports/$exportId', params: { exportId: due.id } });
    else if (due.kind === 'completeEmergency')
      void navigate({ to: '/incidents/$incidentId', params: { incidentId: due.id } });
    else if (due.caseId !== null)
      void navigate({ to: '/cases/$caseId', params: { caseId: due.caseId }, search: { tab: 'people' } });
  };
  const throwAway = async (id: string): Promise<void> => {
    const kept = await call('drafts.get', { id });
    await call('drafts.discard', { id });
    const { updatedAt: _at, files, ...draft } = kept;
    offerUndo(files.length > 0 ? t('discardedFiles', { count: files.length }) : t('discarded'), () =>
      call('drafts.save', draft),
    );
  };
  const recentLink = (item: Recent): JSX.Element => {
    const title = <span className="rg-private">{item.title}</span>;
    if (item.kind === 'case')
      return (
        <Link to="/cases/$caseId" params={{ caseId: item.id }}>
          {title}
        </Link>
      );
    if (item.kind === 'incident')
      return (
        <Link to="/incidents/$incidentId" params={{ incidentId: item.id }}>
          {title}
        </Link>
      );
    if (item.kind === 'person')
      return (
        <Link to="/people/$personId" params={{ personId: item.id }}>
          {title}
        </Link>
      );
    if (item.kind === 'export')
      return (
        <Link to="/exports/$exportId" params={{ exportId: item.id }}>
          {title}
        </Link>
      );
    return (
      <Link to="/evidence" search={{ open: item.id }}>
        {title}
      </Link>
    );
  };
  return (
    <>
      <PageHeader
        title={t('title')}
        note={date}
        actions={data && <span className="rg-muted">{t('active', { count: data.activeCases })}</span>}
      />
      {overview.error && <Notice tone="danger">{words(overview.error)}</Notice>}
      <SafetyBar />
      {data && (
        <Columns
          even
          main={
            <>
              <Panel title={t('due')} Icon={CalendarClock} flush>
                {data.due.length === 0 ? (
                  <EmptyState Icon={CalendarClock} title={t('nothingDue')} text={t('nothingDueText')} />
                ) : (
                  <Rows>
                    {data.due.map((due) => (
                      <Row
                        key={`${due.kind}${due.id}`}
                        lead={
                          <span style={{ minWidth: 134 }}>
                            <DueTag due={due} />
                          </span>
                        }
                        title={t(`dueKind.${isOver(due) ? 'consentExpired' : due.kind}`)}
                        note={
                          <>
                            {due.caseCode !== null && `${due.caseCode} · `}
                            <span className="rg-private">{due.title}</span>
                            {due.missing.map((one) => ` · ${t(`lacks.${one}`)}`)}
                          </>
                        }
                        end={<Button onClick={() => open(due)}>{t('openIt')}</Button>}
                      />
                    ))}
                  </Rows>
                )}
              </Panel>
              <Panel title={t('recent')} Icon={History} flush>
                {data.recent.length === 0 ? (
                  <EmptyState Icon={History} title={t('nothingRecent')} text={t('nothingRecentText')}>
                    <Button variant="filled" onClick={() => void navigate({ to: '/incidents/new' })}>
                      {t('firstIncident')}
                    </Button>
                    <Button onClick={() => void navigate({ to: '/cases/new' })}>{t('firstCase')}</Button>
                  </EmptyState>
                ) : (
                  <Rows>
                    {data.recent.map((item) => {
                      const Icon = RECENT_ICONS[item.kind];
                      return (
                        <Row
                          key={`${item.kind}${item.id}${item.at}`}
                          lead={<Icon size={19} aria-hidden />}
                          title={recentLink(item)}
                          note={
                            item.caseCode === null
                              ? t(`kind.${item.kind}`)
                              : t('kindIn', { kind: t(`kind.${item.kind}`), code: item.caseCode })
                          }
                          end={<time dateTime={item.at}>{formatSince(item.at)}</time>}
                        />
                      );
                    })}
                  </Rows>
                )}
              </Panel>
            </>
          }
          side={
            <>
              {/* The rest of what is unfinished stands in the bar above, with the way to do it. */}
              {data.unfinished.includes('practiceVault') && (
                <Panel title={t('unfinishedKind.practiceVault')} Icon={ShieldCheck} tone="due">
                  {t('unfinishedText.practiceVault')}
                </Panel>
              )}
              {data.drafts.length > 0 && (
                <Panel title={t('drafts')} Icon={FilePenLine} flush>
                  <Rows>
                    {data.drafts.map((draft) => (
                      <Row
                        key={draft.id}
                        title={
                          <span className="rg-private">
                            {draft.title === '' ? t('untitled') : draft.title}
                          </span>
                        }
                        note={t('savedAlone', {
                          what: t(`draftOf.${kindOfDraft(draft.form)}`),
                          when: formatSince(draft.updatedAt),
                        })}
                        end={
                          <>
                            <ActionIcon
                              aria-label={t('discardDraft')}
                              title={t('discardDraft')}
                              onClick={() =>
                                void throwAway(draft.id).catch((thrown: unknown) =>
                                  notifyFailure(words(thrown)),
                                )
                              }
                            >
                              <Trash2 size={16} />
                            </ActionIcon>
                            <Button onClick={() => void navigate(placeOfDraft(draft.form, draft.id))}>
                              {t('goOn')}
                            </Button>
                          </>
                        }
                      />
                    ))}
                  </Rows>
                </Panel>
              )}
              <Panel title={t('months')} Icon={ChartColumn}>
                <MonthBars months={data.months} />
              </Panel>
            </>
          }
        />
      )}
    </>
  );
}
