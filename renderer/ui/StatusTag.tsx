import type { LucideIcon } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import css from './parts.module.css';
import type { Tone } from './tones.ts';

/** A short state in words; the colour only repeats what the words say. */
export const StatusTag = ({
  tone = 'neutral',
  Icon,
  children,
}: {
  tone?: Tone;
  Icon?: LucideIcon;
  children: ReactNode;
}): JSX.Element => (
  <span className={css.tag} data-tone={tone}>
    {Icon && <Icon size={14} aria-hidden />}
    {children}
  </span>
);
