import { ActionIcon, Popover, TextInput } from '@mantine/core';
import { CalendarDays } from 'lucide-react';
import { useEffect, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { dayFromWords, dayOrNone, isPastDay, isUnreadDay, type DayReading } from '../lib/day-words.ts';
import { formatDay, nowLocal } from '../lib/format.ts';
import { onStopAtDay } from '../lib/stop-at-day.ts';
import { MonthGrid } from './MonthGrid.tsx';
import css from './day-field.module.css';

const shownAs = (value: string): string => (value === '' || isUnreadDay(value) ? value : formatDay(value));

/**
 * One day, typed as it is told or picked from a calendar, in the language of the interface. The value is
 * `YYYY-MM-DD`, empty, or the words themselves while they are not understood: empty means "no day" to a form, so
 * words never become it, and a draft keeps them. Every form asks `stopsAtDay` before it saves. What was understood
 * replaces the words on leaving the field.
 */
export function DayField(
  props: DayReading & {
    label: string;
    /** In a row of filters: the label is only heard, `short` stands inside the field. */
    short?: string;
    description?: string;
    /** What a day that is over already means here, where that is more than that it is over. */
    overMeans?: string;
    value: string;
    onChange: (day: string) => void;
    required?: boolean;
    w?: number | string;
  },
): JSX.Element {
  const { t, i18n } = useTranslation('ui');
  const { value, onChange, edge, ahead } = props;
  const [words, setWords] = useState(shownAs(value));
  const [left, setLeft] = useState(true);
  const [open, setOpen] = useState(false);
  // A value that did not come from these words replaces them; so does another language, by its way of writing it.
  const own = useRef(value);
  const language = useRef(i18n.language);
  useEffect(() => {
    if (own.current === value && language.current === i18n.language) return;
    own.current = value;
    language.current = i18n.language;
    setWords(shownAs(value));
  }, [value, i18n.language]);
  const give = (day: string): void => {
    own.current = day;
    onChange(day);
  };
  const pick = (day: string): void => {
    setWords(shownAs(day));
    give(day);
    setOpen(false);
  };
  const unread = isUnreadDay(value);
  // An end that is over already is true of an old paper: it is said, and nothing stops at it.
  const over = ahead === true && isPastDay(value, nowLocal());
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => (input.current === null ? undefined : onStopAtDay(input.current, () => setLeft(true))), []);
  return (
    <TextInput
      {...(props.short === undefined ? { label: props.label } : { 'aria-label': props.label })}
      {...(props.short === undefined
        ? { placeholder: t('date.dayExample') }
        : {
            leftSection: <span className="rg-small rg-muted">{props.short}</span>,
            leftSectionWidth: 62,
          })}
      {...(over && left
        ? {
            description: <span className={css.over}>{props.overMeans ?? t('date.isPast')}</span>,
            inputWrapperOrder: ['label', 'input', 'description', 'error'],
          }
        : { description: props.description })}
      required={props.required ?? false}
      withAsterisk={props.required ?? false}
      w={props.w}
      autoComplete="off"
      value={words}
      ref={input}
      data-day-trouble={unread ? value : undefined}
      error={left && unread ? t('date.notADay') : undefined}
      onFocus={() => setLeft(false)}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        setWords(typed);
        const said = typed.trim();
        give(said === '' ? '' : (dayFromWords(said, nowLocal(), { edge, ahead }) ?? said));
      }}
      onBlur={() => {
        setLeft(true);
        setWords(shownAs(value));
      }}
      rightSection={
        <Popover
          opened={open}
          onChange={setOpen}
          position="bottom-start"
          shadow="md"
          trapFocus
          returnFocus
          withRoles={false}
        >
          <Popover.Target>
            <ActionIcon
              size="md"
              aria-label={t('date.pick', { field: props.label })}
              aria-haspopup="dialog"
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              <CalendarDays size={16} aria-hidden />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown
            className={css.sheet ?? ''}
            role="dialog"
            // It takes the focus where somebody presses beside a day.
            data-mantine-stop-propagation="true"
            aria-label={t('date.pick', { field: props.label })}
          >
            <MonthGrid
              value={dayOrNone(value)}
              onPick={pick}
              onClose={() => {
                setOpen(false);
              }}
            />
          </Popover.Dropdown>
        </Popover>
      }
    />
  );
}
