import type { JSX } from 'react';
import css from './parts.module.css';

/** A key or chord, shown beside what it does. Spoken by `aria-keyshortcuts` on the control itself. */
export const KeyHint = ({ keys }: { keys: string }): JSX.Element => (
  <kbd className={css.key} aria-hidden>
    {keys}
  </kbd>
);
