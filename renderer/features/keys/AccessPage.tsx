import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { BellRing, DoorOpen, Siren } from 'lucide-react';
import { useState, type FormEvent, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { formatInstant } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { ClockNotice } from './ClockNotice.tsx';

/** Cases that not everybody opens: who is on each list, the way in when it burns, and what was seen of it. */
export function AccessPage(): JSX.Element {
  const { t } = useTranslation('keys');
  const words = useErrorText();
  const session = useQuery('vault.status', {}).data;
  const keys = session?.actor?.powers.includes('keys') ?? false;
  // Nothing can be written then, so what would be noted is not offered.
  const lookOnly = session?.readOnlyBecause !== undefined;
  const list = useQuery('access.list', { offset: 0, limit: 200 }, { enabled: keys });
  const notices = useQuery('access.notices', {});
  const review = useCommand('access.reviewNotice');
  const error = list.error ?? notices.error ?? review.error;
  return (
    <>
      <PageHeader title={t('access.title')} crumbs={<Link to="/settings">{t('crumb')}</Link>} />
      {error !== null && <Notice tone="danger">{words(error)}</Notice>}
      <div style={{ marginBottom: 'var(--rg-gap)' }}>
        <ClockNotice may={keys} />
      </div>
      <Columns
        even
        main={
          <>
            <Panel title={t('access.notices')} Icon={BellRing} extra={notices.data?.rows.length} flush>
              {(notices.data?.rows.length ?? 0) === 0 ? (
                <EmptyState Icon={BellRing} title={t('access.noNotices')} text={t('access.noNoticesText')} />
              ) : (
                <Rows label={t('access.notices')}>
                  {notices.data?.rows.map((one) => (
                    <Row
                      key={one.id}
                      title={
                        <>
                          {t(`access.notice.${one.kind}`, { count: one.cases ?? 0 })}{' '}
                          <span className="rg-private">{one.who}</span>
                        </>
                      }
                      note={[
                        one.caseCode,
                        formatInstant(one.at),
                        one.reason === '' ? null : `«${one.reason}»`,
                      ]
                        .filter((part) => part !== null)
                        .join(' · ')}
                      end={
                        !lookOnly && (
                          <Button loading={review.isPending} onClick={() => review.mutate({ id: one.id })}>
                            {t('access.seen')}
                          </Button>
                        )
                      }
                    />
                  ))}
                </Rows>
              )}
            </Panel>
            {keys && (
              <Panel title={t('access.list')} Icon={DoorOpen} extra={list.data?.total} flush>
                {(list.data?.rows.length ?? 0) === 0 ? (
                  <EmptyState Icon={DoorOpen} title={t('access.nothing')} text={t('access.nothingText')} />
                ) : (
                  <Rows label={t('access.list')}>
                    {list.data?.rows.map((row) => (
                      <Row
                        key={row.caseId}
                        title={
                          row.visible ? (
                            <Link to="/cases/$caseId" params={{ caseId: row.caseId }}>
                              {row.code}
                            </Link>
                          ) : (
                            row.code
                          )
                        }
                        note={
                          <span className="rg-private">
                            {t('access.people', {
                              responsible: row.responsible,
                              people: row.people.join(', ') || t('nobody'),
                            })}
                          </span>
                        }
                        end={
                          <StatusTag tone={row.visibility === 'sealed' ? 'care' : 'due'}>
                            {t(`visibility.${row.visibility}`)}
                          </StatusTag>
                        }
                      />
                    ))}
                  </Rows>
                )}
              </Panel>
            )}
          </>
        }
        side={
          <Panel title={t('access.emergency')} Icon={Siren} tone="due">
            {lookOnly ? <p>{t('access.emergencyLookOnly')}</p> : <EmergencyForm />}
          </Panel>
        }
      />
    </>
  );
}

/** The way in when it burns: a case by its code or by somebody in it, with the reason that the others read. */
function EmergencyForm(): JSX.Element {
  const { t } = useTranslation('keys');
  const words = useErrorText();
  const emergency = useCommand('access.emergency');
  const [code, setCode] = useState('');
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    emergency.mutate({
      ...(code.trim() === '' ? {} : { code: code.trim() }),
      ...(name.trim() === '' ? {} : { personName: name.trim() }),
      reason: reason.trim(),
    });
  };
  const opened = emergency.data;
  return (
    <form onSubmit={submit}>
      <Stack>
        {emergency.error !== null && <Notice tone="danger">{words(emergency.error)}</Notice>}
        <p>{t('access.emergencyText')}</p>
        {opened && (
          <Notice tone="verified" title={t('access.opened', { count: opened.caseIds.length })}>
            {t('access.until', { when: formatInstant(opened.until) })}
            <ul style={{ margin: '4px 0 0', paddingInlineStart: 18 }}>
              {opened.caseIds.map((id) => (
                <li key={id}>
                  <Link to="/cases/$caseId" params={{ caseId: id }}>
                    {t('access.openCase')}
                  </Link>
                </li>
              ))}
            </ul>
          </Notice>
        )}
        <TextInput
          label={t('access.code')}
          value={code}
          autoComplete="off"
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <TextInput
          label={t('access.name')}
          className="rg-private"
          value={name}
          autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('access.reason')}
          description={t('access.reasonNote')}
          value={reason}
          autoComplete="off"
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div>
          <Button
            type="submit"
            variant="filled"
            loading={emergency.isPending}
            disabled={(code.trim() === '') === (name.trim() === '') || reason.trim().length < 10}
          >
            {t('access.open')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
