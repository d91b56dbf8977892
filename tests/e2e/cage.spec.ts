import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';
import { chromium } from 'playwright-core';

import { findBrowser } from '../../electron/preview/find-browser.ts';

import { appWithPages } from './support/custom-app.ts';
import { freshFolder, PROJECT } from './support/host.ts';
import { listen } from './support/listener.ts';
import type { Listener } from './support/listener.ts';
import { expect, test } from './support/test.ts';

/**
 * A page of ours that has been captured tries everything in `cage/pages/attack.js`, once in the application's
 * window and once, as the control, in a plain window of the same browser served without any policy. An
 * attempt that the control does not bring off proves nothing and fails the test.
 *
 * What this shows on the preview host: our policy, our protocol, our shell. What is Electron's own to
 * enforce is listed in docs/electron-only.md.
 */
type Results = Record<string, unknown>;

const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript', png: 'image/png' };

const resultsOf = async (page: Page): Promise<Results> => {
  await page.locator('#results[data-done]').waitFor({ timeout: 45_000 });
  return JSON.parse(await page.locator('#results').innerText()) as Results;
};

const drag = async (page: Page): Promise<string> => {
  await page.locator('#drag').hover();
  await page.mouse.down();
  await page.mouse.move(300, 300, { steps: 8 });
  await page.mouse.up();
  return page.locator('#dragged').innerText();
};

/** The pages with the listener's address in them. */
const pagesFor = (listener: Listener): string => {
  const folder = freshFolder('attack');
  cpSync(join(PROJECT, 'tests', 'e2e', 'cage', 'pages'), folder, { recursive: true });
  writeFileSync(join(folder, 'config.js'), `export const target = '${listener.origin}';\n`);
  return folder;
};

const FREE: Record<string, unknown> = {
  eval: 42,
  function: 42,
  inlineScript: 42,
  innerHtml: 42,
  styleAttribute: 42,
  styleElement: 42,
  base: 42,
  blobWorker: 42,
  serviceWorker: 42,
  fetch: 'opaque',
  beacon: true,
  'permission:geolocation': 'prompt',
  'feature:usb': true,
  'feature:hid': true,
  'feature:serial': true,
  'feature:display-capture': true,
  'feature:payment': true,
};

/** Requests that the control's window makes and the application's must not. */
const LEAVES = [
  'GET /fetch',
  'POST /beacon',
  'UPGRADE /socket',
  'GET /events',
  'GET /image',
  'GET /video',
  'GET /object',
  'GET /embed',
  'GET /frame',
  'GET /style',
  'GET /prefetch',
  'GET /script',
  'POST /form',
  'POST /ping',
  'GET /font',
];

test('an attack from page code reaches nothing here and everything in an unhardened window', async ({
  launch,
}) => {
  test.setTimeout(150_000);
  const outside = await listen();
  const pages = pagesFor(outside);

  // Control first: it says which attempts mean something.
  const plain = await listen((path) => {
    const name = path.slice(1).split('?')[0] ?? '';
    return /^[a-z]+\.(html|js|png)$/.test(name) && name !== 'favicon.ico'
      ? { type: TYPES[name.split('.')[1] ?? ''] ?? 'text/plain', bytes: readFileSync(join(pages, name)) }
      : null;
  });
  const browser = await chromium.launch({
    executablePath: findBrowser() ?? '',
    chromiumSandbox: process.getuid?.() !== 0,
  });
  const context = await browser.newContext();
  const freePage = (await context.newPage()) as unknown as Page;
  const downloads: string[] = [];
  freePage.on('download', (download) => void download.path().then((path) => downloads.push(path)));
  await freePage.goto(`${plain.origin}/unlock.html`);
  const free = await resultsOf(freePage);
  const freePages = context.pages().length;
  const freeDrag = await drag(freePage);
  await freePage.locator('#leave').click();
  await freePage.waitForURL('**/left');
  await browser.close();
  const freeSeen = new Set(outside.seen);

  expect(free).toMatchObject(FREE);
  expect(Number(free['iceCandidates'])).toBeGreaterThan(0);
  for (const request of [...LEAVES, 'GET /left', 'GET /popup', 'connect']) {
    expect(freeSeen, `control: ${request}`).toContain(request);
  }
  expect(freePages).toBeGreaterThan(1);
  expect(freeDrag).toBe('false');
  expect(downloads).toHaveLength(1);

  // The same pages in the application.
  outside.seen.length = 0;
  const app = await launch({ appFolder: appWithPages(pages) });
  const page = await app.window('unlock');
  const caged = await resultsOf(page);
  for (const name of ['eval', 'function']) expect(caged[name]).toBe('refused: EvalError');
  for (const name of ['innerHtml', 'blobWorker']) expect(String(caged[name])).toMatch(/^refused/);
  for (const name of ['inlineScript', 'styleAttribute', 'styleElement'])
    expect(caged[name] ?? null, name).not.toBe(42);
  expect(caged['base']).toBe('unchanged');
  expect(String(caged['serviceWorker'])).toMatch(/^refused/);
  expect(String(caged['fetch'])).toMatch(/^refused/);
  expect(caged['webSocket']).not.toBe(42);
  expect(caged['eventSource']).not.toBe(42);
  expect(String(caged['font'])).toMatch(/^refused/);
  expect(caged['iceCandidates']).toBe(0);
  for (const name of Object.keys(caged).filter((key) => key.startsWith('permission:'))) {
    expect(String(caged[name]), name).toMatch(/^denied$|^refused/);
  }
  for (const name of Object.keys(caged).filter((key) => key.startsWith('feature:')))
    expect(caged[name], name).toBe(false);
  expect(caged['geolocation']).toBe('denied');
  expect(caged['replaceBridge']).toMatch(/^refused/);
  expect(caged['changeBridge']).toMatch(/^refused/);
  expect(caged['bridgeInFrame']).toBe('undefined undefined');
  expect(caged['hostNames']).toBe(0);
  expect(await drag(page)).toBe('true');
  await page.locator('#leave').click();
  await page.waitForTimeout(1_000);
  expect(page.url()).toMatch(/\/unlock\.html(#here)?$/);
  expect(app.windowCount()).toBe(1);
  expect(page.context().pages()).toHaveLength(1);
  expect(outside.seen).toEqual([]);

  await outside.close();
  await plain.close();
  rmSync(pages, { recursive: true, force: true });
});
