import { powerMonitor } from 'electron';

import type { LockTrigger } from '#shared/contract/bridge.ts';

/** Suspend (a closed lid is one), shutdown, and session lock where the platform tells (Windows, macOS). */
export const watchPower = (lock: (trigger: LockTrigger) => void): void => {
  powerMonitor.on('suspend', () => lock('suspend'));
  powerMonitor.on('lock-screen', () => lock('sessionLock'));
  powerMonitor.on('shutdown', () => lock('quit'));
};
