import { ActionIcon, Button } from '@mantine/core';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState, type JSX, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { addDays, mondayOf } from '#shared/rules/calendar-days.ts';
import { longDay, monthTitle, sameDayOf, weekdayNames, weeksOf } from '../lib/day-words.ts';
import { nowLocal } from '../lib/format.ts';
import css from './day-field.module.css';

/** Where a key leads from a day; null: it is no key of the calendar. */
export function dayAfterKey(key: string, day: string, shift: boolean): string | null {
  switch (key) {
    case 'ArrowLeft':
      return addDays(day, -1);
    case 'ArrowRight':
      return addDays(day, 1);
    case 'ArrowUp':
      return addDays(day, -7);
    case 'ArrowDown':
      return addDays(day, 7);
    case 'Home':
      return mondayOf(day);
    case 'End':
      return addDays(mondayOf(day), 6);
    case 'PageUp':
      return sameDayOf(day, shift ? -12 : -1);
    case 'PageDown':
      return sameDayOf(day, shift ? 12 : 1);
    default:
      return null;
  }
}

/** Escape closes the calendar; a dialogue that it stands in listens on the window and spares only marked elements. */
const OWN_ESCAPE = { 'data-mantine-stop-propagation': 'true' } as const;

/** A month to pick a day from: arrow keys by day and week, Page keys by month, with Shift by year. */
export function MonthGrid(props: {
  value: string;
  onPick: (day: string) => void;
  onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation('ui');
  const today = nowLocal().slice(0, 10);
  const [active, setActive] = useState(props.value === '' ? today : props.value);
  const grid = useRef<HTMLTableElement>(null);
  const month = active.slice(0, 7);
  const moved = useRef(true);
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    grid.current?.querySelector<HTMLElement>(`[data-day="${active}"]`)?.focus();
  }, [active]);
  const onEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    props.onClose();
  };
  const onKey = (event: KeyboardEvent): void => {
    const next = dayAfterKey(event.key, active, event.shiftKey);
    if (next === null) return;
    event.preventDefault();
    moved.current = true;
    setActive(next);
  };
  const turn = (months: number): void => setActive(sameDayOf(active, months));
  const long = weekdayNames('long');
  return (
    <div onKeyDown={onEscape}>
      <div className={css.head}>
        <ActionIcon {...OWN_ESCAPE} size="md" aria-label={t('date.previousMonth')} onClick={() => turn(-1)}>
          <ChevronLeft size={17} aria-hidden />
        </ActionIcon>
        <strong className={css.month} aria-live="polite">
          {monthTitle(month)}
        </strong>
        <ActionIcon {...OWN_ESCAPE} size="md" aria-label={t('date.nextMonth')} onClick={() => turn(1)}>
          <ChevronRight size={17} aria-hidden />
        </ActionIcon>
      </div>
      <table ref={grid} role="grid" className={css.grid} aria-label={monthTitle(month)} onKeyDown={onKey}>
        <thead>
          <tr>
            {weekdayNames('short').map((name, at) => (
              <th key={name} scope="col" abbr={long[at]}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day} role="gridcell" aria-selected={day === props.value}>
                  <button
                    type="button"
                    className={css.day}
                    data-day={day}
                    data-other={!day.startsWith(month)}
                    {...OWN_ESCAPE}
                    {...(day === active ? { 'data-autofocus': true } : {})}
                    tabIndex={day === active ? 0 : -1}
                    aria-label={longDay(day)}
                    {...(day === today ? { 'aria-current': 'date' as const } : {})}
                    onClick={() => props.onPick(day)}
                  >
                    {Number(day.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div className={css.head}>
        <Button {...OWN_ESCAPE} size="compact-sm" onClick={() => props.onPick(today)}>
          {t('date.today')}
        </Button>
        <Button
          {...OWN_ESCAPE}
          size="compact-sm"
          disabled={props.value === ''}
          onClick={() => props.onPick('')}
        >
          {t('date.none')}
        </Button>
      </div>
    </div>
  );
}
