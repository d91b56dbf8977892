import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import type { Page } from '@playwright/test';

export const PROJECT = resolve(import.meta.dirname, '..', '..', '..');

export type WindowKind = 'main' | 'unlock';

/** The application as a test drives it, whatever it runs on. */
export interface RunningApp {
  readonly host: 'preview' | 'electron';
  readonly profileFolder: string;
  /** Waits for the open window of this kind that shows its page; each attempt has a fresh unlock window. */
  window(kind: WindowKind): Promise<Page>;
  /** How many windows are open now. */
  windowCount(): number;
  /** Scripts the next dialogs, in order; an empty list cancels. */
  answerDialogs(...answers: string[][]): Promise<void>;
  /** Presses the panic key, as the operating system would report it. */
  pressLockShortcut(): Promise<void>;
  suspend(): Promise<void>;
  /** Process numbers of engine and parsers that were started, by service name. */
  childPids(): Promise<{ name: string; pid: number }[]>;
  rendererPid(kind: WindowKind): Promise<number | null>;
  /** Exit code once the application has ended. */
  readonly exited: Promise<number>;
  /** Errors that the host met; a test that expects none compares with []. */
  problems(): string[];
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** Folder that holds `out/`; the project's own by default. */
  readonly appFolder?: string;
  /** Kept between two launches of one test where it is given. */
  readonly profileFolder?: string;
  /** Vault named on the command line. */
  readonly vault?: string;
  readonly locale?: string;
  /** Key combinations that another program holds already (preview only; elsewhere they are the desktop's). */
  readonly takenShortcuts?: readonly string[];
}

export const builtFolder = (): string => resolve(PROJECT, process.env['RESGUARDO_OUT'] ?? 'out');
export const defaultAppFolder = (): string => dirname(builtFolder());

export const freshFolder = (name: string): string => mkdtempSync(join(tmpdir(), `resguardo-${name}-`));

export const version = (): string =>
  (JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { version: string }).version;

/** Path of Electron's binary where it has been fetched; asking the package itself would start a download. */
export const electronBinary = (): string | null => {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const note = join(folder, 'path.txt');
  if (!existsSync(note)) return null;
  const binary = join(folder, 'dist', readFileSync(note, 'utf8').trim());
  return existsSync(binary) ? binary : null;
};

export const chosenHost = (): 'preview' | 'electron' =>
  process.env['RESGUARDO_E2E_HOST'] === 'electron' ? 'electron' : 'preview';

export const waitFor = async <T>(
  look: () => T | null | undefined,
  what: string,
  timeoutMs = 20_000,
): Promise<T> => {
  const endMs = Date.now() + timeoutMs;
  for (;;) {
    const found = look();
    if (found !== null && found !== undefined) return found;
    if (Date.now() > endMs) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((next) => setTimeout(next, 25));
  }
};
