import { Select, TextInput } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '#shared/model/common.ts';
import css from './fields.module.css';

const EMPTIES = ['notAsked', 'declined', 'unknown'] as const;
type Empty = (typeof EMPTIES)[number];

/** Words of the person herself, or one of three empties that mean different things. */
export function AnswerField(props: {
  label: string;
  value: Answer;
  onChange: (value: Answer) => void;
}): JSX.Element {
  const { t } = useTranslation('ui');
  const said = props.value.kind === 'said' ? props.value.words : '';
  return (
    <div className={css.answer}>
      <TextInput
        label={props.label}
        className="rg-private"
        value={said}
        autoComplete="off"
        onChange={(event) => {
          const words = event.currentTarget.value;
          props.onChange(words === '' ? { kind: 'notAsked' } : { kind: 'said', words });
        }}
      />
      <Select
        aria-label={t('answer.label', { field: props.label })}
        allowDeselect={false}
        value={props.value.kind}
        data={[
          ...(said === '' ? [] : [{ value: 'said', label: t('answer.said') }]),
          ...EMPTIES.map((kind) => ({ value: kind, label: t(`answer.${kind}`) })),
        ]}
        onChange={(kind) => {
          if (kind !== null && kind !== 'said') props.onChange({ kind: kind as Empty });
        }}
      />
    </div>
  );
}
