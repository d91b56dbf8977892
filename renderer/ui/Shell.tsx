import type { JSX, ReactNode } from 'react';
import css from './shell.module.css';

/** The frame of the main window: rail, bar, page, status line, and a way past the rail for the keyboard. */
export function Shell(props: {
  skipLabel: string;
  rail: ReactNode;
  top: ReactNode;
  status: ReactNode;
  children: ReactNode;
}): JSX.Element {
  return (
    <>
      <a
        className="rg-skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {props.skipLabel}
      </a>
      <div className={css.frame}>
        {props.rail}
        {props.top}
        <main id="main" className={css.main} tabIndex={-1}>
          {props.children}
        </main>
        {props.status}
      </div>
    </>
  );
}
