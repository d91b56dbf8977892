import type { JSX, ReactNode } from 'react';
import css from './DataTable.module.css';

/** What a row is about and a word below it. Where rows are low, the word stands behind. */
export const TwoLines = ({ children, below }: { children: ReactNode; below?: ReactNode }): JSX.Element => (
  <div className={css.two}>
    <div className={css.first}>{children}</div>
    {below !== undefined && below !== '' && <div className={css.second}>{below}</div>}
  </div>
);
