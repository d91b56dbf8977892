import { Button, Radio, TextInput } from '@mantine/core';
import { FolderPlus } from 'lucide-react';
import { useEffect, useState, type FormEvent, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { BridgeFailure, VaultToken } from '#shared/contract/bridge.ts';
import { unlockHost } from '../../api/bridge.ts';
import { errorWords } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { FreshPassphrase, freshCredentials, isFreshReady } from './FreshPassphrase.tsx';
import css from './unlock.module.css';

type Use = 'real' | 'practice';

/** A vault in a minute and a half: who you are, a passphrase twice, a place. */
export function CreateVault({
  notice,
  practiceOnly,
}: {
  notice: BridgeFailure | null;
  practiceOnly: boolean;
}): JSX.Element {
  const { t, i18n } = useTranslation('unlock');
  const [use, setUse] = useState<Use>(practiceOnly ? 'practice' : 'real');
  const [name, setName] = useState('');
  const [fresh, setFresh] = useState(freshCredentials('none'));
  const [vault, setVault] = useState<VaultToken | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<BridgeFailure | null>(notice);

  useEffect(() => {
    void unlockHost().defaultVault().then(setVault);
  }, []);
  const ready = vault !== null && name.trim() !== '' && isFreshReady(fresh);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setFailure(null);
    const answer = await unlockHost().call('vault.create', {
      folder: vault.id,
      use,
      ownerName: name.trim(),
      passphrase: fresh.passphrase,
    });
    setFresh(freshCredentials('none'));
    if (!answer.ok) {
      setBusy(false);
      setFailure(answer.error);
    }
  };
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)} aria-label={t('create.title')}>
      {failure && <Notice tone="danger">{errorWords(i18n.language, failure.code, failure.params)}</Notice>}
      <Radio.Group label={t('create.use')} value={use} onChange={(value) => setUse(value as Use)}>
        <div className={css.use}>
          <Radio
            value="real"
            label={t('create.real')}
            description={t('create.realNote')}
            disabled={practiceOnly}
          />
          <Radio value="practice" label={t('create.practice')} description={t('create.practiceNote')} />
        </div>
      </Radio.Group>
      <TextInput
        label={t('create.name')}
        description={t('create.nameNote')}
        value={name}
        required
        withAsterisk={false}
        autoComplete="off"
        autoFocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <FreshPassphrase label={t('passphrase')} value={fresh} onChange={setFresh} />
      <div className={css.vault}>
        <FolderPlus size={19} aria-hidden />
        <span className={css.vaultName}>
          {vault?.name ?? '…'}
          <small>{t('create.where')}</small>
        </span>
        <Button
          size="compact-sm"
          onClick={() =>
            void unlockHost()
              .chooseVault('create')
              .then((chosen) => chosen && setVault(chosen))
          }
        >
          {t('create.change')}
        </Button>
      </div>
      {vault?.refused && (
        <Notice tone="danger">{errorWords(i18n.language, vault.refused.code, vault.refused.params)}</Notice>
      )}
      <Button type="submit" variant="filled" loading={busy} disabled={!ready}>
        {t('create.action')}
      </Button>
      <p className="rg-small rg-muted" role="status">
        {busy ? t('create.deriving') : t('create.warning')}
      </p>
    </form>
  );
}
