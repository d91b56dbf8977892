import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { FileText, MapPin, MessageCircle, Pencil, TriangleAlert, Users } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseDetail } from '#shared/contract/cases.ts';
import { useQuery } from '../../api/hooks.ts';
import { formatDay, formatPartialDate } from '../../lib/format.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Columns, Facts, Panel, Row, Rows } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { CaseAccessPanel } from '../keys/CaseAccessPanel.tsx';
import { NotesPanel } from '../notes/NotesPanel.tsx';

/** What one must know before picking up the phone, and the latest that happened. */
export function CaseSummary({ detail }: { detail: CaseDetail }): JSX.Element {
  const { t } = useTranslation(['cases', 'ui']);
  const { term } = useTerms();
  const navigate = useNavigate();
  const latest = useQuery('incidents.list', { caseId: detail.id, limit: 5 }).data?.rows ?? [];
  const safe = detail.safeChannel;
  return (
    <Columns
      main={
        <>
          <Panel
            title={t('summary')}
            Icon={FileText}
            extra={
              <Button
                size="compact-sm"
                leftSection={<Pencil size={14} />}
                onClick={() => void navigate({ to: '/cases/$caseId/edit', params: { caseId: detail.id } })}
              >
                {t('editCase')}
              </Button>
            }
          >
            <div className="rg-private" style={{ whiteSpace: 'pre-wrap', maxWidth: '78ch' }}>
              {detail.summary === '' ? <span className="rg-muted">{t('noSummary')}</span> : detail.summary}
            </div>
          </Panel>
          <Panel title={t('latest')} Icon={TriangleAlert} flush>
            {latest.length === 0 ? (
              <EmptyState Icon={TriangleAlert} title={t('noIncidents')} text={t('noIncidentsText')}>
                <Button
                  variant="filled"
                  onClick={() => void navigate({ to: '/incidents/new', search: { caseId: detail.id } })}
                >
                  {t('addIncident')}
                </Button>
              </EmptyState>
            ) : (
              <Rows>
                {latest.map((incident) => (
                  <Row
                    key={incident.id}
                    title={
                      <Link to="/incidents/$incidentId" params={{ incidentId: incident.id }}>
                        <span className="rg-private">{incident.title}</span>
                      </Link>
                    }
                    note={
                      <>
                        {formatPartialDate(incident.happened)}
                        {incident.mainAct !== null && ` · ${term('act', incident.mainAct)}`}
                      </>
                    }
                    end={
                      incident.evidence > 0 ? (
                        <StatusTag>{t('evidenceCount', { count: incident.evidence })}</StatusTag>
                      ) : undefined
                    }
                  />
                ))}
              </Rows>
            )}
          </Panel>
          <NotesPanel caseId={detail.id} />
        </>
      }
      side={
        <>
          <Panel title={t('safeChannel')} Icon={MessageCircle}>
            {safe.medium === '' && safe.hours === '' && safe.avoid === '' ? (
              <p className="rg-muted">{t('noSafeChannel')}</p>
            ) : (
              <Facts
                items={[
                  [t('medium'), safe.medium],
                  safe.hours === '' ? null : [t('hours'), safe.hours],
                  safe.avoid === '' ? null : [t('avoid'), <strong key="a">{safe.avoid}</strong>],
                ]}
              />
            )}
          </Panel>
          <Panel title={t('whoAndWhere')} Icon={MapPin}>
            <Facts
              items={[
                [t('openedOn'), formatDay(detail.openedDay)],
                [
                  t('neutralCode'),
                  <span key="n" className="rg-num">
                    {detail.neutralCode}
                  </span>,
                ],
                [
                  t('language'),
                  detail.language.kind === 'said'
                    ? detail.language.words
                    : t(`ui:answer.${detail.language.kind}`),
                ],
                detail.placeOrigin === ''
                  ? null
                  : [
                      t('placeOrigin'),
                      <span key="o" className="rg-private">
                        {detail.placeOrigin}
                      </span>,
                    ],
                detail.placeRefuge === ''
                  ? null
                  : [
                      t('placeRefuge'),
                      <span key="r" className="rg-private">
                        {detail.placeRefuge}
                      </span>,
                    ],
              ]}
            />
          </Panel>
          <Panel title={t('people')} Icon={Users} extra={detail.persons.length} flush>
            <Rows>
              {detail.persons.slice(0, 8).map((person) => (
                <Row
                  key={person.personId}
                  title={
                    <Link to="/people/$personId" params={{ personId: person.personId }}>
                      <span className="rg-private">{person.name}</span>
                    </Link>
                  }
                  note={person.roles.map((role) => term('role', role)).join(', ')}
                />
              ))}
            </Rows>
          </Panel>
          <CaseAccessPanel caseId={detail.id} />
        </>
      }
    />
  );
}
