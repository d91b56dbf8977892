import { Button, Loader } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { FileText, MapPin, Paperclip, Pencil, Siren, TriangleAlert, UserRound } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentId } from '#shared/model/ids.ts';
import { useQuery } from '../../api/hooks.ts';
import { formatInstant, formatPartialDate, formatSince } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { MentionedText } from '../../ui/MentionedText.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Facts, Panel, Row, Rows } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { readable } from '../../ui/mention-model.ts';
import { IntakePanel } from '../evidence/IntakePanel.tsx';
import { DigitalAttackPanel } from '../surveillance/DigitalAttackPanel.tsx';
import { VerificationTag } from './VerificationTag.tsx';

/** One incident for reading; evidence can be added to it at once. */
export function IncidentPage(): JSX.Element {
  const { t } = useTranslation(['incidents', 'ui']);
  const { term } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const { incidentId } = useParams({ strict: false }) as { incidentId: IncidentId };
  const query = useQuery('incidents.get', { id: incidentId });
  const incident = query.data;
  if (!incident)
    return query.error ? (
      <Notice tone="danger">{words(query.error)}</Notice>
    ) : (
      <Loader role="status" aria-label={t('ui:loading')} />
    );
  const title = incident.title !== '' ? incident.title : readable(incident.narrative).slice(0, 90);
  const place = [
    incident.place.locality,
    incident.place.municipality,
    incident.place.stateCode === '' ? '' : term('state', incident.place.stateCode),
  ]
    .filter((part) => part !== '')
    .join(', ');
  const nameOf = (id: string | null, other: string): string =>
    id === null ? other : (incident.personNames[id] ?? other);
  return (
    <>
      <PageHeader
        crumbs={
          incident.caseId !== null ? (
            <>
              <Link to="/cases/$caseId" params={{ caseId: incident.caseId }} search={{ tab: 'incidents' }}>
                {incident.caseCode}
              </Link>{' '}
              › {t('one')}
            </>
          ) : (
            <Link to="/incidents">{t('list')}</Link>
          )
        }
        title={<span className="rg-private">{title}</span>}
        tags={
          <>
            <StatusTag>{formatPartialDate(incident.happened)}</StatusTag>
            <VerificationTag state={incident.verification} />
            {incident.online && <StatusTag tone="digital">{t('online')}</StatusTag>}
            {incident.emergency !== null && (
              <StatusTag tone="danger" Icon={Siren}>
                {t('emergency')}
              </StatusTag>
            )}
            {incident.verySensitive && <StatusTag tone="due">{t('verySensitive')}</StatusTag>}
          </>
        }
        actions={
          <Button
            variant="filled"
            leftSection={<Pencil size={17} />}
            onClick={() => void navigate({ to: '/incidents/$incidentId/edit', params: { incidentId } })}
          >
            {t('complete')}
          </Button>
        }
      />
      <Columns
        main={
          <>
            {incident.emergency !== null && (
              <Panel title={t('emergency')} Icon={Siren} tone="danger">
                <Facts
                  items={[
                    [t('safeNow'), term('safe', incident.emergency.safe)],
                    [
                      t('caller'),
                      <span key="c" className="rg-private">
                        {incident.emergency.caller}
                      </span>,
                    ],
                    [t('channel'), incident.emergency.channel],
                    [t('noticeAt'), formatInstant(incident.emergency.noticeAt)],
                  ]}
                />
              </Panel>
            )}
            <Panel title={t('whatHappened')} Icon={FileText}>
              <MentionedText stored={incident.narrative} />
              {incident.linkToWork !== '' && (
                <p style={{ marginTop: 14 }}>
                  <span className="rg-muted">{t('linkToWork')}: </span>
                  <span className="rg-private">{incident.linkToWork}</span>
                </p>
              )}
            </Panel>
            <Panel title={t('acts')} Icon={TriangleAlert} extra={incident.acts.length} flush>
              {incident.acts.length === 0 ? (
                <p className="rg-muted" style={{ padding: 14 }}>
                  {t('noActs')}
                </p>
              ) : (
                <Rows>
                  {incident.acts.map((act, index) => (
                    <Row
                      key={act.id ?? index}
                      title={
                        <>
                          <StatusTag tone="danger">{term('act', act.type)}</StatusTag>{' '}
                          <span className="rg-private">{nameOf(act.personId, act.personWords)}</span>
                        </>
                      }
                      note={
                        act.involvements.length === 0
                          ? t('nobodyAlleged')
                          : act.involvements
                              .map((involved) =>
                                t('alleged', {
                                  who: nameOf(
                                    involved.personId,
                                    involved.words === ''
                                      ? term('perpetrator', involved.kind)
                                      : involved.words,
                                  ),
                                  degree: term('degree', involved.degree),
                                }),
                              )
                              .join(' · ')
                      }
                      end={act.harms.map((harm) => (
                        <StatusTag key={harm}>{term('harm', harm)}</StatusTag>
                      ))}
                    />
                  ))}
                </Rows>
              )}
            </Panel>
            <DigitalAttackPanel incidentId={incidentId} caseId={incident.caseId} />
          </>
        }
        side={
          <>
            <IntakePanel caseId={incident.caseId} incidentId={incidentId} taken={incident.evidence} />
            {(place !== '' || incident.place.words !== '') && (
              <Panel title={t('place')} Icon={MapPin}>
                <span className="rg-private">
                  {[place, incident.place.words].filter((part) => part !== '').join(' · ')}
                </span>
              </Panel>
            )}
            {incident.sources.length > 0 && (
              <Panel title={t('sources')} Icon={UserRound} flush>
                <Rows>
                  {incident.sources.map((source, index) => (
                    <Row
                      key={index}
                      title={<span className="rg-private">{nameOf(source.personId, source.words)}</span>}
                      note={[
                        term('knowledge', source.knowledge),
                        source.corroboratedBy > 0 ? t('corroborated', { count: source.corroboratedBy }) : '',
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    />
                  ))}
                </Rows>
              </Panel>
            )}
            <p className="rg-small rg-muted">
              <Paperclip size={13} aria-hidden />{' '}
              {t('recordedAt', {
                when: formatInstant(incident.createdAt),
                changed: formatSince(incident.updatedAt),
              })}
            </p>
          </>
        }
      />
    </>
  );
}
