import { app, globalShortcut } from 'electron';

/** Many desktops keep the first for themselves, and then registering fails or is silently lost. */
const CANDIDATES = ['Control+Alt+L', 'Control+Shift+F12'] as const;

/** Registers the panic key; gives the combination that works, or null. */
export const registerLockShortcut = (lock: () => void): string | null => {
  for (const accelerator of CANDIDATES) {
    try {
      if (globalShortcut.register(accelerator, lock) && globalShortcut.isRegistered(accelerator)) {
        app.on('will-quit', () => globalShortcut.unregisterAll());
        return accelerator;
      }
    } catch {
      // Some platforms throw where others answer false; the next candidate is tried either way.
    }
  }
  return null;
};
