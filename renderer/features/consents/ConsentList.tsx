import { Button, Group } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Consent } from '#shared/contract/consents.ts';
import type { CaseId, PersonId } from '#shared/model/ids.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { formatDay, formatPartialDate, nowLocal } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Row, Rows, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import type { Tone } from '../../ui/tones.ts';
import { ConsentForm } from './ConsentForm.tsx';

const TONES: Readonly<Record<Consent['answer'], Tone>> = {
  given: 'verified',
  impeded: 'due',
  refused: 'danger',
  withdrawn: 'danger',
};

/** What a person answered, recipient by recipient; ratifying and withdrawing; and a new answer. */
export function ConsentList(props: {
  caseId: CaseId;
  personId: PersonId;
  minor: boolean;
  kind: string;
}): JSX.Element {
  const { t } = useTranslation('people');
  const { term } = useTerms();
  const words = useErrorText();
  const rows = useQuery('consents.list', { caseId: props.caseId, personId: props.personId }).data?.rows ?? [];
  const withdraw = useCommand('consents.withdraw');
  const ratify = useCommand('consents.ratify');
  const [adding, setAdding] = useState(false);
  const error = withdraw.error ?? ratify.error;
  const today = nowLocal().slice(0, 10);
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
      consent.expiresDay === null ? null : t('expires', { day: formatDay(consent.expiresDay) }),
      consent.condition === '' ? null : t('onCondition', { condition: consent.condition }),
      consent.ratifiedDay === null ? null : t('ratifiedOn', { day: formatDay(consent.ratifiedDay) }),
    ]
      .filter((part): part is string => part !== null)
      .join(' · ');
  if (adding) return <ConsentForm {...props} onDone={() => setAdding(false)} />;
  return (
    <Stack>
      {error !== null && <Notice tone="danger">{words(error)}</Notice>}
      {rows.length === 0 && <p className="rg-muted">{t('noConsents')}</p>}
      <Rows>
        {rows.map((consent) => (
          <Row
            key={consent.id}
            title={
              <Group gap="xs">
                {term('recipient', consent.recipientClass)}
                <StatusTag tone={TONES[consent.answer]}>{term('consent', consent.answer)}</StatusTag>
              </Group>
            }
            note={note(consent)}
            end={
              <>
                {consent.toRatify && (
                  <Button
                    loading={ratify.isPending}
                    onClick={() =>
                      ratify.mutate({
                        id: consent.id,
                        version: consent.version,
                        day: today,
                        toBody: true,
                        toState: consent.toState,
                        toPublic: consent.toPublic,
                        form: 'verbalWithWitness',
                      })
                    }
                  >
                    {t('ratify')}
                  </Button>
                )}
                {(consent.answer === 'given' || consent.answer === 'impeded') && (
                  <Button
                    loading={withdraw.isPending}
                    onClick={() =>
                      withdraw.mutate({ id: consent.id, version: consent.version, day: today, reason: '' })
                    }
                  >
                    {t('withdraw')}
                  </Button>
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
