import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '../lib/use-error-text.ts';
import { Notice } from './Notice.tsx';

/** Why a page shows nothing of the draft that somebody came back for: it could not be read, or there is none any more. */
export function DraftTrouble({ of }: { of: { error: unknown; gone: boolean } }): JSX.Element | null {
  const { t } = useTranslation();
  const words = useErrorText();
  if (of.error === null && !of.gone) return null;
  return (
    <div style={{ marginBottom: 10 }}>
      {of.error === null ? (
        <Notice tone="due">{t('draft.gone')}</Notice>
      ) : (
        <Notice tone="danger" title={t('draft.unread')}>
          {words(of.error)}
        </Notice>
      )}
    </div>
  );
}
