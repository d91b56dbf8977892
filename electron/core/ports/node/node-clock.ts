import type { Clock } from '../clock.ts';

/** An empty TZ means UTC; its name in that case is one that no calendar takes. */
const zone = (): string => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return timeZone === 'Etc/Unknown' ? 'UTC' : timeZone;
};

/** The clock of this computer. */
export const createNodeClock = (): Clock => ({
  now: () => Date.now(),
  zone,
  monotonic: () => performance.now(),
});
