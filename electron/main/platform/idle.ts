import { powerMonitor } from 'electron';

import type { LockTrigger } from '#shared/contract/bridge.ts';

const POLL_MS = 5_000;
/** A wall clock that runs so much further than the machine's own was stopped: nobody told us of the sleep. */
const SLEPT_MS = 20_000;
/** However it is asked for, a call keeps the vault open this long and no longer. */
export const LONGEST_CALL_MS = 30 * 60_000;

/**
 * Locks after a while without work in our window, and when the session is seen to be locked (where the system
 * tells nobody, it is asked). Work elsewhere on the computer does not count: the vault is what is left open.
 * Idling is counted by the machine's clock, so that setting the time back keeps nothing open.
 */
export const watchIdle = (options: {
  idleSeconds: () => number;
  isOpen: () => boolean;
  lock: (trigger: LockTrigger) => void;
  nowMs?: () => number;
  monotonicMs?: () => number;
}) => {
  const nowMs = options.nowMs ?? Date.now;
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  let lastActivity = monotonicMs();
  let lastLook = { wall: nowMs(), machine: monotonicMs() };
  /** End of a call on either clock; whichever comes first ends it. */
  let call: { wall: number; machine: number } | null = null;

  const inCall = (): boolean => {
    if (call !== null && (nowMs() >= call.wall || monotonicMs() >= call.machine)) call = null;
    return call !== null;
  };
  const check = (): void => {
    const look = { wall: nowMs(), machine: monotonicMs() };
    const slept = look.wall - lastLook.wall - (look.machine - lastLook.machine);
    lastLook = look;
    if (!options.isOpen()) {
      call = null;
      return;
    }
    if (slept >= SLEPT_MS) return options.lock('suspend');
    if (powerMonitor.getSystemIdleState(1) === 'locked') return options.lock('sessionLock');
    if (!inCall() && look.machine - lastActivity >= options.idleSeconds() * 1_000) options.lock('idle');
  };
  const timer = setInterval(check, POLL_MS);
  timer.unref();

  return {
    activity(): void {
      lastActivity = monotonicMs();
    },
    /**
     * While someone is on the phone, reading is work too. At most half an hour from now; null ends it.
     * Gives the end in ms since epoch.
     */
    keepOpenUntil(untilMs: number | null): number | null {
      lastActivity = monotonicMs();
      const left = untilMs === null ? 0 : Math.min(untilMs - nowMs(), LONGEST_CALL_MS);
      call = left > 0 ? { wall: nowMs() + left, machine: monotonicMs() + left } : null;
      return call?.wall ?? null;
    },
    /** When the call ends, ms since epoch; null where there is none. */
    keptOpenUntilMs: (): number | null => (inCall() ? (call?.wall ?? null) : null),
    /** After a lock: the next session begins without the last one's call. */
    ended(): void {
      call = null;
    },
    check,
    stop: (): void => clearInterval(timer),
  };
};

export type IdleWatch = ReturnType<typeof watchIdle>;
