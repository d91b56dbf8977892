import { Button } from '@mantine/core';
import { Copy } from 'lucide-react';
import { useState, type ClipboardEvent, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { defangText } from '#shared/surveillance/defang.ts';
import { host } from '../../api/bridge.ts';
import { notify } from '../../lib/notify.ts';
import { partsOf } from './defang.ts';
import css from './surveillance.module.css';

/** What a hand selects and copies leaves harmless, from a field where the exact words stand too. */
export const copyHarmless = (event: ClipboardEvent): void => {
  const field = event.target;
  const selected =
    field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement
      ? field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0)
      : (document.getSelection()?.toString() ?? '');
  if (selected === '') return;
  event.preventDefault();
  event.clipboardData.setData('text/plain', defangText(selected));
};

/** A text as it arrived, with its links made harmless. Nothing in it can be clicked. `line`: on one line, for tables. */
export const SafeText = ({ text, line }: { text: string; line?: boolean }): JSX.Element => (
  <span
    className={`${(line === true ? css.safeLine : css.safe) ?? ''} rg-private`}
    {...(line === true ? { title: defangText(text) } : {})}
    onCopy={copyHarmless}
  >
    {partsOf(text).map((part, at) =>
      part.link ? (
        <code key={at} className={css.link}>
          {part.text}
        </code>
      ) : (
        part.text
      ),
    )}
  </span>
);

/** Copies a text with its links made harmless; the live link never reaches the clipboard. */
export function CopySafe({ text, label }: { text: string; label?: string }): JSX.Element {
  const { t } = useTranslation(['surveillance', 'common']);
  const [busy, setBusy] = useState(false);
  return (
    <Button
      size="compact-xs"
      leftSection={<Copy size={14} />}
      loading={busy}
      onClick={() => {
        setBusy(true);
        void host()
          .copy(defangText(text))
          .then(() => notify(t('common:copied')))
          .finally(() => setBusy(false));
      }}
    >
      {label ?? t('copySafe')}
    </Button>
  );
}
