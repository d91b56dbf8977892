import type { DeviceCustodyAction } from '../model/surveillance.ts';

export interface CustodyStep {
  readonly position: number;
  readonly action: DeviceCustodyAction;
  readonly at: string;
}

export interface CustodyGap {
  readonly position: number;
  readonly problem: 'startsWithoutReception' | 'backInTime' | 'afterEnd' | 'copiedUnsealed' | 'receivedTwice';
}

/**
 * What is wrong with the chain of custody of a device, step by step; an empty list: from each reception to its return
 * every step follows another, in order of time. A copy made from a device that was never sealed is told, not refused.
 *
 * @param steps in the order in which they were written down.
 */
export function custodyGaps(steps: readonly CustodyStep[]): CustodyGap[] {
  const gaps: CustodyGap[] = [];
  let held = false;
  let sealedOnce = false;
  let last = '';
  for (const { position, action, at } of steps) {
    const say = (problem: CustodyGap['problem']): void => {
      gaps.push({ position, problem });
    };
    if (at < last) say('backInTime');
    else last = at;
    if (action === 'received') {
      if (held) say('receivedTwice');
      held = true;
      sealedOnce = false;
      continue;
    }
    if (!held)
      say(
        steps.some((one) => one.action === 'received' && one.position < position)
          ? 'afterEnd'
          : 'startsWithoutReception',
      );
    if (action === 'sealed') sealedOnce = true;
    if (action === 'copied' && !sealedOnce) say('copiedUnsealed');
    if (action === 'returned' || action === 'destroyed') held = false;
  }
  return gaps;
}
