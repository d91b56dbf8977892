import { Check } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import css from './exports.module.css';

export const STEPS = ['recipient', 'consent', 'redaction', 'check', 'release'] as const;
export type Step = (typeof STEPS)[number];

/** Where an export stands; done steps carry a tick, and any reached step can be opened again. */
export function StepBar({
  current,
  done,
  onStep,
}: {
  current: Step;
  done?: (step: Step) => boolean;
  onStep?: (step: Step) => void;
}): JSX.Element {
  const { t } = useTranslation('exports');
  return (
    <ol className={css.steps} aria-label={t('steps')}>
      {STEPS.map((step) => {
        const finished = done?.(step) === true;
        return (
          <li key={step}>
            <button
              type="button"
              className={css.step}
              data-done={finished}
              aria-current={step === current ? 'step' : undefined}
              disabled={onStep === undefined || step === 'recipient'}
              onClick={() => onStep?.(step)}
            >
              {finished && step !== current && <Check size={15} aria-label={t('stepDone')} />}
              {t(`step.${step}`)}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
