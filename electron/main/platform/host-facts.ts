import type { HostFacts, LockTrigger } from '#shared/contract/bridge.ts';

import type { DeviceSettings } from './device-settings.ts';
import { PANIC_KEYS } from './shortcut.ts';
import type { PanicKey } from './shortcut.ts';

/** Captures are kept out wholly on Windows, partly on macOS (newer interfaces see the window), not on Linux. */
const PROTECTION: Readonly<Partial<Record<NodeJS.Platform, HostFacts['contentProtection']>>> = {
  win32: 'full',
  darwin: 'partial',
};

/** What locking and hiding can do here. A trigger counts as available where this system can deliver it at all. */
export const hostFacts = (state: {
  host: 'application' | 'preview';
  device: DeviceSettings;
  panicKey: PanicKey;
  power: { sessionLockHeard(): 'atOnce' | 'byAsking'; lidHeard(): boolean } | null;
  keepOpenUntilMs: number | null;
  clipboardHistory: HostFacts['clipboardHistory'];
  machineSecret: boolean;
  platform?: NodeJS.Platform;
}): HostFacts => {
  const { device, panicKey, power } = state;
  const platform = state.platform ?? process.platform;
  const tells = platform === 'win32' || platform === 'darwin' || platform === 'linux';
  const available: Readonly<Record<LockTrigger, boolean>> = {
    idle: true,
    suspend: tells,
    // Elsewhere the lid is a sleep, and counted there.
    lid: platform === 'linux' && (power?.lidHeard() ?? false),
    sessionLock: tells,
    shortcut: panicKey.registered !== null,
    command: true,
    quit: true,
  };
  return {
    host: state.host,
    lockShortcut: panicKey.registered,
    lockShortcutsRefused: panicKey.refused,
    lockShortcutChosen: device.lockShortcut,
    lockShortcuts: PANIC_KEYS,
    contentProtection: state.host === 'preview' ? 'none' : (PROTECTION[platform] ?? 'none'),
    contentProtectionOn: device.contentProtection,
    triggers: (Object.keys(available) as LockTrigger[]).map((trigger) => ({
      trigger,
      available: available[trigger],
      lastSeenMs: device.triggersSeen[trigger] ?? null,
    })),
    sessionLockHeard: power?.sessionLockHeard() ?? 'byAsking',
    clipboardClearSeconds: device.clipboardClearSeconds,
    clipboardHistory: state.clipboardHistory,
    keepOpenUntilMs: state.keepOpenUntilMs,
    machineSecret: state.machineSecret,
  };
};
