import { Button, Group, Select, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Consent } from '#shared/contract/consents.ts';
import { CONSENT_FORMS } from '#shared/model/vocabularies.ts';
import { useCommand } from '../../api/hooks.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { nowLocal } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Panel.tsx';
import { ReachFields, type Reach } from './ReachFields.tsx';

/** The impediment ended and she was asked: what she answered and how, as she said it and not as it was presumed. */
export function RatifyForm(props: { consent: Consent; onDone: () => void }): JSX.Element {
  const { consent } = props;
  const { t } = useTranslation(['people', 'ui']);
  const { options } = useTerms();
  const words = useErrorText();
  const ratify = useCommand('consents.ratify');
  const [day, setDay] = useState(nowLocal().slice(0, 10));
  const [form, setForm] = useState<Consent['form'] | null>(null);
  const [reach, setReach] = useState<Reach>({
    toBody: consent.toBody,
    toState: consent.toState,
    toPublic: consent.toPublic,
  });
  const ready = form !== null && day !== '';
  const save = async (): Promise<void> => {
    if (form === null || day === '' || ratify.isPending) return;
    const done = await ratify
      .mutateAsync({ id: consent.id, version: consent.version, day, form, ...reach })
      .catch(() => null);
    if (done) props.onDone();
  };
  useSaveShortcut(() => void save());
  return (
    <Stack>
      {ratify.error !== null && <Notice tone="danger">{words(ratify.error)}</Notice>}
      <p>{t('ratifyAsk', { name: consent.personName })}</p>
      <Select
        label={t('how')}
        required
        data={options('consentForm', CONSENT_FORMS)}
        value={form}
        onChange={(value) => setForm(value as Consent['form'] | null)}
      />
      <ReachFields title={t('reachTitle')} value={reach} onChange={setReach} />
      <TextInput
        type="date"
        label={t('whenGiven')}
        value={day}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
      <Group>
        <Button variant="filled" disabled={!ready} loading={ratify.isPending} onClick={() => void save()}>
          {t('ratify')}
        </Button>
        <Button onClick={props.onDone}>{t('ui:cancel')}</Button>
      </Group>
    </Stack>
  );
}

/** From now on nothing goes out on this answer. What already left cannot be called back, and the form says so. */
export function WithdrawForm(props: { consent: Consent; onDone: () => void }): JSX.Element {
  const { consent } = props;
  const { t } = useTranslation(['people', 'ui']);
  const words = useErrorText();
  const withdraw = useCommand('consents.withdraw');
  const [day, setDay] = useState(nowLocal().slice(0, 10));
  const [reason, setReason] = useState('');
  const save = async (): Promise<void> => {
    if (day === '' || withdraw.isPending) return;
    const done = await withdraw
      .mutateAsync({ id: consent.id, version: consent.version, day, reason })
      .catch(() => null);
    if (done) props.onDone();
  };
  useSaveShortcut(() => void save());
  return (
    <Stack>
      {withdraw.error !== null && <Notice tone="danger">{words(withdraw.error)}</Notice>}
      <Notice tone="due">{t('withdrawMeans')}</Notice>
      <TextInput
        type="date"
        label={t('withdrawnWhen')}
        value={day}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
      <TextInput
        label={t('withdrawReason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Group>
        <Button
          color="brick.8"
          variant="filled"
          disabled={day === ''}
          loading={withdraw.isPending}
          onClick={() => void save()}
        >
          {t('withdraw')}
        </Button>
        <Button onClick={props.onDone}>{t('ui:cancel')}</Button>
      </Group>
    </Stack>
  );
}
