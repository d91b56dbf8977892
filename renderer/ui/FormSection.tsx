import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, useState, type JSX, type ReactNode } from 'react';
import css from './parts.module.css';

/** A short part of a form. With `folded` it opens on demand: only the essential is there at first. */
export function FormSection(props: {
  title: string;
  note?: ReactNode;
  folded?: boolean;
  /** Something in it must be mended first: it stays open. */
  hold?: boolean;
  children: ReactNode;
}): JSX.Element {
  const [unfolded, setOpen] = useState(props.folded !== true);
  const open = unfolded || props.hold === true;
  const id = useId();
  return (
    <section className={css.section} aria-labelledby={`${id}t`}>
      {props.folded === undefined ? (
        <h2 id={`${id}t`} className={css.sectionTitle}>
          {props.title}
        </h2>
      ) : (
        <h2 className={css.sectionTitle}>
          <button
            type="button"
            className={css.sectionToggle}
            aria-expanded={open}
            aria-controls={id}
            onClick={() => setOpen(!open)}
          >
            {open ? <ChevronDown size={17} aria-hidden /> : <ChevronRight size={17} aria-hidden />}
            <span id={`${id}t`}>{props.title}</span>
            {props.note !== undefined && <span className={css.sectionNote}>{props.note}</span>}
          </button>
        </h2>
      )}
      {open && (
        <div id={id} className={css.sectionBody}>
          {props.children}
        </div>
      )}
    </section>
  );
}
