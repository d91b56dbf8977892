import { Button, Checkbox } from '@mantine/core';
import { Dices } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { SlotFactor } from '#shared/contract/slots.ts';
import { unlockHost } from '../../api/bridge.ts';
import { Notice } from '../../ui/Notice.tsx';
import { KeyFileButton } from './CredentialFields.tsx';
import type { TypedCredentials } from './credentials.ts';
import { PassphraseField } from './PassphraseField.tsx';
import css from './unlock.module.css';

export interface FreshTyped extends TypedCredentials {
  readonly again: string;
  readonly accepted: boolean;
  readonly editableKeyFile: boolean;
}
export const freshCredentials = (factor: SlotFactor): FreshTyped => ({
  passphrase: '',
  again: '',
  accepted: false,
  factor,
  keyFile: null,
  editableKeyFile: false,
});
export const isFreshReady = (fresh: FreshTyped): boolean =>
  fresh.accepted &&
  fresh.again === fresh.passphrase &&
  (fresh.factor !== 'keyFile' || fresh.keyFile !== null);

interface Rating {
  readonly score: number;
  readonly accepted: boolean;
}

const useRating = (passphrase: string): Rating | null => {
  const { i18n } = useTranslation();
  const [rating, setRating] = useState<Rating | null>(null);
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
          if (current && answer.ok) setRating(answer.value as Rating);
        });
    }, 200);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [passphrase, i18n.language]);
  return rating;
};

/** A new passphrase: made by chance or invented, measured, typed twice. */
export function FreshPassphrase(props: {
  label: string;
  value: FreshTyped;
  onChange: (value: FreshTyped) => void;
}): JSX.Element {
  const { t, i18n } = useTranslation('unlock');
  const { value, onChange } = props;
  const [made, setMade] = useState<string | null>(null);
  const rating = useRating(value.passphrase);
  const accepted = rating?.accepted === true;
  useEffect(() => {
    if (value.accepted !== accepted) onChange({ ...value, accepted });
  }, [accepted, value, onChange]);
  const generate = async (): Promise<void> => {
    const answer = await unlockHost().call('passphrases.generate', { language: i18n.language });
    if (!answer.ok) return;
    const { passphrase } = answer.value as { passphrase: string };
    setMade(passphrase);
    // Only shown: whoever wants it writes it down and types it, twice.
    onChange({ ...value, passphrase: '', again: '' });
  };
  const differs = value.again !== '' && value.again !== value.passphrase;
  const score = rating?.score ?? 0;
  return (
    <div className={css.fresh}>
      <div className={css.generate}>
        <Button
          size="compact-sm"
          leftSection={<Dices size={16} aria-hidden />}
          onClick={() => void generate()}
        >
          {t(made === null ? 'fresh.generate' : 'fresh.another')}
        </Button>
        <span className="rg-small rg-muted">{t('fresh.generateNote')}</span>
      </div>
      {made !== null && (
        <output className={css.made} aria-label={t('fresh.made')}>
          {made}
        </output>
      )}
      <div>
        <PassphraseField
          label={props.label}
          value={value.passphrase}
          onChange={(passphrase) => onChange({ ...value, passphrase })}
          fresh
        />
        <div className={css.bars} aria-hidden>
          {[1, 2, 3, 4].map((step) => (
            <span
              key={step}
              className={css.bar}
              data-on={value.passphrase !== '' && (score >= step || step === 1)}
              data-low={!accepted}
            />
          ))}
        </div>
        <p className="rg-small rg-muted" role="status">
          {rating === null
            ? t('create.advice')
            : accepted
              ? t(score >= 4 ? 'create.strong' : 'create.good')
              : t('create.weak')}
        </p>
      </div>
      <PassphraseField
        label={t('create.again')}
        value={value.again}
        onChange={(again) => onChange({ ...value, again })}
        fresh
        error={differs ? t('create.differs') : undefined}
      />
      {value.factor === 'keyFile' && (
        <>
          <KeyFileButton
            name={value.keyFile?.name ?? null}
            onChosen={(keyFile) => onChange({ ...value, keyFile })}
          />
          <Checkbox
            color="teal.8"
            label={t('factor.editable')}
            description={t('factor.editableNote')}
            checked={value.editableKeyFile}
            onChange={(event) => onChange({ ...value, editableKeyFile: event.currentTarget.checked })}
          />
        </>
      )}
      {value.factor === 'machine' && <Notice tone="primary">{t('factor.machineNote')}</Notice>}
    </div>
  );
}
