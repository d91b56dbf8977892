import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { PROJECT } from './host.ts';

const FOLDER = join(PROJECT, 'tests', 'e2e', 'screens');

/**
 * Keeps a picture of the page for people to look at: 1280x720, light and dark. The language is part of the
 * name because the test knows it and the picture does not say it. `look` runs in each, for what a picture does
 * not show. The window must follow the desktop's colours.
 */
export const keepScreen = async (
  page: Page,
  name: string,
  language: 'es' | 'en' = 'es',
  look: (scheme: 'light' | 'dark') => Promise<void> = () => Promise.resolve(),
): Promise<void> => {
  mkdirSync(FOLDER, { recursive: true });
  const before = page.viewportSize();
  await page.setViewportSize({ width: 1_280, height: 720 });
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.locator(`:root[data-mantine-color-scheme="${scheme}"]`).waitFor({ state: 'attached' });
    // The new colours are on the document; two frames later they are on every part of it.
    await page.evaluate(
      () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))),
    );
    await look(scheme);
    await page.screenshot({
      path: join(FOLDER, `${name}-${language}-${scheme}.png`),
      animations: 'disabled',
    });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  if (before !== null) await page.setViewportSize(before);
};
