import { rmSync } from 'node:fs';

import { test as base } from '@playwright/test';
import type { TestInfo } from '@playwright/test';

import { chosenHost, freshFolder } from './host.ts';
import type { LaunchOptions, RunningApp } from './host.ts';
import { launchElectron } from './launch-electron.ts';
import { launchPreview } from './launch-preview.ts';

export { expect } from '@playwright/test';

interface Fixtures {
  /** Starts the application; every one started is ended with the test. */
  launch: (options?: LaunchOptions) => Promise<RunningApp>;
  /** A folder of this test alone, outside synchronised places. */
  folder: string;
}

/** What stood on the screen when a test failed. */
const keepLast = async (app: RunningApp, info: TestInfo): Promise<void> => {
  for (const kind of ['main', 'unlock'] as const) {
    const page = await Promise.race([
      app.window(kind).catch(() => null),
      new Promise<null>((late) => setTimeout(() => late(null), 1_000)),
    ]);
    await page
      ?.screenshot({ path: info.outputPath(`last-${kind}.png`), timeout: 5_000 })
      .catch(() => undefined);
  }
};

/** `test` for specs: the host is chosen outside, each test has folders of its own. */
export const test = base.extend<Fixtures>({
  launch: async ({}, use, info) => {
    const running: RunningApp[] = [];
    const launchOn = chosenHost() === 'electron' ? launchElectron : launchPreview;
    await use(async (options) => {
      const app = await launchOn(options);
      running.push(app);
      return app;
    });
    for (const app of running) {
      if (info.status !== info.expectedStatus) await keepLast(app, info);
      await Promise.race([app.close(), new Promise((late) => setTimeout(late, 10_000))]);
      rmSync(app.profileFolder, { recursive: true, force: true });
    }
  },
  folder: async ({}, use) => {
    const folder = freshFolder('test');
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
});
