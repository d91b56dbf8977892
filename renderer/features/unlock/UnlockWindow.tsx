import { Button, SegmentedControl } from '@mantine/core';
import { ShieldCheck } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { UnlockContext } from '#shared/contract/bridge.ts';
import { unlockHost } from '../../api/bridge.ts';
import { changeLanguage, type Language } from '../../i18n/index.ts';
import { CreateVault } from './CreateVault.tsx';
import { OpenVault } from './OpenVault.tsx';
import css from './unlock.module.css';

/** The small window that takes passphrases: open a vault, or make one. */
export function UnlockWindow({ context }: { context: UnlockContext }): JSX.Element {
  const { t, i18n } = useTranslation('unlock');
  const known = context.recents.length > 0 || context.vault !== null;
  const [mode, setMode] = useState<'open' | 'create'>(known || context.notice !== null ? 'open' : 'create');
  const setLanguage = (language: Language): void => {
    changeLanguage(language);
    void unlockHost().setLanguage(language);
  };
  return (
    <div className={css.page}>
      <main className={css.card}>
        <div className={css.brand}>
          <ShieldCheck size={30} aria-hidden />
          <div>
            <h1>{t('product')}</h1>
            <p>{t('promise')}</p>
          </div>
        </div>
        {unlockHost().host === 'preview' && <p className={css.preview}>{t('preview')}</p>}
        {mode === 'open' ? (
          <OpenVault context={context} />
        ) : (
          <CreateVault notice={context.notice} practiceOnly={unlockHost().host === 'preview'} />
        )}
        <div className={css.foot}>
          {context.ticket === null ? (
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() => setMode(mode === 'open' ? 'create' : 'open')}
            >
              {mode === 'open' ? t('create.instead') : t('open.instead')}
            </Button>
          ) : (
            <Button variant="subtle" size="compact-sm" onClick={() => void unlockHost().cancel()}>
              {t('cancel')}
            </Button>
          )}
          <SegmentedControl
            size="xs"
            aria-label={t('language')}
            value={i18n.language}
            onChange={(value) => setLanguage(value as Language)}
            data={[
              { value: 'es', label: 'Español' },
              { value: 'en', label: 'English' },
            ]}
          />
        </div>
      </main>
    </div>
  );
}
