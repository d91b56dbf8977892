import { Modal } from '@mantine/core';
import fc from 'fast-check';
import { act, useState, type JSX } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closePage, openPage, press, settle } from '../testing/open-page.tsx';
import { DayField } from './DayField.tsx';
import { dayAfterKey } from './MonthGrid.tsx';

describe('a key in the calendar', () => {
  it.each([
    ['ArrowLeft', '2026-03-01', false, '2026-02-28'],
    ['ArrowRight', '2028-02-28', false, '2028-02-29'],
    ['ArrowUp', '2026-01-03', false, '2025-12-27'],
    ['ArrowDown', '2026-12-28', false, '2027-01-04'],
    // A week begins on Monday; the 22nd is a Sunday.
    ['Home', '2026-11-22', false, '2026-11-16'],
    ['Home', '2026-11-16', false, '2026-11-16'],
    ['End', '2026-11-16', false, '2026-11-22'],
    ['End', '2026-11-22', false, '2026-11-22'],
    // The same day of another month, or its last one.
    ['PageUp', '2026-03-31', false, '2026-02-28'],
    ['PageDown', '2026-01-31', false, '2026-02-28'],
    ['PageUp', '2028-02-29', true, '2027-02-28'],
    ['PageDown', '2026-11-22', true, '2027-11-22'],
    ['a', '2026-11-22', false, null],
    ['Enter', '2026-11-22', false, null],
  ])('%s from %s, with Shift %s, leads to %s', (key, day, shift, to) => {
    expect(dayAfterKey(key, day, shift)).toBe(to);
  });

  const days = fc
    .date({
      min: new Date('1900-01-01T00:00:00Z'),
      max: new Date('2199-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    .map((at) => at.toISOString().slice(0, 10));
  const keys = fc.constantFrom(
    'ArrowLeft',
    'ArrowRight',
    'ArrowUp',
    'ArrowDown',
    'Home',
    'End',
    'PageUp',
    'PageDown',
  );
  const away = (from: string, to: string): number => Math.abs(Date.parse(to) - Date.parse(from)) / 86_400_000;

  it('always leads to a real day, no further than it says', () => {
    fc.assert(
      fc.property(days, keys, fc.boolean(), (day, key, shift) => {
        const to = dayAfterKey(key, day, shift) ?? '';
        expect(new Date(`${to}T00:00:00Z`).toISOString().slice(0, 10)).toBe(to);
        const most = key.startsWith('Page')
          ? shift
            ? 366
            : 31
          : key.endsWith('Left') || key.endsWith('Right')
            ? 1
            : 7;
        expect(away(day, to)).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('comes back by the key against it', () => {
    const pairs = fc.constantFrom(['ArrowLeft', 'ArrowRight'], ['ArrowUp', 'ArrowDown']);
    fc.assert(
      fc.property(days, pairs, (day, [go = '', back = '']) => {
        expect(dayAfterKey(back, dayAfterKey(go, day, false) ?? '', false)).toBe(day);
      }),
    );
  });
});

let opened: boolean;
function Dialogue(): JSX.Element {
  const [day, setDay] = useState('2026-11-22');
  const [open, setOpen] = useState(true);
  opened = open;
  return (
    <Modal opened={open} onClose={() => setOpen(false)} title="Consentimiento">
      <DayField label="Vence" value={day} onChange={setDay} />
    </Modal>
  );
}
const calendar = (): HTMLElement | null => document.querySelector('[role="dialog"][aria-label*="Vence"]');
const escapeFrom = async (element: HTMLElement): Promise<void> => {
  act(() => {
    element.focus();
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
  });
  await settle();
};

describe('a calendar in a dialogue', () => {
  beforeEach(async () => {
    await openPage(Dialogue);
    await openCalendar();
  });
  afterEach(closePage);
  const openCalendar = async (): Promise<void> => {
    const button = document.querySelector<HTMLElement>('button[aria-haspopup="dialog"]');
    await press(button?.getAttribute('aria-label') ?? '');
    expect(calendar()).not.toBeNull();
  };

  it('is what Escape closes, from wherever in it the focus is', async () => {
    const count = calendar()?.querySelectorAll('button').length ?? 0;
    expect(count).toBeGreaterThan(30);
    // The first three and the last three: the buttons around the days, and a day on either side.
    for (const at of [0, 1, 2, count - 3, count - 2, count - 1]) {
      const button = calendar()?.querySelectorAll('button')[at] as HTMLButtonElement;
      await escapeFrom(button);
      expect([button.textContent, opened, calendar()]).toEqual([button.textContent, true, null]);
      await openCalendar();
    }
    await escapeFrom(calendar() as HTMLElement);
    expect([opened, calendar()]).toEqual([true, null]);
  });

  it('is left by Escape before the dialogue is', async () => {
    await escapeFrom(calendar()?.querySelector('[data-autofocus]') as HTMLElement);
    expect([opened, calendar()]).toEqual([true, null]);
    await escapeFrom(document.querySelector('input') as HTMLElement);
    expect(opened).toBe(false);
  });
});
