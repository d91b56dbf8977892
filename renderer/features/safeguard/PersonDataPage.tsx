import { Button, Loader, SegmentedControl, TextInput } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { BookOpenText, Gavel, Mails } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonId, TargetId } from '#shared/model/ids.ts';
import { host } from '../../api/bridge.ts';
import { useCommand, useQuery, useTask } from '../../api/hooks.ts';
import { localDay } from '../../lib/format.ts';
import { notify } from '../../lib/notify.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Panel, Stack } from '../../ui/Panel.tsx';
import { ErasePanel } from './ErasePanel.tsx';
import { RequestPanel } from './RequestPanel.tsx';
import css from './safeguard.module.css';

/** «What do you have about me?»: her own sheet, what she may ask for, and what each of it does. */
export function PersonDataPage(): JSX.Element {
  const { t, i18n } = useTranslation(['safeguard', 'ui']);
  const words = useErrorText();
  const { personId } = useParams({ strict: false }) as { personId: PersonId };
  const [language, setLanguage] = useState<'es' | 'en'>(i18n.language === 'en' ? 'en' : 'es');
  const session = useQuery('vault.status', {}).data;
  const keys = session?.actor?.powers.includes('keys') ?? false;
  const requests = useQuery('dataRequests.list', {}).data?.rows ?? [];
  const request = requests.find((one) => one.personId === personId && one.state !== 'closed');
  const restrict = useCommand('erasure.restrict');
  const withdraw = useCommand('erasure.withdraw');
  const release = useCommand('erasure.release');
  const letters = useTask('erasure.letters');
  const held = useQuery('erasure.held', {}, { enabled: keys }).data?.rows;
  const hold = held?.find((one) => one.personId === personId)?.hold ?? 'none';
  // After an erasure nothing is known of her: what was read before it must not go on standing here.
  const known = keys && held !== undefined && hold !== 'erased';
  const asked = useQuery('erasure.know', { personId, language }, { keep: true, enabled: known });
  const sheet = known ? asked : null;
  const [reason, setReason] = useState('');
  const [basis, setBasis] = useState('');
  const error = sheet?.error ?? restrict.error ?? withdraw.error ?? release.error ?? letters.error;
  const requestId = request?.id ?? null;
  const said = reason.trim();

  const writeLetters = async (): Promise<void> => {
    const target = await host().chooseTarget({ kind: 'folder', suggestedName: t('data.lettersFolder') });
    if (target === null) return;
    letters.mutate(
      {
        personId,
        requestId,
        target: target.id as TargetId,
        language,
        format: 'docx',
        letters: ['answer', 'recipients'],
      },
      { onSuccess: (done) => notify(t('data.lettersDone', { count: done.files.length })) },
    );
  };
  return (
    <>
      <PageHeader
        title={t('data.title')}
        crumbs={
          <Link to="/people/$personId" params={{ personId }}>
            {t('data.crumb')}
          </Link>
        }
        actions={
          <SegmentedControl
            aria-label={t('data.language')}
            value={language}
            data={[
              { value: 'es', label: 'Español' },
              { value: 'en', label: 'English' },
            ]}
            onChange={(value) => setLanguage(value as 'es' | 'en')}
          />
        }
      />
      {error !== null && <Notice tone="danger">{words(error)}</Notice>}
      <Columns
        even
        main={
          <>
            <RequestPanel personId={personId} request={request} />
            {sheet !== null && (
              <Panel title={t('data.sheet')} Icon={BookOpenText}>
                {!sheet.data && sheet.isPending && (
                  <Loader size="sm" role="status" aria-label={t('ui:loading')} />
                )}
                {sheet.data && (
                  <div className={css.sheet} tabIndex={0} role="region" aria-label={sheet.data.title}>
                    {sheet.data.sections.map((section) => (
                      <section key={section.heading}>
                        <h3>{section.heading}</h3>
                        <ul className="rg-private">
                          {section.lines.map((line, at) => (
                            <li key={at}>{line}</li>
                          ))}
                        </ul>
                      </section>
                    ))}
                  </div>
                )}
              </Panel>
            )}
          </>
        }
        side={
          <>
            <Panel title={t('data.options')} Icon={Gavel}>
              <Stack>
                {hold !== 'none' && <Notice tone="due">{t(`hold.${hold}`)}</Notice>}
                <TextInput
                  label={t('data.reason')}
                  description={t('data.reasonNote')}
                  value={reason}
                  autoComplete="off"
                  onChange={(event) => setReason(event.currentTarget.value)}
                />
                <TextInput
                  label={t('data.basis')}
                  value={basis}
                  autoComplete="off"
                  onChange={(event) => setBasis(event.currentTarget.value)}
                />
                <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
                  <Button
                    disabled={said === ''}
                    loading={withdraw.isPending}
                    onClick={() =>
                      withdraw.mutate(
                        { personId, day: localDay(new Date().toISOString()), reason: said },
                        { onSuccess: (done) => notify(t('data.withdrawn', { count: done.withdrawn })) },
                      )
                    }
                  >
                    {t('data.withdraw')}
                  </Button>
                  {keys && (
                    <Button
                      disabled={said === '' || basis.trim() === '' || hold !== 'none'}
                      loading={restrict.isPending}
                      onClick={() =>
                        restrict.mutate({ personId, requestId, reason: said, legalBasis: basis.trim() })
                      }
                    >
                      {t('data.restrict')}
                    </Button>
                  )}
                  {keys && (hold === 'restricted' || hold === 'blocked') && (
                    <Button
                      disabled={said === ''}
                      loading={release.isPending}
                      onClick={() => release.mutate({ personId, reason: said })}
                    >
                      {t('data.release')}
                    </Button>
                  )}
                </div>
                <p className="rg-small rg-muted">{t('data.optionsText')}</p>
              </Stack>
            </Panel>
            <Panel title={t('data.letters')} Icon={Mails}>
              <Stack>
                <p>{t('data.lettersText')}</p>
                <div>
                  <Button loading={letters.isPending} onClick={() => void writeLetters()}>
                    {t('data.lettersWrite')}
                  </Button>
                </div>
              </Stack>
            </Panel>
            {keys && (
              <ErasePanel
                personId={personId}
                requestId={requestId}
                hold={hold}
                language={language}
                reason={said}
                legalBasis={basis.trim()}
              />
            )}
          </>
        }
      />
    </>
  );
}
