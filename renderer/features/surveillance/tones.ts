import type { Output } from '../../api/contract.ts';
import type { Tone } from '../../ui/tones.ts';

export type Outcome = Output<'examinations.get'>['outcome'];
export type FindingState = Output<'findings.get'>['state'];
export type Level = Output<'findings.get'>['level'];

/** Colours of what is known of an examination. None of them is green: no result says that a device is safe. */
export const OUTCOME_TONES: Readonly<Record<Outcome, Tone>> = {
  preservedOnly: 'neutral',
  notMatched: 'neutral',
  noSignsSoFar: 'neutral',
  toReview: 'digital',
  suspicious: 'due',
  confirmed: 'danger',
};
export const STATE_TONES: Readonly<Record<FindingState, Tone>> = {
  toReview: 'digital',
  falsePositive: 'neutral',
  suspicious: 'due',
  confirmed: 'danger',
  discarded: 'neutral',
};
/** The tool's own level is its opinion; it gets no colour of alarm before a person has looked. */
export const LEVEL_TONES: Readonly<Record<Level, Tone>> = {
  informational: 'neutral',
  low: 'neutral',
  medium: 'digital',
  high: 'digital',
  critical: 'digital',
};

/** Whether somebody should be told what not to do with the device. */
export const isHit = (outcome: Outcome): boolean =>
  outcome === 'toReview' || outcome === 'suspicious' || outcome === 'confirmed';

/** `iPhone 12, iOS 17.5`; or what little is known. */
export function deviceName(
  device: { make: string; model: string; os: string; osVersion: string },
  kindWords: string,
): string {
  const name = [device.make, device.model].filter((part) => part !== '').join(' ');
  const system = [device.os, device.osVersion].filter((part) => part !== '').join(' ');
  return [name === '' ? kindWords : name, system].filter((part) => part !== '').join(', ');
}

/** Opened with the reception, with a basis and nothing else yet. */
export const isPlanned = (one: { method: string; tool: string; startedAt: string | null }): boolean =>
  one.method === 'other' && one.tool === '' && one.startedAt === null;
