import type { ConsentFinding, ExportView } from '#shared/contract/exports.ts';
import type { Step } from './StepBar.tsx';

/** Whether a person still waits for somebody: never asked, or her consent ended and nobody chose how she appears. */
export const isWaiting = (one: Pick<ConsentFinding, 'result' | 'chosen'>): boolean =>
  one.result === 'missing' || (one.result === 'blocked' && !one.chosen);

/** Whether the step of consent earns its tick. Nobody recorded is nothing decided: emptiness earns none. */
export const consentSettled = ({ consents }: Pick<ExportView, 'consents'>): boolean =>
  consents.length > 0 && !consents.some(isWaiting);

/** Whether each thing that was found has a decision. */
export const decided = ({ suggestions }: Pick<ExportView, 'suggestions'>): boolean =>
  suggestions.every((one) => one.decision !== null);

/**
 * Where work on an export goes on: the first step that is not finished. A case without people is asked about once;
 * where somebody went on without any, as the step allows, work goes on there.
 */
export function openStep(view: Pick<ExportView, 'state' | 'consents' | 'suggestions' | 'report'>): Step {
  if (view.state === 'checked' || view.state === 'released') return 'release';
  const wentOn = view.report !== null || view.suggestions.some((one) => one.decision !== null);
  if (view.consents.some(isWaiting) || (view.consents.length === 0 && !wentOn)) return 'consent';
  return decided(view) && view.report !== null ? 'check' : 'redaction';
}
