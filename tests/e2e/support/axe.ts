import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How long a page may go on moving before that is a fault of its own, in ms. */
const REST_MS = 10_000;

/**
 * Waits until nothing on the page fades or slides any more: a dialog on its way out is still there for axe, in
 * colours that nobody reads. What turns without end (a sign of loading) does not count.
 */
const atRest = async (page: Page): Promise<void> => {
  const moving = () =>
    page.evaluate(async () => {
      const look = () =>
        document
          .getAnimations()
          .filter(
            ({ playState, effect }) =>
              playState === 'running' && effect?.getComputedTiming().endTime !== Infinity,
          );
      const before = look().length;
      // What is drawn next may start to move: asked again two frames later.
      await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
      return before + look().length;
    });
  await expect.poll(moving, { message: 'the page comes to rest', timeout: REST_MS }).toBe(0);
};

/** What axe finds serious or critical on the page once it is at rest, one line each. */
export const seriousFindings = async (page: Page): Promise<string[]> => {
  await atRest(page);
  // Evaluated by the tool, so the page's own policy neither blocks it nor has to be loosened.
  await page.evaluate(source);
  const results = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"], iframes: false })',
  )) as AxeResults;
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    );
};

/** Fails with the list when the screen keeps somebody out. */
export const expectAccessible = async (page: Page): Promise<void> => {
  expect(await seriousFindings(page)).toEqual([]);
};
