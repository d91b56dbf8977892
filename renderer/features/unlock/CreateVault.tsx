import { Button, Radio, TextInput } from '@mantine/core';
import { FolderPlus } from 'lucide-react';
import { useEffect, useState, type FormEvent, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { BridgeFailure, VaultToken } from '#shared/contract/bridge.ts';
import { unlockHost } from '../../api/bridge.ts';
import { errorWords } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { PassphraseField } from './PassphraseField.tsx';
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
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [vault, setVault] = useState<VaultToken | null>(null);
  const [rating, setRating] = useState<{ score: number; accepted: boolean } | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<BridgeFailure | null>(notice);

  useEffect(() => {
    void unlockHost().defaultVault().then(setVault);
  }, []);
  useEffect(() => {
    if (passphrase === '') {
      setRating(null);
      return undefined;
    }
    let current = true;
    const timer = setTimeout(() => {
      void unlockHost()
        .call('vault.rate', { passphrase, language: i18n.language })
        .then((answer) => {
          if (current && answer.ok) setRating(answer.value as { score: number; accepted: boolean });
        });
    }, 200);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [passphrase, i18n.language]);

  const differs = again !== '' && again !== passphrase;
  const ready = vault !== null && name.trim() !== '' && rating?.accepted === true && again === passphrase;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setFailure(null);
    const answer = await unlockHost().call('vault.create', {
      folder: vault.id,
      use,
      ownerName: name.trim(),
      passphrase,
    });
    setPassphrase('');
    setAgain('');
    if (!answer.ok) {
      setBusy(false);
      setFailure(answer.error);
    }
  };
  const score = rating?.score ?? 0;
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
      <div>
        <PassphraseField label={t('passphrase')} value={passphrase} onChange={setPassphrase} fresh />
        <div className={css.bars} aria-hidden>
          {[1, 2, 3, 4].map((step) => (
            <span
              key={step}
              className={css.bar}
              data-on={passphrase !== '' && (score >= step || step === 1)}
              data-low={rating?.accepted !== true}
            />
          ))}
        </div>
        <p className="rg-small rg-muted" role="status">
          {rating === null
            ? t('create.advice')
            : rating.accepted
              ? t(score >= 4 ? 'create.strong' : 'create.good')
              : t('create.weak')}
        </p>
      </div>
      <PassphraseField
        label={t('create.again')}
        value={again}
        onChange={setAgain}
        fresh
        error={differs ? t('create.differs') : undefined}
      />
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
