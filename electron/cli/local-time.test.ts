import { afterEach, describe, expect, it, vi } from 'vitest';
import { dayHere, instantGiven, minuteHere } from './local-time.ts';

const EVENING = '2026-11-22T01:30:00.000Z';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('an instant told at a terminal', () => {
  it('is told by the clock on the wall there', () => {
    expect(minuteHere(EVENING, 'America/Mexico_City')).toBe('2026-11-21T19:30');
    expect(dayHere(EVENING, 'America/Mexico_City')).toBe('2026-11-21');
    expect(dayHere('2026-11-22T11:00:00.000Z', 'Pacific/Kiritimati')).toBe('2026-11-23');
  });

  it.each([
    ['America/Mexico_City', '2026-11-21T19:30'],
    ['Asia/Kathmandu', '2026-11-22T07:15'],
    ['UTC', '2026-11-22T01:30'],
    // An empty zone means UTC.
    ['', '2026-11-22T01:30'],
  ])('takes the zone of the computer: %s', (zone, minute) => {
    vi.stubEnv('TZ', zone);
    expect(minuteHere(EVENING)).toBe(minute);
    expect(dayHere(EVENING)).toBe(minute.slice(0, 10));
  });
});

describe('a moment given at a terminal', () => {
  it.each([
    ['2026-11-22T16:30', '2026-11-22T22:30:00.000Z'],
    ['2026-11-22T16:30:05', '2026-11-22T22:30:05.000Z'],
    ['2026-11-22T16:30-03:00', '2026-11-22T19:30:00.000Z'],
    ['2026-11-22T16:30:00Z', '2026-11-22T16:30:00.000Z'],
    ['2026-11-22T16:30:00.123Z', '2026-11-22T16:30:00.123Z'],
  ])('%s', (text, instant) => {
    vi.stubEnv('TZ', 'America/Mexico_City');
    expect(instantGiven('at', text)).toBe(instant);
  });

  it.each([
    '',
    'ayer',
    '2026-11-22',
    '2026-13-01T10:00',
    '2026-02-31T10:00',
    '22/11/2026 16:30',
    '2026-11-22T25:00',
  ])('not %j', (text) => {
    expect(() => instantGiven('at', text)).toThrow('usage.badInstant');
  });
});
