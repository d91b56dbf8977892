import { TextInput } from '@mantine/core';
import { Calendar } from 'lucide-react';
import { useEffect, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { PartialDate } from '#shared/model/partial-date.ts';
import { parsePartialDate } from '#shared/rules/parse-partial-date.ts';
import { formatPartialDate, nowLocal } from '../lib/format.ts';
import css from './fields.module.css';

/** What the words mean; words that are not understood stay as told, without a day. */
export const dateFromWords = (words: string, now: string): PartialDate =>
  parsePartialDate(words, now) ?? {
    kind: 'unknown',
    ...(words.trim() === '' ? {} : { words: words.trim().slice(0, 300) }),
  };

/**
 * A date typed the way it is told. Below it stands how it was understood, before anything is saved; what
 * is not understood is kept in the person's words and never guessed at.
 */
export function PartialDateField(props: {
  label: string;
  value: PartialDate;
  onChange: (value: PartialDate) => void;
  required?: boolean;
  error?: string | undefined;
}): JSX.Element {
  const { t } = useTranslation('ui');
  const [words, setWords] = useState(
    props.value.words ?? (props.value.kind === 'unknown' ? '' : formatPartialDate(props.value)),
  );
  const { value, onChange } = props;
  // A value set from outside (a draft that was opened) replaces the words.
  const outside = useRef(value);
  useEffect(() => {
    if (outside.current !== value) {
      outside.current = value;
      setWords(value.words ?? (value.kind === 'unknown' ? '' : formatPartialDate(value)));
    }
  }, [value]);
  const understood = value.kind !== 'unknown';
  const explicit =
    value.kind === 'unknown' && words.trim() !== '' && parsePartialDate(words, nowLocal()) !== null;
  return (
    <div>
      <TextInput
        label={props.label}
        value={words}
        placeholder={t('date.example')}
        required={props.required ?? false}
        withAsterisk={props.required ?? false}
        autoComplete="off"
        error={props.error}
        onChange={(event) => {
          const typed = event.currentTarget.value;
          setWords(typed);
          const date = dateFromWords(typed, nowLocal());
          outside.current = date;
          onChange(date);
        }}
      />
      <div className={css.understood} data-known={understood} aria-live="polite">
        {words.trim() !== '' && (
          <>
            <Calendar size={15} aria-hidden />
            {understood ? formatPartialDate(value) : explicit ? t('date.unknown') : t('date.notUnderstood')}
          </>
        )}
      </div>
    </div>
  );
}
