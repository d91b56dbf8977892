import { Button } from '@mantine/core';
import { FolderOpen, LockKeyhole } from 'lucide-react';
import { useState, type FormEvent, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { BridgeFailure, UnlockContext } from '#shared/contract/bridge.ts';
import { unlockHost } from '../../api/bridge.ts';
import { formatInstant } from '../../lib/format.ts';
import { errorWords } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { isSecretTyped, noSecret, SecretFields, unlockInput } from './SecretFields.tsx';
import css from './unlock.module.css';

interface Picked {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly refused: BridgeFailure | null;
}

/** Choose a vault and type its passphrase. */
export function OpenVault({ context }: { context: UnlockContext }): JSX.Element {
  const { t, i18n } = useTranslation('unlock');
  const recents: Picked[] = context.recents.map((recent) => ({
    id: recent.id,
    name: t('open.recent', { number: recent.ordinal }),
    note: t('open.last', { when: formatInstant(new Date(recent.lastOpenedMs).toISOString()) }),
    refused: recent.refused,
  }));
  const before = context.vault;
  const [vault, setVault] = useState<Picked | null>(
    before
      ? { id: before.id, name: before.name, note: '', refused: before.refused }
      : recents.length === 1
        ? (recents[0] ?? null)
        : null,
  );
  const [secret, setSecret] = useState(noSecret);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<BridgeFailure | null>(context.notice);
  const shown = vault?.refused ?? failure;

  const choose = async (): Promise<void> => {
    const chosen = await unlockHost().chooseVault('open');
    if (chosen) {
      setFailure(null);
      setVault({ id: chosen.id, name: chosen.name, note: '', refused: chosen.refused });
    }
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!vault || busy || !isSecretTyped(secret)) return;
    setBusy(true);
    setFailure(null);
    const made = await unlockInput(secret);
    const answer = made.ok
      ? await unlockHost().call('vault.unlock', { folder: vault.id, ...made.value })
      : made;
    // What is corrected by comparing with paper stays to be corrected; a passphrase does not.
    if (secret.way === 'passphrase') setSecret(noSecret);
    if (!answer.ok) {
      setBusy(false);
      setFailure(answer.error);
    }
  };
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)} aria-label={t('open.title')}>
      {shown && <Notice tone="danger">{errorWords(i18n.language, shown.code, shown.params)}</Notice>}
      {vault ? (
        <div className={css.vault}>
          <LockKeyhole size={19} aria-hidden />
          <span className={css.vaultName}>
            {vault.name}
            {vault.note !== '' && <small>{vault.note}</small>}
          </span>
          <Button size="compact-sm" onClick={() => (recents.length > 1 ? setVault(null) : void choose())}>
            {t('open.other')}
          </Button>
        </div>
      ) : (
        <div className={css.choices}>
          {recents.map((recent) => (
            <Button
              key={recent.id}
              justify="flex-start"
              leftSection={<LockKeyhole size={17} />}
              onClick={() => {
                setFailure(null);
                setVault(recent);
              }}
            >
              {recent.name} · {recent.note}
            </Button>
          ))}
          <Button justify="flex-start" leftSection={<FolderOpen size={17} />} onClick={() => void choose()}>
            {t('open.choose')}
          </Button>
        </div>
      )}
      {vault && vault.refused === null && (
        <>
          <SecretFields
            label={t('passphrase')}
            value={secret}
            onChange={setSecret}
            machine={context.machineSecret}
            autoFocus
          />
          <Button type="submit" variant="filled" loading={busy} disabled={!isSecretTyped(secret)}>
            {t('open.action')}
          </Button>
          <p className="rg-small rg-muted" role="status">
            {busy ? t('open.deriving') : t('open.wait')}
          </p>
        </>
      )}
    </form>
  );
}
