import { AtSign } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useRef, useState, type JSX, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import css from './fields.module.css';
import {
  afterEdit,
  fromStored,
  openMention,
  toStored,
  withMention,
  type MentionText,
} from './mention-model.ts';

export interface Mentionable {
  readonly id: string;
  readonly label: string;
  readonly note?: string;
}

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * Free text in which people are mentioned, by `@` or by a button (on a Mexican keyboard `@` is AltGr+Q).
 * A plain text area with a mirror behind it that colours the mentions: undo, spelling and screen readers
 * work as everywhere. Keys that make other programs bold or save are left alone.
 */
export function NarrativeField(props: {
  label: string;
  value: string;
  onChange: (stored: string) => void;
  people: readonly Mentionable[];
  required?: boolean;
  autoFocus?: boolean;
  placeholder?: string;
  hint?: string;
  error?: string | undefined;
  rows?: number;
  onPasteFiles?: (files: File[]) => void;
}): JSX.Element {
  const { t } = useTranslation('ui');
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const [now, setNow] = useState<MentionText>(() => fromStored(props.value));
  const [open, setOpen] = useState<{ from: number; typed: string } | null>(null);
  const [picked, setPicked] = useState(0);
  const caret = useRef<number | null>(null);
  const own = useRef(props.value);

  useEffect(() => {
    if (props.value !== own.current) {
      own.current = props.value;
      setNow(fromStored(props.value));
    }
  }, [props.value]);
  useLayoutEffect(() => {
    if (caret.current !== null) {
      area.current?.setSelectionRange(caret.current, caret.current);
      caret.current = null;
    }
  }, [now]);

  const put = (next: MentionText): void => {
    setNow(next);
    own.current = toStored(next);
    props.onChange(own.current);
  };
  const found =
    open === null
      ? []
      : props.people
          .filter((person) => fold(`${person.label} ${person.note ?? ''}`).includes(fold(open.typed)))
          .slice(0, 8);
  const choose = (person: Mentionable): void => {
    if (open === null) return;
    const end = area.current?.selectionStart ?? open.from + 1 + open.typed.length;
    const next = withMention(now, open.from, Math.max(end, open.from), person.label, person.id);
    caret.current = next.caret;
    setOpen(null);
    put({ text: next.text, mentions: next.mentions });
    area.current?.focus();
  };
  const look = (text: MentionText): void => {
    const found = openMention(text, area.current?.selectionStart ?? 0);
    setOpen(found);
    setPicked(0);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (open === null) return;
    if (event.key === 'Escape') {
      // Only the list closes, also where it lists nobody; the form behind stays.
      event.stopPropagation();
      event.preventDefault();
      setOpen(null);
      return;
    }
    if (found.length === 0) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setPicked((picked + step + found.length) % found.length);
    else if (event.key === 'Enter' || event.key === 'Tab') {
      const person = found[picked];
      if (person) choose(person);
    } else return;
    event.preventDefault();
  };

  let at = 0;
  const painted: JSX.Element[] = [];
  for (const mention of now.mentions) {
    painted.push(<span key={`t${String(at)}`}>{now.text.slice(at, mention.start)}</span>);
    painted.push(<mark key={`m${String(mention.start)}`}>{now.text.slice(mention.start, mention.end)}</mark>);
    at = mention.end;
  }
  const describedBy = [props.error ? `${id}e` : '', props.hint ? `${id}h` : ''].filter(Boolean).join(' ');
  return (
    <div className={css.narrative}>
      <div className={css.fieldHead}>
        <label className={css.fieldLabel} htmlFor={id}>
          {props.label}
          {props.required && (
            <span className={css.required} aria-hidden>
              {' *'}
            </span>
          )}
        </label>
        <button
          type="button"
          className={css.mentionButton}
          onClick={() => {
            const from = area.current?.selectionStart ?? now.text.length;
            area.current?.focus();
            setOpen({ from, typed: '' });
            setPicked(0);
          }}
        >
          <AtSign size={14} aria-hidden />
          {t('narrative.mention')}
        </button>
      </div>
      <div className={css.layers}>
        <div ref={mirror} className={css.mirror} aria-hidden>
          {painted}
          {now.text.slice(at)}{' '}
        </div>
        <textarea
          ref={area}
          id={id}
          className="rg-private"
          rows={props.rows ?? 5}
          value={now.text}
          placeholder={props.placeholder}
          required={props.required}
          aria-invalid={props.error !== undefined}
          aria-describedby={describedBy === '' ? undefined : describedBy}
          aria-autocomplete="list"
          aria-controls={open ? `${id}o` : undefined}
          aria-activedescendant={open && found.length > 0 ? `${id}-${String(picked)}` : undefined}
          autoFocus={props.autoFocus}
          spellCheck={false}
          onChange={(event) => {
            const next = afterEdit(now, event.currentTarget.value);
            put(next);
            look(next);
          }}
          onKeyDown={onKey}
          onScroll={(event) => {
            if (mirror.current) mirror.current.scrollTop = event.currentTarget.scrollTop;
          }}
          onBlur={() => setOpen(null)}
          onPaste={(event) => {
            const files = [...event.clipboardData.files];
            if (files.length > 0 && props.onPasteFiles) {
              event.preventDefault();
              props.onPasteFiles(files);
            }
          }}
        />
        {open !== null && (
          <ul className={css.options} id={`${id}o`} role="listbox" aria-label={t('narrative.people')}>
            {found.length === 0 && <li className={css.option}>{t('narrative.nobody')}</li>}
            {found.map((person, index) => (
              <li
                key={person.id}
                id={`${id}-${String(index)}`}
                role="option"
                aria-selected={index === picked}
                className={css.option}
                // Before the text area loses the focus.
                onMouseDown={(event) => {
                  event.preventDefault();
                  choose(person);
                }}
              >
                <span className="rg-private">{person.label}</span>
                {person.note !== undefined && <span className="rg-muted rg-private">{person.note}</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
      {props.hint !== undefined && (
        <div id={`${id}h`} className={css.hint}>
          {props.hint}
        </div>
      )}
      {props.error !== undefined && (
        <div id={`${id}e`} className={css.error}>
          {props.error}
        </div>
      )}
    </div>
  );
}
