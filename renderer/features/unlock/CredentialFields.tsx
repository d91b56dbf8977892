import { Button, Select } from '@mantine/core';
import { FileKey } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { SlotFactor } from '#shared/contract/slots.ts';
import { unlockHost } from '../../api/bridge.ts';
import type { TypedCredentials } from './credentials.ts';
import { PassphraseField } from './PassphraseField.tsx';
import css from './unlock.module.css';

/** Where the second factor of a passphrase lies: a file that is chosen each time. */
export function KeyFileButton({
  name,
  onChosen,
}: {
  name: string | null;
  onChosen: (file: TypedCredentials['keyFile']) => void;
}): JSX.Element {
  const { t } = useTranslation('unlock');
  return (
    <Button
      justify="flex-start"
      leftSection={<FileKey size={17} aria-hidden />}
      onClick={() =>
        void unlockHost()
          .chooseFiles({ multiple: false })
          .then(([file]) => file && onChosen(file))
      }
    >
      {name === null ? t('factor.choose') : t('factor.chosen', { name })}
    </Button>
  );
}

/** Somebody's passphrase, and what their way in asks for besides. */
export function CredentialFields(props: {
  label: string;
  value: TypedCredentials;
  onChange: (value: TypedCredentials) => void;
  machine: boolean;
  autoFocus?: boolean;
}): JSX.Element {
  const { t } = useTranslation('unlock');
  const { value, onChange } = props;
  return (
    <div className={css.credentials}>
      <PassphraseField
        label={props.label}
        value={value.passphrase}
        onChange={(passphrase) => onChange({ ...value, passphrase })}
        {...(props.autoFocus === true ? { autoFocus: true } : {})}
      />
      <div className={css.factor}>
        <Select
          size="xs"
          aria-label={t('factor.of', { field: props.label })}
          allowDeselect={false}
          value={value.factor}
          data={[
            { value: 'none', label: t('factor.none') },
            { value: 'keyFile', label: t('factor.keyFile') },
            ...(props.machine ? [{ value: 'machine', label: t('factor.machine') }] : []),
          ]}
          onChange={(factor) => factor !== null && onChange({ ...value, factor: factor as SlotFactor })}
        />
        {value.factor === 'keyFile' && (
          <KeyFileButton
            name={value.keyFile?.name ?? null}
            onChosen={(keyFile) => onChange({ ...value, keyFile })}
          />
        )}
      </div>
    </div>
  );
}
