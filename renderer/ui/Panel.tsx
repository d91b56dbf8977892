import type { LucideIcon } from 'lucide-react';
import { useId, type JSX, type ReactNode } from 'react';
import css from './parts.module.css';
import type { Tone } from './tones.ts';

/** A titled card. `flush` lets rows reach its edges. */
export function Panel(props: {
  title: ReactNode;
  Icon?: LucideIcon;
  extra?: ReactNode;
  tone?: Tone;
  flush?: boolean;
  children: ReactNode;
}): JSX.Element {
  const id = useId();
  return (
    <section className={css.panel} data-tone={props.tone} aria-labelledby={id}>
      <div className={css.panelHead}>
        {props.Icon && <props.Icon size={19} aria-hidden />}
        <h2 id={id} className={css.panelTitle}>
          {props.title}
        </h2>
        {props.extra !== undefined && <span className={css.panelExtra}>{props.extra}</span>}
      </div>
      {props.flush ? props.children : <div className={css.panelBody}>{props.children}</div>}
    </section>
  );
}

/** Rows of a panel. */
export const Rows = ({ children, label }: { children: ReactNode; label?: string }): JSX.Element => (
  <ul className={css.list} aria-label={label}>
    {children}
  </ul>
);

/** One row: what, a note below, and what can be done on the right. */
export function Row(props: {
  lead?: ReactNode;
  title: ReactNode;
  note?: ReactNode;
  end?: ReactNode;
}): JSX.Element {
  return (
    <li className={css.row}>
      {props.lead !== undefined && <span className={css.rowLead}>{props.lead}</span>}
      <div className={css.rowText}>
        <div className={css.rowTitle}>{props.title}</div>
        {props.note !== undefined && <div className={css.rowNote}>{props.note}</div>}
      </div>
      {props.end !== undefined && <div className={css.rowEnd}>{props.end}</div>}
    </li>
  );
}

/** Two columns of panels that become one where it is narrow. */
export const Columns = ({
  main,
  side,
  even,
}: {
  main: ReactNode;
  side: ReactNode;
  even?: boolean;
}): JSX.Element => (
  <div className={css.columns} data-even={even === true}>
    <div className={css.stack}>{main}</div>
    <div className={css.stack}>{side}</div>
  </div>
);

export const Stack = ({ children }: { children: ReactNode }): JSX.Element => (
  <div className={css.stack}>{children}</div>
);

/** Pairs of name and value; a pair without value is left out. */
export function Facts({ items }: { items: readonly (readonly [string, ReactNode] | null)[] }): JSX.Element {
  return (
    <dl className={css.facts}>
      {items.map(
        (item) =>
          item !== null && (
            <div key={item[0]} style={{ display: 'contents' }}>
              <dt>{item[0]}</dt>
              <dd>{item[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
