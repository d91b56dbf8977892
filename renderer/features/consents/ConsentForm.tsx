import { Button, Group, Radio, Select, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Consent } from '#shared/contract/consents.ts';
import type { CaseId, PersonId } from '#shared/model/ids.ts';
import type { PartialDate } from '#shared/model/partial-date.ts';
import { CONSENT_FORMS, IMPEDIMENTS, RECIPIENT_CLASSES } from '#shared/model/vocabularies.ts';
import { useCommand } from '../../api/hooks.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Panel.tsx';
import { PartialDateField } from '../../ui/PartialDateField.tsx';
import { ReachFields } from './ReachFields.tsx';

/** The impediment stands first: in an emergency it is the likely answer, and it holds nothing up. */
const ANSWERS = ['impeded', 'given', 'refused'] as const;
type Answer = (typeof ANSWERS)[number];

export function ConsentForm(props: {
  caseId: CaseId;
  personId: PersonId;
  minor: boolean;
  kind: string;
  onDone: () => void;
}): JSX.Element {
  const { t } = useTranslation(['people', 'ui']);
  const { term, options } = useTerms();
  const words = useErrorText();
  const record = useCommand('consents.record');
  const collective = ['collective', 'community', 'organisation', 'family'].includes(props.kind);
  const [recipientClass, setRecipient] = useState<Consent['recipientClass']>('iachr');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [reason, setReason] = useState<(typeof IMPEDIMENTS)[number]>('noSafeContact');
  const [why, setWhy] = useState('');
  const [since, setSince] = useState<PartialDate>({ kind: 'unknown' });
  const [form, setForm] = useState<Consent['form']>(
    props.minor ? 'guardianAndOpinion' : collective ? 'assemblyMinutes' : 'signed',
  );
  const [reach, setReach] = useState({ toBody: true, toState: false, toPublic: false });
  const [givenOn, setGivenOn] = useState<PartialDate>({ kind: 'unknown' });
  const [expiresDay, setExpires] = useState('');
  const [condition, setCondition] = useState('');
  const ready = answer !== null && (answer !== 'impeded' || why.trim() !== '');
  const save = async (): Promise<void> => {
    if (!ready || record.isPending) return;
    const base = { caseId: props.caseId, personId: props.personId, recipientClass, answer };
    const done = await record
      .mutateAsync(
        answer === 'impeded'
          ? { ...base, ...reach, impediment: { reason, words: why.trim(), since } }
          : answer === 'given'
            ? {
                ...base,
                ...reach,
                form,
                givenOn,
                condition,
                expiresDay: expiresDay === '' ? null : expiresDay,
              }
            : { ...base, toBody: false, toState: false, toPublic: false, givenOn, condition },
      )
      .catch(() => null);
    if (done) props.onDone();
  };
  useSaveShortcut(() => void save());
  return (
    <Stack>
      {record.error !== null && <Notice tone="danger">{words(record.error)}</Notice>}
      <Select
        label={t('forWhom')}
        allowDeselect={false}
        data={options('recipient', RECIPIENT_CLASSES)}
        value={recipientClass}
        onChange={(value) => value !== null && setRecipient(value as Consent['recipientClass'])}
      />
      <Radio.Group
        label={t('whatAnswer')}
        value={answer ?? ''}
        onChange={(value) => setAnswer(value as Answer)}
      >
        <Stack>
          {ANSWERS.map((value) => (
            <Radio
              key={value}
              value={value}
              label={term('consent', value)}
              description={t(`answerHelp.${value}`)}
              color="teal.8"
            />
          ))}
        </Stack>
      </Radio.Group>
      {answer === 'impeded' && (
        <>
          <Select
            label={t('impediment')}
            allowDeselect={false}
            data={options('impediment', IMPEDIMENTS)}
            value={reason}
            onChange={(value) => value !== null && setReason(value as typeof reason)}
          />
          <TextInput
            label={t('impedimentWords')}
            required
            value={why}
            onChange={(event) => setWhy(event.currentTarget.value)}
          />
          <PartialDateField label={t('since')} value={since} onChange={setSince} />
        </>
      )}
      {(answer === 'given' || answer === 'impeded') && (
        <ReachFields
          title={answer === 'given' ? t('reachTitle') : t('reachPresumed')}
          value={reach}
          onChange={setReach}
        />
      )}
      {answer === 'given' && (
        <>
          <Select
            label={t('how')}
            allowDeselect={false}
            data={options('consentForm', CONSENT_FORMS)}
            value={form}
            onChange={(value) => value !== null && setForm(value as Consent['form'])}
          />
          <PartialDateField label={t('whenGiven')} value={givenOn} onChange={setGivenOn} />
          <TextInput
            type="date"
            label={t('untilWhen')}
            value={expiresDay}
            onChange={(event) => setExpires(event.currentTarget.value)}
          />
          <TextInput
            label={t('condition')}
            value={condition}
            onChange={(event) => setCondition(event.currentTarget.value)}
          />
        </>
      )}
      <Group>
        <Button variant="filled" disabled={!ready} loading={record.isPending} onClick={() => void save()}>
          {t('saveConsent')}
        </Button>
        <Button onClick={props.onDone}>{t('ui:cancel')}</Button>
      </Group>
    </Stack>
  );
}
