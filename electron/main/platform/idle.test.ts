import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { LockTrigger } from '#shared/contract/bridge.ts';

import { LONGEST_CALL_MS, watchIdle } from './idle.ts';

const system = vi.hoisted(() => ({ state: 'active' }));
vi.mock('electron', () => ({ powerMonitor: { getSystemIdleState: () => system.state } }));

const MINUTE = 60_000;

const desk = (idleSeconds = 600) => {
  const clock = { wall: 1_780_000_000_000, machine: 5_000 };
  const locked: LockTrigger[] = [];
  const state = { open: true };
  const watch = watchIdle({
    idleSeconds: () => idleSeconds,
    isOpen: () => state.open,
    lock: (trigger) => locked.push(trigger),
    nowMs: () => clock.wall,
    monotonicMs: () => clock.machine,
  });
  watch.stop();
  /** Time goes by, and the watch looks at it as often as it does. */
  const pass = (ms: number): void => {
    for (let gone = 0; gone < ms; gone += 5_000) {
      clock.wall += 5_000;
      clock.machine += 5_000;
      watch.check();
      if (locked.length > 0) state.open = false;
    }
  };
  return { clock, locked, state, watch, pass };
};

describe('idling', () => {
  beforeEach(() => {
    system.state = 'active';
  });

  it('locks after the time without work, and work starts it anew', () => {
    const { locked, watch, pass } = desk();
    pass(9 * MINUTE);
    watch.activity();
    pass(9 * MINUTE);
    expect(locked).toEqual([]);
    pass(2 * MINUTE);
    expect(locked).toEqual(['idle']);
  });

  it('a clock set back keeps nothing open', () => {
    const { clock, locked, pass } = desk();
    clock.wall -= 24 * 60 * MINUTE;
    pass(11 * MINUTE);
    expect(locked).toEqual(['idle']);
  });

  it('a sleep that nobody told of is noticed on waking', () => {
    const { clock, locked, watch } = desk();
    clock.wall += 2 * MINUTE;
    watch.check();
    expect(locked).toEqual(['suspend']);
  });

  it('a locked session locks at the next look', () => {
    const { locked, pass } = desk();
    system.state = 'locked';
    pass(5_000);
    expect(locked).toEqual(['sessionLock']);
  });

  it('a call keeps it open for half an hour and ends by itself', () => {
    const { clock, locked, watch, pass } = desk();
    const until = watch.keepOpenUntil(clock.wall + 24 * 60 * MINUTE);
    expect(until).toBe(clock.wall + LONGEST_CALL_MS);
    pass(29 * MINUTE);
    expect(locked).toEqual([]);
    expect(watch.keptOpenUntilMs()).toBe(until);
    pass(2 * MINUTE);
    expect(locked).toEqual(['idle']);
    expect(watch.keptOpenUntilMs()).toBeNull();
  });

  it('a call is not made longer by setting the clock back', () => {
    const { clock, locked, watch, pass } = desk();
    watch.keepOpenUntil(clock.wall + 30 * MINUTE);
    clock.wall -= 120 * MINUTE;
    pass(31 * MINUTE);
    expect(locked).toEqual(['idle']);
  });

  it('a call does not stop a lock of the session, and does not outlive a lock', () => {
    const { clock, locked, state, watch, pass } = desk();
    watch.keepOpenUntil(clock.wall + 30 * MINUTE);
    system.state = 'locked';
    pass(5_000);
    expect(locked).toEqual(['sessionLock']);
    system.state = 'active';
    watch.check();
    state.open = true;
    expect(watch.keptOpenUntilMs()).toBeNull();
  });

  it('a closed vault is not locked again', () => {
    const { locked, state, pass } = desk();
    state.open = false;
    pass(20 * MINUTE);
    expect(locked).toEqual([]);
  });
});
