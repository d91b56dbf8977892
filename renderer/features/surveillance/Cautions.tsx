import {
  Ban,
  BatteryCharging,
  CircleDashed,
  MessageSquareOff,
  PhoneCall,
  RotateCcw,
  Trash2,
} from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../ui/Panel.tsx';
import css from './surveillance.module.css';

const CAUTIONS = [
  ['noErase', Trash2],
  ['noReset', RotateCcw],
  ['noWriting', MessageSquareOff],
  ['noLink', Ban],
  ['keepCharged', BatteryCharging],
  ['ask', PhoneCall],
] as const;

/** What must not happen to a telephone with a hit on it: the first hour loses more traces than any attacker. */
export function HitCaution(): JSX.Element {
  const { t } = useTranslation('surveillance');
  return (
    <Panel title={t('caution.title')} Icon={Ban} tone="due">
      <ul className={css.cautions}>
        {CAUTIONS.map(([key, Icon]) => (
          <li key={key}>
            <Icon size={18} aria-hidden />
            <div>
              <strong>{t(`caution.${key}`)}</strong>
              <span className="rg-muted">{t(`caution.${key}Why`)}</span>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Nothing was found. It is said in full, without a colour, and with what comes next. */
export function NoTraces({
  checked,
  withdrawn = false,
}: {
  checked: boolean;
  /** Whether something was compared that was not of this device. */
  withdrawn?: boolean;
}): JSX.Element {
  const { t } = useTranslation('surveillance');
  // Something was compared, and none of it was of this device: "not yet" would deny what the journal says.
  const none = withdrawn ? 'withdrawn' : 'notYet';
  return (
    <section className={css.verdict} aria-label={t('noTraces.title')}>
      <CircleDashed size={20} aria-hidden />
      <div className={css.sentence}>
        <div className={css.verdictTitle}>{checked ? t('noTraces.sentence') : t(`noTraces.${none}`)}</div>
        <p className="rg-muted">{checked ? t('noTraces.means') : t(`noTraces.${none}Means`)}</p>
        {checked && (
          <ol className={css.steps}>
            {(['keep', 'again', 'second', 'watch'] as const).map((step) => (
              <li key={step}>{t(`noTraces.${step}`)}</li>
            ))}
          </ol>
        )}
      </div>
    </section>
  );
}
