import { Button, Loader } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { CircleDashed, ListChecks, Paperclip, Pencil, RefreshCw, Smartphone, Users } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessageId } from '#shared/model/surveillance-ids.ts';
import { useQuery, useTask } from '../../api/hooks.ts';
import { formatDay, formatInstant, formatNumber, formatPartialDate, shortHash } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Facts, Panel, Row, Rows } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { FileIcon } from '../evidence/FileIcon.tsx';
import { HitCaution } from './Cautions.tsx';
import { LinkList } from './LinkList.tsx';
import { TriageTag } from './MessageTable.tsx';
import { CopySafe, SafeText } from './SafeText.tsx';
import { TriageResult } from './TriageResult.tsx';

/** One suspicious message: what it says, what its links coincide with, who else got it. */
export function MessagePage(): JSX.Element {
  const { t, i18n } = useTranslation(['messages', 'surveillance', 'ui', 'common']);
  const { term } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const { messageId } = useParams({ strict: false }) as { messageId: MessageId };
  const language = i18n.language === 'en' ? 'en' : 'es';
  const query = useQuery('messages.get', { id: messageId, language });
  const similar = useQuery('messages.similar', { id: messageId });
  const triage = useTask('messages.triage');
  const message = query.data;
  if (!message)
    return query.error ? (
      <Notice tone="danger">{words(query.error)}</Notice>
    ) : (
      <Loader role="status" aria-label={t('ui:loading')} />
    );
  const compare = (): void => void triage.mutateAsync({ id: messageId, language }).catch(() => undefined);
  const hits = message.triage?.hits.length ?? null;
  const told = (label: string, value: string): readonly [string, JSX.Element] | null =>
    value === '' ? null : [label, <SafeText key={label} text={value} />];
  const others = similar.data?.rows ?? [];
  return (
    <>
      <PageHeader
        crumbs={
          <>
            <Link to="/surveillance">{t('surveillance:list')}</Link> ›{' '}
            <Link to="/surveillance" search={{ tab: 'messages' }}>
              {t('list')}
            </Link>
          </>
        }
        title={t('titled', {
          channel: term('messageChannel', message.channel),
          when: formatPartialDate(message.received),
        })}
        tags={
          <>
            <TriageTag hits={hits} />
            {message.clicked === 'yes' && <StatusTag tone="due">{t('wasClicked')}</StatusTag>}
            {message.caseCode !== null && <StatusTag>{message.caseCode}</StatusTag>}
          </>
        }
        actions={
          <>
            <Button
              leftSection={<Pencil size={17} />}
              onClick={() =>
                void navigate({ to: '/surveillance/messages/$messageId/edit', params: { messageId } })
              }
            >
              {t('complete')}
            </Button>
            <Button
              variant="filled"
              leftSection={<RefreshCw size={17} />}
              loading={triage.isPending}
              onClick={compare}
            >
              {message.triage === null ? t('compare') : t('compareAgain')}
            </Button>
          </>
        }
      />
      {triage.error !== null && <Notice tone="danger">{words(triage.error)}</Notice>}
      <Columns
        main={
          <>
            <Panel
              title={t('text')}
              Icon={Smartphone}
              extra={<CopySafe text={message.textDefanged} label={t('copyText')} />}
            >
              {message.textDefanged === '' ? (
                <p className="rg-muted">{t('onlyPicture')}</p>
              ) : (
                <SafeText text={message.textDefanged} />
              )}
            </Panel>
            {message.triage === null ? (
              <Panel title={t('result')} Icon={CircleDashed}>
                <p className="rg-muted">{t('notComparedText')}</p>
              </Panel>
            ) : (
              <TriageResult triage={message.triage} />
            )}
            <LinkList links={message.linkList} />
            <Panel title={t('sameToOthers')} Icon={Users} extra={others.length} flush>
              {others.length === 0 && (
                <p className="rg-muted" style={{ padding: 14 }}>
                  {t('nobodyElse')}
                </p>
              )}
              <Rows>
                {others.map((one) => (
                  <Row
                    key={one.id}
                    title={
                      <Link to="/surveillance/messages/$messageId" params={{ messageId: one.id }}>
                        <SafeText text={one.excerpt} />
                      </Link>
                    }
                    note={
                      <>
                        {formatPartialDate(one.received)}
                        {one.caseCode !== null && ` · ${one.caseCode}`}
                        {one.person !== '' && (
                          <>
                            {' · '}
                            <span className="rg-private">{one.person}</span>
                          </>
                        )}
                      </>
                    }
                    end={one.because.map((why) => (
                      <StatusTag key={why} tone="digital">
                        {t(`because.${why}`)}
                      </StatusTag>
                    ))}
                  />
                ))}
              </Rows>
            </Panel>
          </>
        }
        side={
          <>
            {hits !== null && hits > 0 && <HitCaution />}
            <Panel title={t('about')} Icon={ListChecks}>
              <Facts
                items={[
                  told(t('sender'), message.sender === '' ? t('unknownSender') : message.sender),
                  told(t('account'), message.account),
                  [t('received'), formatPartialDate(message.received)],
                  told(t('person'), message.person),
                  [t('clicked'), term('clicked', message.clicked)],
                  told(t('clickedWhen'), message.clickedWhen),
                  told(t('whatHappened'), message.whatHappened),
                  told(t('context'), message.context),
                  told(t('others'), message.others),
                  told(t('note'), message.note),
                ]}
              />
            </Panel>
            {message.evidence.length > 0 && (
              <Panel title={t('screenshots')} Icon={Paperclip} extra={message.evidence.length} flush>
                <Rows>
                  {message.evidence.map((file) => (
                    <Row
                      key={file.evidenceId}
                      lead={<FileIcon mime={file.mime} />}
                      title={
                        <Link to="/evidence" search={{ open: file.evidenceId }}>
                          <span className="rg-private">{file.title}</span>
                        </Link>
                      }
                      note={<span className="rg-mono">{shortHash(file.sha256)}</span>}
                    />
                  ))}
                </Rows>
              </Panel>
            )}
            {message.triage !== null && (
              <Panel title={t('surveillance:examination.sets')} Icon={ListChecks} flush>
                <Rows>
                  {message.triage.sets.map((set) => (
                    <Row
                      key={set.setId}
                      title={set.name}
                      note={t('surveillance:sets.short', {
                        day: set.day === null ? t('surveillance:sets.noDay') : formatDay(set.day),
                        number: formatNumber(set.indicators),
                        count: set.indicators,
                      })}
                    />
                  ))}
                </Rows>
                <p className="rg-small rg-muted" style={{ padding: '6px 14px 10px' }}>
                  {t('comparedAt', { when: formatInstant(message.triage.at) })}
                </p>
              </Panel>
            )}
          </>
        }
      />
    </>
  );
}
