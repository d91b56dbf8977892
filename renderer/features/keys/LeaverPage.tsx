import { Button, Loader, Select } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { Activity, FolderOpen, PackageCheck } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { formatInstant, formatNumber } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Facts, Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { ActivityList } from './ActivityList.tsx';
import { LeavingCertificate } from './LeavingCertificate.tsx';
import { OlderCopies } from './OlderCopies.tsx';

const DAYS = 90;

/** Somebody leaves: what is handed over, what was read and let out, what is collected, and the certificate. */
export function LeaverPage(): JSX.Element {
  const { t } = useTranslation(['keys', 'ui']);
  const words = useErrorText();
  const { slotId } = useParams({ strict: false }) as { slotId: string };
  const query = useQuery('leaving.of', { slotId, days: DAYS });
  const people = useQuery('access.people', {}).data?.rows ?? [];
  const review = useQuery('rotation.review', {});
  const reassign = useCommand('leaving.reassign');
  const [to, setTo] = useState<string | null>(null);
  const data = query.data;
  const error = query.error ?? reassign.error;
  return (
    <>
      <PageHeader
        title={t('leaver.title')}
        note={<span className="rg-private">{data?.name ?? ''}</span>}
        crumbs={<Link to="/keys">{t('title')} ›</Link>}
      />
      {error !== null && <Notice tone="danger">{words(error)}</Notice>}
      {!data && query.isPending && <Loader role="status" aria-label={t('ui:loading')} />}
      {data && (
        <Columns
          even
          main={
            <>
              <Notice tone={data.closedAt === null ? 'due' : 'verified'} title={t('leaver.state')}>
                {data.closedAt === null
                  ? t('leaver.stillOpen')
                  : t('leaver.closed', {
                      when: formatInstant(data.closedAt),
                      by: data.closedBy ?? '—',
                    })}
              </Notice>
              <Panel
                title={t('leaver.cases')}
                Icon={FolderOpen}
                extra={data.cases.length + data.drafts.length}
              >
                <Stack>
                  {data.cases.length + data.drafts.length === 0 ? (
                    <p className="rg-muted">{t('leaver.noCases')}</p>
                  ) : (
                    <>
                      <p>
                        {t('leaver.casesText', {
                          codes: data.cases.map((one) => one.code).join(', ') || '—',
                          drafts: data.drafts.length,
                        })}
                      </p>
                      <Select
                        label={t('leaver.to')}
                        value={to}
                        data={people
                          .filter((one) => one.slotId !== slotId)
                          .map((one) => ({ value: one.slotId, label: one.name }))}
                        onChange={setTo}
                      />
                      <div>
                        <Button
                          disabled={to === null}
                          loading={reassign.isPending}
                          onClick={() => {
                            if (to === null) return;
                            reassign.mutate(
                              { from: slotId, to, drafts: true },
                              { onSuccess: () => void query.refetch() },
                            );
                          }}
                        >
                          {t('leaver.reassign')}
                        </Button>
                      </div>
                    </>
                  )}
                </Stack>
              </Panel>
              <Panel title={t('leaver.read', { days: DAYS })} Icon={Activity}>
                <Facts
                  items={(['cases', 'persons', 'incidents', 'evidence', 'exports', 'changes'] as const).map(
                    (one) => [t(`leaver.count.${one}`), formatNumber(data.counts[one])] as const,
                  )}
                />
              </Panel>
              <ActivityList slotId={slotId} />
            </>
          }
          side={
            <>
              <Panel title={t('leaver.exports')} Icon={PackageCheck} extra={data.exports.length} flush>
                {data.exports.length === 0 ? (
                  <p className="rg-muted" style={{ padding: 'var(--rg-pad)' }}>
                    {t('leaver.noExports')}
                  </p>
                ) : (
                  <Rows>
                    {data.exports.map((one) => (
                      <Row
                        key={`${one.ledgerId}${one.role}`}
                        title={<span className="rg-private">{one.recipient}</span>}
                        note={`${one.caseCode} · ${t(`leaver.role.${one.role}`)}`}
                        end={formatInstant(one.at, false)}
                      />
                    ))}
                  </Rows>
                )}
              </Panel>
              <LeavingCertificate slotId={slotId} data={data} />
              {review.data && <OlderCopies copies={review.data.olderCopies} />}
            </>
          }
        />
      )}
    </>
  );
}
