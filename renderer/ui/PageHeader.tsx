import { useEffect, useRef, type JSX, type ReactNode } from 'react';
import css from './parts.module.css';

/** Title of a screen; takes the focus when the screen opens, so that a reader hears where it is. */
export function PageHeader(props: {
  title: ReactNode;
  crumbs?: ReactNode;
  note?: ReactNode;
  tags?: ReactNode;
  actions?: ReactNode;
  /** False where a field should have the focus at once. */
  focus?: boolean;
}): JSX.Element {
  const ref = useRef<HTMLHeadingElement>(null);
  const wanted = props.focus !== false;
  useEffect(() => {
    if (wanted && (document.activeElement === document.body || document.activeElement === null)) {
      ref.current?.focus({ preventScroll: true });
    }
  }, [wanted]);
  return (
    <div className={css.header}>
      <div className={css.headText}>
        {props.crumbs !== undefined && <div className={css.crumbs}>{props.crumbs}</div>}
        <div className={css.title}>
          <h1 ref={ref} tabIndex={-1} className={css.h1}>
            {props.title}
          </h1>
          {props.note !== undefined && <span className={css.titleNote}>{props.note}</span>}
        </div>
        {props.tags !== undefined && <div className={css.tags}>{props.tags}</div>}
      </div>
      {props.actions !== undefined && <div className={css.actions}>{props.actions}</div>}
    </div>
  );
}
