import type { LucideIcon } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import css from './parts.module.css';

/** An empty screen says what belongs here and how the first one comes to be. */
export const EmptyState = (props: {
  Icon: LucideIcon;
  title: string;
  text: string;
  children?: ReactNode;
}): JSX.Element => (
  <div className={css.empty}>
    <props.Icon size={30} aria-hidden />
    <div className={css.emptyTitle}>{props.title}</div>
    <p>{props.text}</p>
    {props.children !== undefined && <div className={css.emptyActions}>{props.children}</div>}
  </div>
);
