import type { LucideIcon } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import css from './shell.module.css';

export interface StatusItem {
  readonly key: string;
  readonly Icon: LucideIcon;
  readonly text: string;
}

/** The line below: quiet facts about the vault, and the task tray on the right. */
export function StatusBar(props: {
  label: string;
  items: readonly StatusItem[];
  children?: ReactNode;
}): JSX.Element {
  return (
    <footer className={css.status} aria-label={props.label}>
      {props.items.map(({ key, Icon, text }) => (
        <span key={key} className={css.statusItem}>
          <Icon size={15} aria-hidden />
          {text}
        </span>
      ))}
      <span className={css.statusEnd} />
      {props.children}
    </footer>
  );
}
