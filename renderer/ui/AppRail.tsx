import { Eye, EyeOff, ShieldCheck, UserRound, type LucideIcon } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import css from './shell.module.css';

export interface RailItem {
  readonly key: string;
  readonly label: string;
  readonly Icon: LucideIcon;
  readonly count?: number;
  /** What the count says, for a screen reader. */
  readonly countLabel?: string;
  /** Draws the link; the router owns where it goes. */
  link(className: string | undefined, children: ReactNode): JSX.Element;
}

/** The left rail: places, and who is in. */
export function AppRail(props: {
  product: string;
  label: string;
  items: readonly RailItem[];
  who: string;
  namesHidden: boolean;
  hideLabel: string;
  onHide: () => void;
}): JSX.Element {
  return (
    <nav className={css.rail} aria-label={props.label}>
      <div className={css.brand}>
        <ShieldCheck size={21} aria-hidden />
        <span>{props.product}</span>
      </div>
      <ul className={css.items}>
        {props.items.map(({ key, label, Icon, count, countLabel, link }) => (
          <li key={key}>
            {link(
              css.item,
              <>
                <Icon size={19} aria-hidden />
                <span>{label}</span>
                {count !== undefined && count > 0 && (
                  <span className={css.count} role="img" aria-label={countLabel ?? String(count)}>
                    {count}
                  </span>
                )}
              </>,
            )}
          </li>
        ))}
      </ul>
      <div className={css.who}>
        <UserRound size={18} aria-hidden />
        <span className={css.whoName}>{props.who}</span>
        <button
          type="button"
          className={css.whoButton}
          aria-pressed={props.namesHidden}
          aria-keyshortcuts="Control+H"
          aria-label={props.hideLabel}
          title={props.hideLabel}
          onClick={props.onHide}
        >
          {props.namesHidden ? <EyeOff size={18} /> : <Eye size={18} />}
        </button>
      </div>
    </nav>
  );
}
