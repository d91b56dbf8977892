import { Button, Group, Radio, Select, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Consent } from '#shared/contract/consents.ts';
import type { CaseId, PersonId } from '#shared/model/ids.ts';
import type { PartialDate } from '#shared/model/partial-date.ts';
import { CONSENT_FORMS, IMPEDIMENTS, RECIPIENT_CLASSES } from '#shared/model/vocabularies.ts';
import { useCommand } from '../../api/hooks.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { stopsAtDay } from '../../lib/stop-at-day.ts';
import { fromDraft, useDraftedState } from '../../lib/use-draft.ts';
import type { ReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DraftTag } from '../../ui/DraftTag.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Panel.tsx';
import { DayField } from '../../ui/DayField.tsx';
import { PartialDateField } from '../../ui/PartialDateField.tsx';
import { answerDraft } from './consent-drafts.ts';
import { ReachFields, type Reach } from './ReachFields.tsx';

/** The impediment stands first: in an emergency it is the likely answer, and it holds nothing up. */
const ANSWERS = ['impeded', 'given', 'refused'] as const;
type Answer = (typeof ANSWERS)[number];

interface State {
  readonly recipientClass: Consent['recipientClass'];
  readonly answer: Answer | null;
  readonly reason: (typeof IMPEDIMENTS)[number];
  readonly why: string;
  readonly since: PartialDate;
  readonly form: Consent['form'];
  readonly reach: Reach;
  readonly givenOn: PartialDate;
  readonly expiresDay: string;
  readonly condition: string;
}
const COLLECTIVE: readonly string[] = ['collective', 'community', 'organisation', 'family'];
const blank = (person: { minor: boolean; kind: string }): State => ({
  recipientClass: 'iachr',
  answer: null,
  reason: 'noSafeContact',
  why: '',
  since: { kind: 'unknown' },
  form: person.minor ? 'guardianAndOpinion' : COLLECTIVE.includes(person.kind) ? 'assemblyMinutes' : 'signed',
  reach: { toBody: true, toState: false, toPublic: false },
  givenOn: { kind: 'unknown' },
  expiresDay: '',
  condition: '',
});

export function ConsentForm(props: {
  caseId: CaseId;
  personId: PersonId;
  /** Shown on Hoy beside a draft of this form. */
  name: string;
  minor: boolean;
  kind: string;
  draft?: ReturnedDraft | null;
  onDone: () => void;
}): JSX.Element {
  const { t } = useTranslation(['people', 'ui']);
  const { term, options } = useTerms();
  const words = useErrorText();
  const record = useCommand('consents.record');
  const [begun] = useState(() => ({
    initial: fromDraft(props.draft?.payload, blank(props)),
    draftId: props.draft?.id,
  }));
  const { state, put, draft } = useDraftedState<State>(
    answerDraft(props.caseId, props.personId),
    begun,
    () => props.name,
  );
  const { recipientClass, answer, reason, why, since, form, reach, givenOn, expiresDay, condition } = state;
  const ready = answer !== null && (answer !== 'impeded' || why.trim() !== '');
  const save = async (): Promise<void> => {
    if (!ready || record.isPending) return;
    if (answer === 'given' && stopsAtDay([expiresDay])) return;
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
    if (!done) return;
    await draft.discard().catch(() => undefined);
    props.onDone();
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
        onChange={(value) => value !== null && put({ recipientClass: value as Consent['recipientClass'] })}
      />
      <Radio.Group
        label={t('whatAnswer')}
        value={answer ?? ''}
        onChange={(value) => put({ answer: value as Answer })}
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
            onChange={(value) => value !== null && put({ reason: value as typeof reason })}
          />
          <TextInput
            label={t('impedimentWords')}
            required
            value={why}
            onChange={(event) => put({ why: event.currentTarget.value })}
          />
          <PartialDateField label={t('since')} value={since} onChange={(next) => put({ since: next })} />
        </>
      )}
      {(answer === 'given' || answer === 'impeded') && (
        <ReachFields
          title={answer === 'given' ? t('reachTitle') : t('reachPresumed')}
          value={reach}
          onChange={(next) => put({ reach: next })}
        />
      )}
      {answer === 'given' && (
        <>
          <Select
            label={t('how')}
            allowDeselect={false}
            data={options('consentForm', CONSENT_FORMS)}
            value={form}
            onChange={(value) => value !== null && put({ form: value as Consent['form'] })}
          />
          <PartialDateField
            label={t('whenGiven')}
            value={givenOn}
            onChange={(next) => put({ givenOn: next })}
          />
          <DayField
            label={t('untilWhen')}
            ahead
            overMeans={t('pastMeans')}
            value={expiresDay}
            onChange={(day) => put({ expiresDay: day })}
          />
          <TextInput
            label={t('condition')}
            value={condition}
            onChange={(event) => put({ condition: event.currentTarget.value })}
          />
        </>
      )}
      <Group>
        <Button variant="filled" disabled={!ready} loading={record.isPending} onClick={() => void save()}>
          {t('saveConsent')}
        </Button>
        <Button onClick={props.onDone}>{t('ui:cancel')}</Button>
        <DraftTag state={draft.state} />
      </Group>
    </Stack>
  );
}
