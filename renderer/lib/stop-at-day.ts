import { isUnreadDay } from './day-words.ts';

const STOPPED = 'rg:stopped-at-day';

/**
 * Whether a form must not be saved because of a value of its day fields. The field then says why and takes the
 * focus, wherever the words to save came from: a button, Enter or Ctrl+Enter while the field was being typed in.
 */
export function stopsAtDay(values: readonly string[]): boolean {
  const bad = values.filter(isUnreadDay);
  if (bad.length === 0) return false;
  const field = [...document.querySelectorAll<HTMLElement>('[data-day-trouble]')].find((one) =>
    bad.includes(one.dataset.dayTrouble ?? ''),
  );
  field?.focus();
  // After the focus, which takes the message of a field away.
  field?.dispatchEvent(new Event(STOPPED));
  return true;
}

/** Tells a day field that its form was stopped by it. Gives what ends the listening. */
export function onStopAtDay(field: HTMLElement, told: () => void): () => void {
  field.addEventListener(STOPPED, told);
  return () => field.removeEventListener(STOPPED, told);
}
