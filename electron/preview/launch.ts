import type { EventEmitter } from 'node:events';

import type { Page } from 'playwright-core';

/**
 * How one launch of the application on an installed browser is set up. It is found by the number in the
 * query of the module's address, so that several launches in one test worker share nothing.
 */
export interface PreviewLaunch {
  /** Folder that holds `out/`. */
  readonly appFolder: string;
  readonly profileFolder: string;
  readonly executablePath: string;
  readonly headless: boolean;
  readonly version: string;
  /** `es-MX` by default: dates, inputs and spell-check of the browser itself. */
  readonly locale: string;
  /** Ends the program. Tests hand in their own, because main runs inside the test worker. */
  readonly exit: (code: number) => void;
  readonly test: TestPort | null;
}

/** One window as a test sees it. */
export interface TestWindow {
  readonly kind: 'main' | 'unlock';
  readonly page: Page;
  /** Process number of the window's renderer, or null where it could not be told. */
  readonly rendererPid: number | null;
  readonly closed: () => boolean;
}

/** What a test scripts, and what it can look at. Only a launch made by a test has one. */
export interface TestPort {
  /** Answers of the next dialogs, in order; an empty list cancels. A dialog without an answer fails the launch. */
  readonly dialogs: string[][];
  /** Combinations that another program holds already. */
  readonly takenShortcuts: Set<string>;
  /** Filled by the stand-in. */
  readonly windows: TestWindow[];
  readonly shortcuts: Map<string, () => void>;
  readonly refusedRequests: string[];
  readonly childPids: { readonly name: string; readonly pid: number }[];
  readonly problems: string[];
  clipboard: () => string;
  idleState: 'active' | 'idle' | 'locked';
  powerMonitor: EventEmitter | null;
  browserPid: number | null;
  /** Asks the application to quit, as the window manager would. */
  quit: () => void;
  /** What was printed, as the file that a printer would have got. */
  readonly printed: Uint8Array[];
  /** Text of the menu entry -> its action. */
  readonly menu: Map<string, () => void>;
}

export const createTestPort = (): TestPort => ({
  dialogs: [],
  takenShortcuts: new Set(),
  windows: [],
  shortcuts: new Map(),
  refusedRequests: [],
  childPids: [],
  problems: [],
  clipboard: () => '',
  idleState: 'active',
  powerMonitor: null,
  browserPid: null,
  quit: () => undefined,
  printed: [],
  menu: new Map(),
});

const KEY = Symbol.for('resguardo.preview.launches');
const launches = (): Map<string, PreviewLaunch> => {
  const holder = globalThis as { [KEY]?: Map<string, PreviewLaunch> };
  return (holder[KEY] ??= new Map());
};

/** Files a launch under a number; the module address `...?launch=<number>` belongs to it. */
export const registerLaunch = (launch: PreviewLaunch): string => {
  const number = String(launches().size + 1);
  launches().set(number, launch);
  return number;
};

export const launchOf = (moduleUrl: string): PreviewLaunch => {
  const launch = launches().get(new URL(moduleUrl).searchParams.get('launch') ?? '');
  if (launch === undefined) throw new Error('The stand-in for Electron runs only inside a preview launch.');
  return launch;
};
