import { Radio, Stack, TextInput } from '@mantine/core';
import { LockKeyhole } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';
import { EXAMINATION_BASES, type ExaminationBasis } from '#shared/model/surveillance.ts';
import { dayOrNone } from '../../lib/day-words.ts';
import { stopsAtDay } from '../../lib/stop-at-day.ts';
import { useTerms } from '../../lib/use-terms.ts';
import forms from '../../ui/forms.module.css';
import { DayField } from '../../ui/DayField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { WhoField, type WhoValue } from './fields.tsx';

export interface Basis {
  readonly basis: ExaminationBasis;
  readonly who: WhoValue;
  readonly words: string;
  readonly day: string;
}
export const blankBasis = (): Basis => ({
  basis: 'pending',
  who: { id: null, words: '' },
  words: '',
  day: '',
});

/** What the contract takes of a basis. A name in words goes before the words. */
export const basisInput = (value: Basis) => ({
  basis: value.basis,
  basisPersonId: value.who.id,
  basisWords: [value.who.words.trim(), value.words.trim()].filter((part) => part !== '').join(' · '),
  basisDay: dayOrNone(value.day) === '' ? null : value.day,
});

/** Whether the day of a basis stops its form; where no basis is stated yet, no day is asked for. */
export const basisStops = (value: Basis): boolean => value.basis !== 'pending' && stopsAtDay([value.day]);

/** What may be done while nobody has the right to say yes. */
export function PendingNotice(): JSX.Element {
  const { t } = useTranslation('surveillance');
  return (
    <Notice tone="due" title={t('pending.title')}>
      <p>{t('pending.may')}</p>
      <p>{t('pending.mayNot')}</p>
      <p>{t('pending.how')}</p>
    </Notice>
  );
}

/** On what ground a device is examined. */
export function BasisFields(props: {
  caseId: CaseId | null;
  value: Basis;
  onChange: (value: Basis) => void;
  missing?: boolean;
}): JSX.Element {
  const { t } = useTranslation('surveillance');
  const { term } = useTerms();
  const { value, onChange } = props;
  const put = (changes: Partial<Basis>): void => onChange({ ...value, ...changes });
  return (
    <>
      <Radio.Group
        label={t('basis.question')}
        value={value.basis}
        onChange={(basis) => put({ basis: basis as ExaminationBasis })}
      >
        <Stack gap={8}>
          {EXAMINATION_BASES.map((basis) => (
            <Radio
              key={basis}
              color="teal.8"
              value={basis}
              label={term('examinationBasis', basis)}
              description={t(`basis.help.${basis}`)}
              {...(basis === 'pending' ? { icon: LockKeyhole } : {})}
            />
          ))}
        </Stack>
      </Radio.Group>
      {value.basis === 'pending' ? (
        <PendingNotice />
      ) : (
        <>
          <div className={forms.two}>
            <WhoField
              label={t('basis.who')}
              caseId={props.caseId}
              value={value.who}
              onChange={(who) => put({ who })}
            />
            <DayField label={t('basis.day')} value={value.day} onChange={(day) => put({ day })} />
          </div>
          {value.basis !== 'owner' && (
            <TextInput
              label={t(`basis.words.${value.basis}`)}
              className="rg-private"
              required
              value={value.words}
              error={
                props.missing && value.words.trim() === '' && value.who.words.trim() === ''
                  ? t('basis.wordsMissing')
                  : undefined
              }
              onChange={(event) => put({ words: event.currentTarget.value })}
            />
          )}
        </>
      )}
    </>
  );
}
