import { powerMonitor } from 'electron';

import type { LockTrigger } from '#shared/contract/bridge.ts';

const POLL_MS = 5_000;

/**
 * Locks after a while without work in our window, and when the session is seen to be locked (Linux tells
 * nobody, so it is asked). Work elsewhere on the computer does not count: the vault is what is left open.
 */
export const watchIdle = (options: {
  idleSeconds: () => number;
  isOpen: () => boolean;
  lock: (trigger: LockTrigger) => void;
  nowMs?: () => number;
}) => {
  const nowMs = options.nowMs ?? Date.now;
  let lastActivityMs = nowMs();
  let keepOpenUntilMs = 0;

  const check = (): void => {
    if (!options.isOpen()) return;
    if (powerMonitor.getSystemIdleState(1) === 'locked') return options.lock('sessionLock');
    const now = nowMs();
    if (now >= keepOpenUntilMs && now - lastActivityMs >= options.idleSeconds() * 1_000) options.lock('idle');
  };
  const timer = setInterval(check, POLL_MS);
  timer.unref();

  return {
    activity(): void {
      lastActivityMs = nowMs();
    },
    /** While someone is on the phone, reading is work too. Null ends it. */
    keepOpenUntil(untilMs: number | null): void {
      keepOpenUntilMs = untilMs ?? 0;
      lastActivityMs = nowMs();
    },
    check,
    stop: (): void => clearInterval(timer),
  };
};

export type IdleWatch = ReturnType<typeof watchIdle>;
