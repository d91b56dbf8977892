import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import css from './parts.module.css';
import type { Tone } from './tones.ts';

const ICONS = {
  danger: CircleAlert,
  due: TriangleAlert,
  verified: CircleCheck,
  primary: Info,
  neutral: Info,
  digital: Info,
  care: Info,
} as const;

/** Something to know now. `danger` is announced at once, the rest politely. */
export function Notice({
  tone = 'neutral',
  title,
  children,
}: {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
}): JSX.Element {
  const Icon = ICONS[tone];
  return (
    <div className={css.alert} data-tone={tone} role={tone === 'danger' ? 'alert' : 'status'}>
      <Icon size={18} aria-hidden />
      <div>
        {title !== undefined && <div className={css.alertTitle}>{title}</div>}
        {children}
      </div>
    </div>
  );
}
