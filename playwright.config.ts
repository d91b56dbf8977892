import { defineConfig } from '@playwright/test';

/**
 * End-to-end tests. The application's main program runs inside the worker on an installed browser, or as
 * real Electron with RESGUARDO_E2E_HOST=electron where its binary is present.
 */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: '.build/test-results',
  // Each test starts a browser; two at once on two cores only make each other late.
  workers: Number(process.env['RESGUARDO_E2E_WORKERS'] ?? 1),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env['CI'] === 'true',
  // A slow moment of a shared machine is not a defect; `npm test` names whatever needed the second attempt,
  // and fails where that is more than a few. At a desk nothing is repeated.
  retries: process.env['CI'] === 'true' ? 1 : 0,
  reporter:
    process.env['CI'] === 'true' ? [['list'], ['json', { outputFile: '.build/e2e.json' }]] : [['list']],
});
