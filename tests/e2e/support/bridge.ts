import type { Page } from '@playwright/test';

import type { BridgeResult, HostBridge, UnlockBridge, VaultToken } from '../../../shared/contract/bridge.ts';

import type { RunningApp } from './host.ts';

/**
 * Driving the shell through its bridges, without the interface: for tests of what happens underneath. Flows
 * that a person takes go through page objects instead.
 */
interface Bridges {
  resguardo: HostBridge;
  resguardoUnlock: UnlockBridge;
}

export const PASSPHRASE = 'faro niebla cobre tejado luna';
/** The lowest cost that a header may have: tests derive often. */
const COST = { ops: 3, memoryBytes: 64 * 1024 * 1024 };

export const unlockCall = (page: Page, method: string, input: unknown): Promise<BridgeResult> =>
  page.evaluate(
    ([name, value]) => (globalThis as unknown as Bridges).resguardoUnlock.call(name as string, value),
    [method, input] as const,
  );

export const mainCall = (page: Page, method: string, input: unknown = {}): Promise<BridgeResult> =>
  page.evaluate(([name, value]) => (globalThis as unknown as Bridges).resguardo.call(name as string, value), [
    method,
    input,
  ] as const);

/** Makes a practice vault in `folder` and gives the main window. */
export const createVault = async (app: RunningApp, folder: string): Promise<Page> => {
  const page = await app.window('unlock');
  await app.answerDialogs([folder]);
  const token = await page.evaluate(() =>
    (globalThis as unknown as Bridges).resguardoUnlock.chooseVault('create'),
  );
  if (token === null) throw new Error('no folder was chosen');
  // The window goes as soon as the vault is open, so the answer may find nobody.
  await unlockCall(page, 'vault.create', {
    folder: token.id,
    use: 'practice',
    ownerName: 'Ixchel Robledo',
    passphrase: PASSPHRASE,
    cost: COST,
  }).catch(() => undefined);
  return app.window('main');
};

export const unlockContext = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as Bridges).resguardoUnlock.context());

/** One attempt with the vault that the unlock window offers. */
export const attempt = async (page: Page, passphrase: string): Promise<VaultToken | null> => {
  const { vault } = await unlockContext(page);
  await unlockCall(page, 'vault.unlock', { folder: vault?.id ?? '', passphrase }).catch(() => undefined);
  return vault;
};

/** The value of one call of the main window, through the application's own contract. Throws its error code. */
export const valueOf = async <T>(page: Page, method: string, input: unknown = {}): Promise<T> => {
  const result = await mainCall(page, method, input);
  if (!result.ok) throw new Error(`${method}: ${result.error.code}`);
  return result.value as T;
};
