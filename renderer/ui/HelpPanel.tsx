import { Drawer } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import css from './parts.module.css';

/** Help of one screen, written for this work and kept inside the program. */
export function HelpPanel(props: {
  opened: boolean;
  title: string;
  paragraphs: readonly string[];
  /** Explained at more length, each with a heading. */
  topics?: readonly { readonly title: string; readonly text: string }[];
  /** Smaller, at the end. */
  note?: string;
  onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation('ui');
  return (
    <Drawer
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <div className={css.help}>
        {props.paragraphs.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        {props.topics?.map(({ title, text }) => (
          <section key={title}>
            <h3>{title}</h3>
            <p>{text}</p>
          </section>
        ))}
        {props.note !== undefined && <p className="rg-small rg-muted">{props.note}</p>}
      </div>
    </Drawer>
  );
}
