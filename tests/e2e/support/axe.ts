import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds serious or critical on the page now, one line each. */
export const seriousFindings = async (page: Page): Promise<string[]> => {
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
