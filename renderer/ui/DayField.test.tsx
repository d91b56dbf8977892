import { MantineProvider } from '@mantine/core';
import { act, useState, type JSX } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startLanguage } from '../i18n/index.ts';
import { stopsAtDay } from '../lib/stop-at-day.ts';
import { DayField } from './DayField.tsx';

let root: Root;
let saved: string[];

function Form({ begun, ahead }: { begun: string; ahead: boolean }): JSX.Element {
  const [day, setDay] = useState(begun);
  return (
    <form>
      <DayField label="Hasta" value={day} onChange={setDay} ahead={ahead} />
      <output>{day}</output>
      <button type="button" onClick={() => void (stopsAtDay([day]) || saved.push(day))} />
    </form>
  );
}
const open = (begun: string, ahead = false): void =>
  act(() =>
    root.render(
      <MantineProvider env="test">
        <Form begun={begun} ahead={ahead} />
      </MantineProvider>,
    ),
  );
const field = (): HTMLInputElement => document.querySelector('input') as HTMLInputElement;
const kept = (): string => document.querySelector('output')?.textContent ?? '';
const type = (words: string): void =>
  act(() => {
    field().focus();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field(), words);
    field().dispatchEvent(new Event('input', { bubbles: true }));
  });
const save = (): void =>
  act(() => {
    document.querySelector<HTMLElement>('form > button')?.click();
  });
const note = (): string => document.querySelector('.mantine-InputWrapper-description')?.textContent ?? '';
const message = (): string => document.querySelector('.mantine-InputWrapper-error')?.textContent ?? '';

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  window.matchMedia = vi.fn(() => ({
    matches: false,
    addEventListener() {},
    removeEventListener() {},
  })) as never;
  vi.useFakeTimers({ now: new Date('2026-11-22T15:00:00'), toFake: ['Date'] });
  startLanguage('es');
  saved = [];
  const place = document.createElement('div');
  document.body.replaceChildren(place);
  root = createRoot(place);
});
afterEach(() => {
  act(() => root.unmount());
  vi.useRealTimers();
});

describe('a field for a day', () => {
  it('keeps words that it does not understand, and stops the form while they stand there', () => {
    open('2026-12-24');
    type('cuando ella diga');
    expect(kept()).toBe('cuando ella diga');
    // The focus is still in the field: nothing was left, as with Ctrl+Enter.
    expect(message()).toBe('');
    save();
    expect(saved).toEqual([]);
    expect(message()).toBe('No se entiende como un día');
    expect(document.activeElement).toBe(field());
    type('24 dic 2026');
    save();
    expect(saved).toEqual(['2026-12-24']);
    type('');
    save();
    expect(saved).toEqual(['2026-12-24', '']);
  });

  it('shows the words again that a draft kept', () => {
    open('cuando ella diga');
    expect(field().value).toBe('cuando ella diga');
    expect(message()).toBe('No se entiende como un día');
  });

  it('takes the focus from elsewhere', () => {
    open('');
    type('el día del santo');
    act(() => field().blur());
    save();
    expect(document.activeElement).toBe(field());
    expect(message()).toBe('No se entiende como un día');
  });

  it('says of an end that it is past, and takes it: old papers have such', () => {
    open('', true);
    type('24 nov 25');
    expect(kept()).toBe('2025-11-24');
    expect(note()).toBe('');
    save();
    expect(saved).toEqual(['2025-11-24']);
    act(() => field().blur());
    expect(note()).toBe('Ese día ya pasó');
    expect(message()).toBe('');
    type('24 nov');
    save();
    act(() => field().blur());
    expect(saved).toEqual(['2025-11-24', '2026-11-24']);
    expect(note()).toBe('');
  });
});

const FORMS = Object.entries(
  import.meta.glob('../features/**/*.tsx', { query: '?raw', import: 'default', eager: true }),
);
/** Days of a form that nothing stops it at; a filter says with `dayOrNone` that it shows all meanwhile. */
const unguarded = (code: string): string[] =>
  [...code.matchAll(/<DayField[\s\S]*?value=\{([\w.]+)\}/gu)]
    .map(([, value = '']) => value)
    .filter(
      (value) =>
        !new RegExp(`stopsAtDay\\(\\[[^\\]]*\\b${value}\\b|dayOrNone\\(${value}\\) === ''`, 'u').test(code),
    );

describe('every form with a day', () => {
  it('asks whether the day stops it', () => {
    const found = FORMS.filter(([, code]) => code.includes('<DayField'));
    expect(found.length).toBeGreaterThan(6);
    for (const [path, code] of found) expect(unguarded(code), path).toEqual([]);
    for (const [path, code] of FORMS)
      if (code.includes('basisInput(')) expect(code, path).toContain('if (basisStops(');
    expect(unguarded('<DayField label="x" value={day} onChange={set} />')).toEqual(['day']);
  });
});
