import { Search } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { KeyHint } from './KeyHint.tsx';
import css from './shell.module.css';

/** The bar above: search, then whatever the caller puts on the right. */
export function TopBar(props: {
  searchLabel: string;
  searchKeys: string;
  onSearch: () => void;
  children: ReactNode;
}): JSX.Element {
  return (
    <header className={css.top}>
      <button
        type="button"
        className={css.searchButton}
        aria-keyshortcuts="Control+K"
        onClick={props.onSearch}
      >
        <Search size={17} aria-hidden />
        <span className={css.searchText}>{props.searchLabel}</span>
        <KeyHint keys={props.searchKeys} />
      </button>
      {props.children}
    </header>
  );
}
