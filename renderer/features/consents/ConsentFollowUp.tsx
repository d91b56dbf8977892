import { Button, Group, Select, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Consent } from '#shared/contract/consents.ts';
import { CONSENT_FORMS } from '#shared/model/vocabularies.ts';
import { useCommand } from '../../api/hooks.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { nowLocal } from '../../lib/format.ts';
import { stopsAtDay } from '../../lib/stop-at-day.ts';
import { draftBase, fromDraft, useDraftedState } from '../../lib/use-draft.ts';
import type { ReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DayField } from '../../ui/DayField.tsx';
import { DraftTag } from '../../ui/DraftTag.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Panel.tsx';
import { withdrawalDraft } from './consent-drafts.ts';
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
    if (form === null || day === '' || ratify.isPending || stopsAtDay([day])) return;
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
      <DayField label={t('whenGiven')} value={day} onChange={setDay} />
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
export function WithdrawForm(props: {
  consent: Consent;
  draft?: ReturnedDraft | null;
  onDone: () => void;
}): JSX.Element {
  const { consent } = props;
  const { t } = useTranslation(['people', 'ui']);
  const words = useErrorText();
  const withdraw = useCommand('consents.withdraw');
  const [begun] = useState(() => ({
    initial: fromDraft(props.draft?.payload, { day: nowLocal().slice(0, 10), reason: '' }),
    draftId: props.draft?.id,
    basedOn: draftBase(props.draft?.payload) ?? consent.version,
  }));
  const {
    state: { day, reason },
    put,
    draft,
  } = useDraftedState(withdrawalDraft(consent), begun, () => consent.personName);
  const save = async (): Promise<void> => {
    if (day === '' || withdraw.isPending || stopsAtDay([day])) return;
    const done = await withdraw
      .mutateAsync({ id: consent.id, version: begun.basedOn, day, reason })
      .catch(() => null);
    if (!done) return;
    await draft.discard().catch(() => undefined);
    props.onDone();
  };
  useSaveShortcut(() => void save());
  return (
    <Stack>
      {withdraw.error !== null && <Notice tone="danger">{words(withdraw.error)}</Notice>}
      <Notice tone="due">{t('withdrawMeans')}</Notice>
      <DayField label={t('withdrawnWhen')} value={day} onChange={(next) => put({ day: next })} />
      <TextInput
        label={t('withdrawReason')}
        value={reason}
        onChange={(event) => put({ reason: event.currentTarget.value })}
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
        <DraftTag state={draft.state} />
      </Group>
    </Stack>
  );
}
