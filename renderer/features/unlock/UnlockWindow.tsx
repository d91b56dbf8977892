import { Button, SegmentedControl } from '@mantine/core';
import { ShieldCheck } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { UnlockContext, VaultToken } from '#shared/contract/bridge.ts';
import { unlockHost } from '../../api/bridge.ts';
import { changeLanguage, type Language } from '../../i18n/index.ts';
import { CreateVault } from './CreateVault.tsx';
import { rehearsedTarget } from './local-ticket.ts';
import { OpenVault } from './OpenVault.tsx';
import { RehearseForm } from './RehearseForm.tsx';
import { RestoreVault } from './RestoreVault.tsx';
import { TicketForm } from './TicketForm.tsx';
import css from './unlock.module.css';

type Mode = 'open' | 'create' | 'restore';

/** Each attempt has a fresh window: what the last one was about is told by why it failed. */
const firstMode = ({ notice, recents, vault }: UnlockContext): Mode => {
  const ofBackup = notice !== null && vault === null && /^(backup|recovery|vault\.wrong)/u.test(notice.code);
  if (ofBackup) return 'restore';
  return recents.length > 0 || vault !== null || notice !== null ? 'open' : 'create';
};

/** What a ticket of the open vault wants typed. */
const OfTicket = ({ context, ticket }: { context: UnlockContext; ticket: string }): JSX.Element => {
  const target = rehearsedTarget(ticket);
  return target === null ? (
    <TicketForm context={context} ticket={ticket} />
  ) : (
    <RehearseForm context={context} target={target} />
  );
};

/** The small window that takes passphrases: open a vault, make one, restore one, or prove who is there. */
export function UnlockWindow({ context }: { context: UnlockContext }): JSX.Element {
  const { t, i18n } = useTranslation('unlock');
  const [mode, setMode] = useState<Mode>(firstMode(context));
  const [restored, setRestored] = useState<VaultToken | null>(null);
  const setLanguage = (language: Language): void => {
    changeLanguage(language);
    void unlockHost().setLanguage(language);
  };
  return (
    <div className={css.page}>
      <main className={css.card}>
        <div className={css.brand} data-small={context.ticket !== null}>
          <ShieldCheck size={30} aria-hidden />
          <div>
            <h1>{t('product')}</h1>
            {context.ticket === null && <p>{t('promise')}</p>}
          </div>
        </div>
        {unlockHost().host === 'preview' && <p className={css.preview}>{t('preview')}</p>}
        {context.ticket !== null ? (
          <OfTicket context={context} ticket={context.ticket} />
        ) : mode === 'open' ? (
          <OpenVault context={restored === null ? context : { ...context, vault: restored, notice: null }} />
        ) : mode === 'create' ? (
          <CreateVault notice={context.notice} practiceOnly={unlockHost().host === 'preview'} />
        ) : (
          <RestoreVault
            context={context}
            onRestored={(vault) => {
              setRestored(vault);
              setMode('open');
            }}
          />
        )}
        <div className={css.foot}>
          {context.ticket === null ? (
            <div className={css.modes}>
              {(['open', 'create', 'restore'] as const)
                .filter((other) => other !== mode)
                .map((other) => (
                  <Button key={other} variant="subtle" size="compact-sm" onClick={() => setMode(other)}>
                    {t(`${other}.instead`)}
                  </Button>
                ))}
            </div>
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
