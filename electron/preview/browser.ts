import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, CDPSession } from 'playwright-core';

import type { PreviewLaunch } from './launch.ts';

/** Beside the switches that main sets for Electron itself: what only a browser made for the web does. */
const BROWSER_SWITCHES = [
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-default-apps',
  '--disable-extensions',
  '--metrics-recording-only',
  '--safebrowsing-disable-auto-update',
  '--disable-client-side-phishing-detection',
  '--dns-prefetch-disable',
  '--password-store=basic',
  '--use-mock-keychain',
  '--disable-field-trial-config',
  '--block-new-web-contents',
  '--disable-search-engine-choice-screen',
];

/** Permissions that a page could ask for; a prompt is a way out, so each is denied beforehand. */
const DENIED_PERMISSIONS = [
  'geolocation',
  'notifications',
  'midi',
  'clipboard-read',
  'camera',
  'microphone',
  'local-fonts',
  'idle-detection',
  'storage-access',
  'window-management',
  'persistent-storage',
] as const;

export type Switches = ReadonlyMap<string, string>;

/** Joins main's switches and ours; lists such as disabled features are merged, not overwritten. */
const switchesToArgs = (switches: Switches): string[] => [
  ...[...switches].map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`)),
  ...BROWSER_SWITCHES,
];

/** Policies by which a computer puts extensions into any profile, whatever flags say. */
const FORCING = /^(ExtensionInstallForcelist|ExtensionSettings)$/;

/**
 * A policy of the computer can force extensions into every profile, and those read every page. The browser's
 * own list of policies tells, whether they come from a file, the registry or a server. Gives what forbids the
 * use of this browser, or null.
 */
const forbiddenBy = async (context: BrowserContext): Promise<string | null> => {
  const page = await context.newPage();
  try {
    await page.goto('chrome://policy', { timeout: 10_000 });
    for (let tries = 0; tries < 50; tries += 1) {
      const rows = await page.evaluate(() => {
        const found: { name: string; value: string }[] = [];
        const walk = (root: ParentNode): void => {
          for (const element of root.querySelectorAll('*')) {
            const inner = element.shadowRoot;
            if (inner === null) continue;
            if (element.localName !== 'policy-row') walk(inner);
            else
              found.push({
                name: inner.querySelector('.name')?.textContent.trim() ?? '',
                value: inner.querySelector('.value')?.textContent.trim() ?? '',
              });
          }
        };
        walk(document);
        return found;
      });
      if (rows.length > 0) {
        const forcing = rows.filter(({ name, value }) => FORCING.test(name) && value !== '');
        const forced = forcing.find(
          ({ name, value }) =>
            name === 'ExtensionInstallForcelist' || /force_installed|normal_installed/.test(value),
        );
        return forced === undefined ? null : forced.name;
      }
      await page.waitForTimeout(100);
    }
    return 'unknown policies';
  } finally {
    await page.close();
  }
};

/** Starts the browser over a pipe, with a throw-away profile, and looks whether it may be used at all. */
export const startBrowser = async (launch: PreviewLaunch, switches: Switches): Promise<Browser> => {
  const browser = await chromium.launch({
    executablePath: launch.executablePath,
    headless: launch.headless,
    chromiumSandbox: process.getuid?.() !== 0,
    args: switchesToArgs(switches),
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const context = await browser.newContext();
  const forbidden = await forbiddenBy(context).catch(() => 'unknown policies');
  await context.close();
  if (forbidden !== null) {
    await browser.close();
    throw new Error(
      `Extensions may be forced on this browser, and they could read everything (${forbidden}).`,
    );
  }
  return browser;
};

/** A window's own profile in memory: offline, nothing granted, nothing downloaded. */
export const newWindowContext = async (
  browser: Browser,
  launch: PreviewLaunch,
  size: { width: number; height: number },
): Promise<BrowserContext> => {
  const context = await browser.newContext({
    viewport: launch.headless ? size : null,
    locale: launch.locale,
    offline: true,
    acceptDownloads: false,
    serviceWorkers: 'block',
    permissions: [],
  });
  return context;
};

export const denyPermissions = async (session: CDPSession): Promise<void> => {
  for (const name of DENIED_PERMISSIONS) {
    // Names differ between versions; one that a browser does not know it cannot grant either.
    await session
      .send('Browser.setPermission', { permission: { name }, setting: 'denied' })
      .catch(() => undefined);
  }
};

/** Numbers of the browser's renderer processes now. */
export const rendererPids = async (browser: Browser): Promise<Set<number>> => {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return new Set(processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id));
};

export const browserPid = async (browser: Browser): Promise<number | null> => {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.find(({ type }) => type === 'browser')?.id ?? null;
};
