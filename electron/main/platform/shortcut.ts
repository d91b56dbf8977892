import { app, globalShortcut } from 'electron';

/** Many desktops keep the first for themselves, and then registering fails or is silently lost. */
export const PANIC_KEYS = ['Control+Alt+L', 'Control+Shift+F12'] as const;

export interface PanicKey {
  /** The combination that works, or null. */
  readonly registered: string | null;
  /** Those that were tried and refused: another program or the desktop has them. */
  readonly refused: readonly string[];
}

/** Registers the panic key, the one that was chosen first. `off` registers none. */
export const registerLockShortcut = (lock: () => void, chosen: string | null = null): PanicKey => {
  globalShortcut.unregisterAll();
  if (chosen === 'off') return { registered: null, refused: [] };
  const refused: string[] = [];
  const order = [...PANIC_KEYS].sort((a, b) => Number(b === chosen) - Number(a === chosen));
  for (const accelerator of order) {
    try {
      if (globalShortcut.register(accelerator, lock) && globalShortcut.isRegistered(accelerator))
        return { registered: accelerator, refused };
    } catch {
      // Some platforms throw where others answer false; the next candidate is tried either way.
    }
    refused.push(accelerator);
  }
  return { registered: null, refused };
};

/** The combination goes back to the desktop when the application ends. */
export const releaseLockShortcut = (): void => {
  app.on('will-quit', () => globalShortcut.unregisterAll());
};
