import { powerMonitor } from 'electron';

import type { LockTrigger } from '#shared/contract/bridge.ts';

import { SENDERS, watchSystemSignals } from './session-signals.ts';

/**
 * Suspend, shutdown, and session lock where Electron tells (Windows, macOS). On Linux the system's own signals
 * are listened to; there a lid can go down without a sleep, elsewhere a closed lid is a sleep.
 */
export const watchPower = (lock: (trigger: LockTrigger) => void) => {
  powerMonitor.on('suspend', () => lock('suspend'));
  powerMonitor.on('lock-screen', () => lock('sessionLock'));
  powerMonitor.on('shutdown', () => lock('quit'));
  const linux = process.platform === 'linux';
  const signals = linux
    ? watchSystemSignals({ onSignal: lock, sessionId: process.env['XDG_SESSION_ID'] })
    : null;
  return {
    /** Whether the system tells at once; where it does not, it is asked every few seconds. */
    sessionLockHeard: (): 'atOnce' | 'byAsking' =>
      signals === null || signals.hears(SENDERS[0]) ? 'atOnce' : 'byAsking',
    lidHeard: (): boolean => signals?.hears(SENDERS[1]) ?? false,
    stop: (): void => signals?.stop(),
  };
};
