import { Drawer } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';

/** Help of one screen, written for this work and kept inside the program. */
export function HelpPanel(props: {
  opened: boolean;
  title: string;
  paragraphs: readonly string[];
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
      {props.paragraphs.map((paragraph) => (
        <p key={paragraph} style={{ marginBottom: 12 }}>
          {paragraph}
        </p>
      ))}
    </Drawer>
  );
}
