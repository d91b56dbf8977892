import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/**
 * One project for each kind of test, so that `scripts/test.mjs` and a person can run them apart:
 * `npx vitest run --project unit`. Everything runs in forked processes: native addons and tests that
 * kill or leak handles must not share one.
 */
const node = {
  pool: 'forks',
  environment: 'node',
  restoreMocks: true,
  setupFiles: ['tests/setup/property-seed.ts'],
} as const;
const parserBuilt = ['tests/setup/build-parser.ts'].filter((path) => existsSync(path));

export default defineConfig({
  test: {
    /** Two cores are what the smallest build machine has; more workers only take memory from each other. */
    maxWorkers: process.env.CI === 'true' ? 2 : '50%',
    projects: [
      {
        test: {
          ...node,
          name: 'unit',
          include: ['shared/**/*.test.ts', 'electron/**/*.test.ts'],
          globalSetup: parserBuilt,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          ...node,
          name: 'renderer',
          environment: 'jsdom',
          include: ['renderer/**/*.test.{ts,tsx}'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          ...node,
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: parserBuilt,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...node,
          name: 'faults',
          include: ['tests/faults/**/*.test.ts', 'tests/security/**/*.test.ts'],
          globalSetup: parserBuilt,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...node,
          name: 'interop',
          include: ['tests/interop/**/*.test.ts'],
          globalSetup: parserBuilt,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...node,
          name: 'parser',
          include: ['tests/parser/**/*.test.ts', 'tests/surveillance/**/*.test.ts'],
          globalSetup: parserBuilt,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...node,
          name: 'architecture',
          include: ['tests/architecture/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
