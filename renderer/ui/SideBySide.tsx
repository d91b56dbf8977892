import { X } from 'lucide-react';
import { ActionIcon } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import css from './side.module.css';

/** A list with a preview beside it: looking does not leave the list. */
export function SideBySide(props: {
  list: ReactNode;
  label: string;
  preview: ReactNode | null;
  onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation('ui');
  return (
    <div className={css.both} data-open={props.preview !== null}>
      <div className={css.list}>{props.list}</div>
      {props.preview !== null && (
        <aside className={css.preview} aria-label={props.label}>
          <ActionIcon className={css.close ?? ''} aria-label={t('close')} onClick={props.onClose}>
            <X size={18} />
          </ActionIcon>
          {props.preview}
        </aside>
      )}
    </div>
  );
}
