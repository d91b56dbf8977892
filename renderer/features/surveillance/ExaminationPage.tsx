import { Button, Loader, Tabs } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { FileText, History, ListChecks, Pencil, RefreshCw, Share2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExaminationId } from '#shared/model/surveillance-ids.ts';
import { codeOf } from '../../api/bridge.ts';
import { useQuery, useTask } from '../../api/hooks.ts';
import { formatBytes, formatDay, formatInstant, formatNumber, shortHash } from '../../lib/format.ts';
import { notify } from '../../lib/notify.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Facts, Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { FileIcon } from '../evidence/FileIcon.tsx';
import { PendingNotice } from './BasisFields.tsx';
import { HitCaution, NoTraces } from './Cautions.tsx';
import { FindingsTable } from './FindingsTable.tsx';
import { SummaryButton } from './SummaryButton.tsx';
import { StixExport } from './StixExport.tsx';
import { ImportPanel } from './ImportPanel.tsx';
import { isHit, OUTCOME_TONES } from './tones.ts';
import { useExaminationName } from './use-examination-name.ts';

/** One examination: how it was done, with what it was compared, what came out and what that means. */
export function ExaminationPage(): JSX.Element {
  const { t } = useTranslation(['surveillance', 'imports', 'ui']);
  const { term } = useTerms();
  const nameOf = useExaminationName();
  const words = useErrorText();
  const navigate = useNavigate();
  const { examinationId } = useParams({ strict: false }) as { examinationId: ExaminationId };
  const query = useQuery('examinations.get', { id: examinationId });
  const match = useTask('examinations.match');
  const rematch = useTask('findings.rematch');
  const [sharing, setSharing] = useState(false);
  const one = query.data;
  if (!one)
    return query.error ? (
      <Notice tone="danger">{words(query.error)}</Notice>
    ) : (
      <Loader role="status" aria-label={t('ui:loading')} />
    );
  const pending = one.basis === 'pending';
  const { unread } = one;
  // What was deleted because it was not of this device.
  const foreign = new Set(one.runs.filter((run) => run.withdrawn).map((run) => run.evidenceId));
  const comparedText = (records: number, findings: number): string =>
    t('match.done', {
      records: t('match.records', { count: records, number: formatNumber(records) }),
      ...{ count: findings, number: formatNumber(findings) },
    });
  const compare = async (): Promise<void> => {
    match.reset();
    try {
      const again = await rematch.mutateAsync({ examinationId: one.id });
      notify(comparedText(again.records, again.findings.newSinceTool));
    } catch (thrown) {
      // Files that were no import, such as a laboratory's list, are compared line by line.
      if (codeOf(thrown).code !== 'import.notAnImport') return;
      rematch.reset();
      const done = await match.mutateAsync({ id: one.id }).catch(() => null);
      if (done) notify(comparedText(done.records, done.findings));
    }
  };
  const refused = match.error ?? rematch.error;
  const told = (label: string, value: string): readonly [string, JSX.Element] | null =>
    value === ''
      ? null
      : [
          label,
          <span key={label} className="rg-private">
            {value}
          </span>,
        ];
  return (
    <>
      <PageHeader
        crumbs={
          <>
            <Link to="/surveillance">{t('list')}</Link> ›{' '}
            <Link to="/surveillance/devices/$deviceId" params={{ deviceId: one.deviceId }}>
              {one.device}
            </Link>
          </>
        }
        title={nameOf(one)}
        tags={
          <>
            <StatusTag tone={OUTCOME_TONES[one.outcome]}>{t(`outcome.${one.outcome}`)}</StatusTag>
            <StatusTag tone={pending ? 'due' : 'primary'}>
              {one.basisDay === null
                ? term('examinationBasis', one.basis)
                : t('basis.since', {
                    basis: term('examinationBasis', one.basis),
                    day: formatDay(one.basisDay),
                  })}
            </StatusTag>
            {one.counts.confirmed > 0 && (
              <StatusTag tone="danger">{t('confirmedCount', { count: one.counts.confirmed })}</StatusTag>
            )}
          </>
        }
        actions={
          <>
            <Button
              leftSection={<Pencil size={17} />}
              onClick={() =>
                void navigate({
                  to: '/surveillance/examinations/$examinationId/edit',
                  params: { examinationId },
                })
              }
            >
              {t('examination.complete')}
            </Button>
            <Button
              leftSection={<Share2 size={17} />}
              disabled={pending || one.counts.total === 0}
              onClick={() => setSharing(true)}
            >
              {t('stix.button')}
            </Button>
            <SummaryButton caseId={one.caseId} pending={pending} />
            <Button
              variant="filled"
              leftSection={<RefreshCw size={17} />}
              disabled={pending}
              loading={match.isPending || rematch.isPending}
              onClick={() => void compare()}
            >
              {t('match.button')}
            </Button>
          </>
        }
      />
      {refused !== null && <Notice tone="danger">{words(refused)}</Notice>}
      <Tabs
        defaultValue={one.counts.total === 0 && one.runs.length === 0 ? 'import' : 'findings'}
        keepMounted={false}
        color="teal.8"
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="findings">
            {t('tabCount', { tab: t('tab.findings'), number: one.counts.total })}
          </Tabs.Tab>
          <Tabs.Tab value="import">{t('tab.import')}</Tabs.Tab>
          <Tabs.Tab value="about">{t('examination.about')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="findings">
          {pending ? (
            <PendingNotice />
          ) : (
            <Stack>
              {unread > 0 && (
                <Notice tone="due" title={t('imports:unread', { count: unread })}>
                  {t('unreadText')}
                </Notice>
              )}
              {one.counts.total === 0 ? (
                <NoTraces checked={one.outcome === 'noSignsSoFar'} withdrawn={foreign.size > 0} />
              ) : (
                <FindingsTable examinationId={examinationId} />
              )}
            </Stack>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="import">
          <Columns
            main={
              <>
                {pending && <PendingNotice />}
                <ImportPanel examinationId={one.id} pending={pending} first={one.runs.length === 0} />
              </>
            }
            side={
              <Panel title={t('meaning.title')} Icon={FileText}>
                <p className="rg-muted">{t('meaning.text')}</p>
              </Panel>
            }
          />
        </Tabs.Panel>
        <Tabs.Panel value="about">
          <Columns
            main={
              <>
                <Panel title={t('examination.about')} Icon={FileText}>
                  <Facts
                    items={[
                      [t('examination.method'), term('examinationMethod', one.method)],
                      told(t('examination.tool'), [one.tool, one.toolVersion].join(' ').trim()),
                      told(t('examination.examiner'), one.examiner),
                      told(t('examination.organisation'), one.organisation),
                      one.startedAt === null
                        ? null
                        : [t('examination.startedAt'), formatInstant(one.startedAt)],
                      one.endedAt === null ? null : [t('examination.endedAt'), formatInstant(one.endedAt)],
                      [t('basis.title'), term('examinationBasis', one.basis)],
                      told(t('basis.who'), one.basisPerson),
                      told(t('basis.wordsShort'), one.basisWords),
                      told(t('examination.limits'), one.limits),
                      told(t('device.note'), one.note),
                    ]}
                  />
                </Panel>
                <Panel title={t('examination.evidence')} Icon={FileText} extra={one.evidence.length} flush>
                  <Rows>
                    {one.evidence.map((file) => (
                      <Row
                        key={`${file.role}${file.evidenceId}`}
                        lead={<FileIcon mime={file.mime} />}
                        title={
                          <Link to="/evidence" search={{ open: file.evidenceId }}>
                            <span className="rg-private">{file.title}</span>
                          </Link>
                        }
                        note={
                          <>
                            {term('forensicEvidenceRole', file.role)} · {formatBytes(file.sizeBytes)} ·{' '}
                            <span className="rg-mono">{shortHash(file.sha256)}</span>
                            {foreign.has(file.evidenceId) && ` · ${t('runs.notOfDevice')}`}
                          </>
                        }
                      />
                    ))}
                  </Rows>
                </Panel>
                <Panel title={t('runs.title')} Icon={History} extra={one.runs.length} flush>
                  {one.runs.length === 0 && (
                    <p className="rg-muted" style={{ padding: 14 }}>
                      {t('runs.none')}
                    </p>
                  )}
                  <Rows>
                    {one.runs.map((run) => (
                      <Row
                        key={run.id}
                        title={comparedText(run.records, run.findings)}
                        note={
                          <>
                            <span className="rg-private">{run.source}</span> ·{' '}
                            <span className="rg-private">{run.actor}</span>
                            {run.withdrawn && ` · ${t('runs.withdrawn')}`}
                            {run.newSinceTool > 0 &&
                              ` · ${t('runs.new', { count: run.newSinceTool })}`} ·{' '}
                            <span className="rg-mono">{shortHash(run.digest)}</span>
                          </>
                        }
                        end={<time dateTime={run.startedAt}>{formatInstant(run.startedAt)}</time>}
                      />
                    ))}
                  </Rows>
                </Panel>
              </>
            }
            side={
              <>
                {isHit(one.outcome) && <HitCaution />}
                <Panel title={t('examination.sets')} Icon={ListChecks} flush>
                  {one.sets.length === 0 && (
                    <p className="rg-muted" style={{ padding: 14 }}>
                      {t('examination.setsAll')}
                    </p>
                  )}
                  <Rows>
                    {one.sets.map((set) => (
                      <Row
                        key={set.setId}
                        title={set.name}
                        note={
                          <>
                            {t('sets.short', {
                              day: set.day === null ? t('sets.noDay') : formatDay(set.day),
                              number: formatNumber(set.indicators),
                              count: set.indicators,
                            })}{' '}
                            · <span className="rg-mono">{shortHash(set.sha256)}</span>
                          </>
                        }
                      />
                    ))}
                  </Rows>
                </Panel>
              </>
            }
          />
        </Tabs.Panel>
      </Tabs>
      <StixExport
        examinationId={one.id}
        opened={sharing}
        onClose={() => setSharing(false)}
        usable={one.counts.confirmed + one.counts.suspicious}
      />
    </>
  );
}
