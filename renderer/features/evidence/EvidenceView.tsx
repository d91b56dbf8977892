import { Button, Loader, Tabs } from '@mantine/core';
import { CircleCheck, Copy, ShieldCheck } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvidenceId } from '#shared/model/ids.ts';
import { host } from '../../api/bridge.ts';
import { useCommand, useQuery, useTask } from '../../api/hooks.ts';
import { formatBytes, formatInstant } from '../../lib/format.ts';
import { notify } from '../../lib/notify.ts';
import { errorWords, useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Facts } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { DeleteEvidence } from './DeleteEvidence.tsx';
import css from './evidence.module.css';
import { PictureView } from './PictureView.tsx';
import { SaveCopy } from './SaveCopy.tsx';

/** One piece of evidence: what it shows, what it says, what is known about it, and its custody. */
export function EvidenceView({ id }: { id: EvidenceId }): JSX.Element {
  const { t, i18n } = useTranslation(['evidence', 'common', 'ui']);
  const { term } = useTerms();
  const words = useErrorText();
  const query = useQuery('evidence.get', { id });
  const verify = useTask('evidence.verify');
  const amend = useCommand('evidence.amend');
  const item = query.data;
  if (!item)
    return query.error ? (
      <Notice tone="danger">{words(query.error)}</Notice>
    ) : (
      <Loader role="status" aria-label={t('ui:loading')} />
    );
  const drawn = item.mime.startsWith('image/') || item.mime === 'application/pdf';
  const gone = item.custody.some((entry) => entry.action === 'destroyed');
  const first = drawn ? 'picture' : item.text !== '' ? 'text' : 'about';
  return (
    <>
      <h2 className={`${css.title ?? ''} rg-private`}>{item.title}</h2>
      <div className={css.tools}>
        <StatusTag>{term('evidence', item.kind)}</StatusTag>
        <StatusTag>{formatBytes(item.sizeBytes)}</StatusTag>
        {item.hardToView && <StatusTag tone="due">{t('hard')}</StatusTag>}
        {item.restricted && <StatusTag tone="digital">{t('restricted')}</StatusTag>}
      </div>
      {!gone && (
        <div className={css.tools}>
          <Button
            size="compact-sm"
            leftSection={<ShieldCheck size={16} />}
            loading={verify.isPending}
            onClick={() => verify.mutate({ id })}
          >
            {t('verify')}
          </Button>
          <SaveCopy item={item} />
          <Button
            size="compact-sm"
            loading={amend.isPending}
            onClick={() =>
              amend.mutate({ id, version: item.version, changes: { hardToView: !item.hardToView } })
            }
          >
            {item.hardToView ? t('unmarkHard') : t('markHard')}
          </Button>
        </div>
      )}
      {(amend.error ?? verify.error) !== null && (
        <Notice tone="danger">{words(amend.error ?? verify.error)}</Notice>
      )}
      {verify.data &&
        (verify.data.ok ? (
          <Notice tone="verified">{t('intact')}</Notice>
        ) : (
          <Notice tone="danger">
            {errorWords(i18n.language, verify.data.code ?? 'evidence.objectDamaged')}
          </Notice>
        ))}
      {/^(?:audio|video)\//u.test(item.mime) && <Notice tone="neutral">{t('notPlayed')}</Notice>}
      <Tabs defaultValue={first} keepMounted={false} color="teal.8">
        <Tabs.List>
          {drawn && <Tabs.Tab value="picture">{t('tab.picture')}</Tabs.Tab>}
          {item.text !== '' && <Tabs.Tab value="text">{t('tab.text')}</Tabs.Tab>}
          <Tabs.Tab value="about">{t('tab.about')}</Tabs.Tab>
          <Tabs.Tab value="custody">{t('tab.custody')}</Tabs.Tab>
        </Tabs.List>
        {drawn && (
          <Tabs.Panel value="picture">
            <PictureView id={id} title={item.title} hard={item.hardToView} pages={item.pageCount ?? 1} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="text">
          <div
            className={`${css.text ?? ''} rg-private`}
            tabIndex={0}
            role="region"
            aria-label={t('tab.text')}
          >
            {item.text}
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="about" pt="sm">
          {item.derived === 'unsupported' || item.derived === 'refused' ? (
            <Notice tone={item.derived === 'refused' ? 'due' : 'neutral'}>
              {item.derivedReason === '' ? t('notShown') : errorWords(i18n.language, item.derivedReason)}
            </Notice>
          ) : null}
          <div style={{ marginTop: 10 }}>
            <Facts
              items={[
                [
                  t('hashLong'),
                  <span key="h" className="rg-mono">
                    {item.sha256}{' '}
                    <Button
                      size="compact-xs"
                      leftSection={<Copy size={13} />}
                      onClick={() =>
                        void host()
                          .copy(item.sha256)
                          .then(() => notify(t('common:copied')))
                      }
                    >
                      {t('copy')}
                    </Button>
                  </span>,
                ],
                [
                  t('originalName'),
                  <span key="o" className="rg-private">
                    {item.originalName}
                  </span>,
                ],
                [t('type'), item.mime],
                [t('received'), formatInstant(item.receivedAt)],
                [t('method'), term('method', item.method)],
                item.fromWords === ''
                  ? null
                  : [
                      t('from'),
                      <span key="f" className="rg-private">
                        {item.fromWords}
                      </span>,
                    ],
                item.note === ''
                  ? null
                  : [
                      t('note'),
                      <span key="n" className="rg-private">
                        {item.note}
                      </span>,
                    ],
              ]}
            />
          </div>
          {item.facts.length > 0 && (
            <details style={{ marginTop: 12 }}>
              <summary>{t('metadata', { count: item.facts.length })}</summary>
              <div className="rg-private" style={{ marginTop: 8 }}>
                <Facts items={item.facts.map((fact) => [fact.name, fact.value] as const)} />
              </div>
            </details>
          )}
          <div style={{ marginTop: 16 }}>
            <DeleteEvidence id={id} title={item.title} gone={gone} />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="custody" pt="sm">
          <ol className={css.custody}>
            {item.custody.map((entry, index) => (
              <li key={index}>
                <strong>{term('custody', entry.action)}</strong>{' '}
                {entry.action === 'verified' && <CircleCheck size={14} aria-hidden />}
                <div className="rg-small rg-muted">
                  {formatInstant(entry.at)} · <span className="rg-private">{entry.actor}</span>
                  {entry.detail !== '' && <span className="rg-private"> · {entry.detail}</span>}
                </div>
              </li>
            ))}
          </ol>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
