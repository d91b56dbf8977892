import { Loader } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportId } from '#shared/model/ids.ts';
import { useQuery } from '../../api/hooks.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { AlteredPanel } from './AlteredPanel.tsx';
import { CheckStep, type Form } from './CheckStep.tsx';
import { ConsentStep } from './ConsentStep.tsx';
import { consentSettled, decided, openStep } from './open-step.ts';
import { RedactionStep } from './RedactionStep.tsx';
import { ReleaseStep } from './ReleaseStep.tsx';
import { profileTitle } from './profile-words.ts';
import { StepBar, type Step } from './StepBar.tsx';

export function ExportWorkspace(): JSX.Element {
  const { t, i18n } = useTranslation(['exports', 'ui']);
  const { term } = useTerms();
  const words = useErrorText();
  const { exportId } = useParams({ strict: false }) as { exportId: ExportId };
  const query = useQuery('exports.view', { id: exportId }, { keep: true });
  const profiles = useQuery('exports.profiles', {}).data?.profiles ?? [];
  const [chosen, setChosen] = useState<Step | null>(null);
  const [form, setForm] = useState<Form>('filing');
  const view = query.data;
  if (!view)
    return query.error ? (
      <Notice tone="danger">{words(query.error)}</Notice>
    ) : (
      <Loader role="status" aria-label={t('ui:loading')} />
    );
  const step = chosen ?? openStep(view);
  const profile = profiles.find((one) => one.id === view.profile);
  const done = (which: Step): boolean => {
    switch (which) {
      case 'recipient':
        return true;
      case 'consent':
        return consentSettled(view);
      case 'redaction':
        return decided(view);
      case 'check':
        return view.state === 'checked' || view.state === 'released';
      case 'release':
        return view.state === 'released';
    }
  };
  return (
    <>
      <PageHeader
        crumbs={
          <>
            <Link to="/cases/$caseId" params={{ caseId: view.caseId }} search={{ tab: 'exports' }}>
              {view.caseCode}
            </Link>{' '}
            › {t('one')}
          </>
        }
        title={t('titleTo', {
          title: profileTitle(view.profile, i18n.language),
          recipient: profile ? term('recipient', profile.recipientClass) : view.recipient,
        })}
        actions={<StepBar current={step} done={done} onStep={setChosen} />}
      />
      <AlteredPanel view={view} />
      {step === 'consent' && <ConsentStep view={view} onNext={() => setChosen('redaction')} />}
      {step === 'redaction' && <RedactionStep view={view} onNext={() => setChosen('check')} />}
      {step === 'check' && (
        <CheckStep view={view} form={form} onForm={setForm} onNext={() => setChosen('release')} />
      )}
      {step === 'release' && <ReleaseStep view={view} form={form} profile={profile} />}
    </>
  );
}
