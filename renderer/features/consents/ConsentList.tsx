import { Button, Group } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Consent } from '#shared/contract/consents.ts';
import type { CaseId, PersonId } from '#shared/model/ids.ts';
import { useQuery } from '../../api/hooks.ts';
import { isPastDay } from '../../lib/day-words.ts';
import { formatDay, formatPartialDate, nowLocal } from '../../lib/format.ts';
import type { ReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Row, Rows, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import type { Tone } from '../../ui/tones.ts';
import { answerDraft, isDraftOf } from './consent-drafts.ts';
import { RatifyForm, WithdrawForm } from './ConsentFollowUp.tsx';
import { ConsentForm } from './ConsentForm.tsx';

const TONES: Readonly<Record<Consent['answer'], Tone>> = {
  given: 'verified',
  impeded: 'due',
  refused: 'danger',
  withdrawn: 'danger',
};

/** It was given, and counts for nothing that goes out any more. */
const isOver = ({ answer, expiresDay }: Consent): boolean =>
  answer === 'given' && expiresDay !== null && isPastDay(expiresDay, nowLocal());

/** What a person answered, recipient by recipient; ratifying and withdrawing; and a new answer. */
export function ConsentList(props: {
  caseId: CaseId;
  personId: PersonId;
  name: string;
  minor: boolean;
  kind: string;
  /** What somebody came back for: a new answer or a withdrawal, half written. */
  draft?: ReturnedDraft | null;
}): JSX.Element {
  const { t } = useTranslation('people');
  const { term } = useTerms();
  const rows = useQuery('consents.list', { caseId: props.caseId, personId: props.personId }).data?.rows ?? [];
  const [left, setLeft] = useState(
    props.draft && isDraftOf(props.draft.form, props.caseId, props.personId) ? props.draft : null,
  );
  const [adding, setAdding] = useState(left?.form.startsWith('consent:') ?? false);
  const [following, setFollowing] = useState<{ step: 'ratify' | 'withdraw'; consent: Consent } | null>(null);
  const reach = (consent: Consent): string =>
    [consent.toBody && t('toBody'), consent.toState && t('toState'), consent.toPublic && t('toPublic')]
      .filter(Boolean)
      .join(', ');
  const note = (consent: Consent): string =>
    [
      reach(consent) === '' ? null : t('reaches', { reach: reach(consent) }),
      consent.impediment === null
        ? term('consentForm', consent.form)
        : `${term('impediment', consent.impediment.reason)}: ${consent.impediment.words}`,
      formatPartialDate(consent.impediment?.since ?? consent.givenOn),
      consent.expiresDay === null
        ? null
        : t(isOver(consent) ? 'expiredOn' : 'expires', { day: formatDay(consent.expiresDay) }),
      consent.condition === '' ? null : t('onCondition', { condition: consent.condition }),
      consent.ratifiedDay === null ? null : t('ratifiedOn', { day: formatDay(consent.ratifiedDay) }),
    ]
      .filter((part): part is string => part !== null)
      .join(' · ');
  const withdrawn = left === null ? undefined : rows.find((one) => left.form.endsWith(`:${one.id}`));
  if (following === null && withdrawn !== undefined && left !== null)
    return <WithdrawForm consent={withdrawn} draft={left} onDone={() => setLeft(null)} />;
  if (following !== null) {
    const Form = following.step === 'ratify' ? RatifyForm : WithdrawForm;
    return <Form consent={following.consent} onDone={() => setFollowing(null)} />;
  }
  if (adding)
    return (
      <ConsentForm
        {...props}
        draft={left?.form === answerDraft(props.caseId, props.personId) ? left : null}
        onDone={() => {
          setLeft(null);
          setAdding(false);
        }}
      />
    );
  return (
    <Stack>
      {rows.length === 0 && <p className="rg-muted">{t('noConsents')}</p>}
      <Rows>
        {rows.map((consent) => (
          <Row
            key={consent.id}
            title={
              <Group gap="xs">
                {term('recipient', consent.recipientClass)}
                <StatusTag tone={isOver(consent) ? 'due' : TONES[consent.answer]}>
                  {isOver(consent) ? t('ranOut') : term('consent', consent.answer)}
                </StatusTag>
              </Group>
            }
            note={note(consent)}
            end={
              <>
                {consent.toRatify && consent.ratifiedDay === null && consent.answer === 'impeded' && (
                  <Button onClick={() => setFollowing({ step: 'ratify', consent })}>{t('ratify')}</Button>
                )}
                {(consent.answer === 'given' || consent.answer === 'impeded') && (
                  <Button onClick={() => setFollowing({ step: 'withdraw', consent })}>{t('withdraw')}</Button>
                )}
              </>
            }
          />
        ))}
      </Rows>
      <Group>
        <Button variant="filled" onClick={() => setAdding(true)}>
          {t('recordConsent')}
        </Button>
      </Group>
    </Stack>
  );
}
