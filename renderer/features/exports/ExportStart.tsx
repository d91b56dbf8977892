import { Button, Radio, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProfileId } from '#shared/contract/exports.ts';
import type { CaseId } from '#shared/model/ids.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { dayOrNone } from '../../lib/day-words.ts';
import { stopsAtDay } from '../../lib/stop-at-day.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DayField } from '../../ui/DayField.tsx';
import forms from '../../ui/forms.module.css';
import { FormSection } from '../../ui/FormSection.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Stack } from '../../ui/Panel.tsx';
import { StepBar } from './StepBar.tsx';

/** First step: what goes to whom, and why. */
export function ExportStart(): JSX.Element {
  const { t, i18n } = useTranslation('exports');
  const { term } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { caseId?: CaseId; profile?: ProfileId };
  const cases = useQuery('cases.list', { limit: 200 }).data?.rows ?? [];
  const profiles = useQuery('exports.profiles', {}).data?.profiles ?? [];
  const prepare = useCommand('exports.prepare');
  const [caseId, setCase] = useState<string | null>(search.caseId ?? null);
  const [profile, setProfile] = useState<ProfileId | null>(search.profile ?? null);
  const [recipient, setRecipient] = useState('');
  const [purpose, setPurpose] = useState('');
  const [language, setLanguage] = useState<'es' | 'en'>(i18n.language === 'en' ? 'en' : 'es');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const chosen = cases.find((row) => row.id === caseId);
  const ready = chosen !== undefined && profile !== null && recipient.trim() !== '';
  const begin = async (): Promise<void> => {
    if (!ready || prepare.isPending) return;
    if (stopsAtDay([from, to])) return;
    const made = await prepare
      .mutateAsync({
        caseId: chosen.id,
        profile,
        recipient: recipient.trim(),
        purpose: purpose.trim(),
        language,
        ...(from === '' ? {} : { fromDay: from }),
        ...(to === '' ? {} : { toDay: to }),
      })
      .catch(() => null);
    if (made) void navigate({ to: '/exports/$exportId', params: { exportId: made.id }, replace: true });
  };
  useSaveShortcut(() => void begin());
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void begin();
      }}
    >
      <PageHeader
        crumbs={chosen?.code}
        title={t('newTitle')}
        actions={<StepBar current="recipient" />}
        focus={false}
      />
      <div className={forms.page}>
        {prepare.error !== null && <Notice tone="danger">{words(prepare.error)}</Notice>}
        <div className={forms.sheet}>
          <FormSection title={t('toWhom')}>
            <Select
              label={t('case')}
              searchable
              required
              className="rg-private"
              data={cases.map((row) => ({ value: row.id as string, label: `${row.code} · ${row.title}` }))}
              value={caseId}
              onChange={setCase}
            />
            <Radio.Group
              label={t('profile')}
              value={profile ?? ''}
              onChange={(value) => {
                const found = profiles.find((one) => one.id === value);
                setProfile(found?.id ?? null);
              }}
            >
              <Stack>
                {profiles.map((one) => (
                  <Radio
                    key={one.id}
                    value={one.id}
                    color="teal.8"
                    label={term('profile', one.id)}
                    description={[
                      t('reaches', {
                        audiences: one.audiences.map((audience) => t(`audience.${audience}`)).join(', '),
                      }),
                      one.secondPerson ? t('needsSecond') : '',
                    ]
                      .filter((part) => part !== '')
                      .join(' · ')}
                  />
                ))}
              </Stack>
            </Radio.Group>
            <TextInput
              label={t('recipient')}
              description={t('recipientHelp')}
              required
              value={recipient}
              onChange={(event) => setRecipient(event.currentTarget.value)}
            />
            <TextInput
              label={t('purpose')}
              value={purpose}
              onChange={(event) => setPurpose(event.currentTarget.value)}
            />
          </FormSection>
          <FormSection
            title={t('span')}
            note={t('spanNote')}
            folded
            hold={dayOrNone(from) !== from || dayOrNone(to) !== to}
          >
            <div className={forms.two}>
              <DayField edge="from" label={t('from')} value={from} onChange={setFrom} />
              <DayField edge="to" label={t('to')} value={to} onChange={setTo} />
            </div>
            <SegmentedControl
              aria-label={t('language')}
              value={language}
              onChange={(value) => setLanguage(value as 'es' | 'en')}
              data={[
                { value: 'es', label: t('spanish') },
                { value: 'en', label: t('english') },
              ]}
            />
          </FormSection>
          <div className={forms.foot}>
            <Button type="submit" variant="filled" disabled={!ready} loading={prepare.isPending}>
              {t('begin')}
            </Button>
            <span className={forms.footNote}>{t('nothingLeaves')}</span>
          </div>
        </div>
      </div>
    </form>
  );
}
