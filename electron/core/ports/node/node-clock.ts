import type { Clock } from '../clock.ts';

/** The clock of this computer. */
export const createNodeClock = (): Clock => ({
  now: () => Date.now(),
  zone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
  monotonic: () => performance.now(),
});
