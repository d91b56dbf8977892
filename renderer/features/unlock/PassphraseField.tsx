import { PasswordInput } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useState, type JSX, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import css from './unlock.module.css';

/** A passphrase: hidden, shown on request, with a word about capitals. Kept nowhere but in the field. */
export function PassphraseField(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  autoFocus?: boolean;
  fresh?: boolean;
  error?: ReactNode;
}): JSX.Element {
  const { t } = useTranslation('unlock');
  const [caps, setCaps] = useState(false);
  const look = (event: KeyboardEvent): void => setCaps(event.getModifierState('CapsLock'));
  return (
    <div>
      <PasswordInput
        label={props.label}
        value={props.value}
        required
        withAsterisk={false}
        data-autofocus={props.autoFocus}
        autoFocus={props.autoFocus ?? false}
        autoComplete={props.fresh ? 'new-password' : 'off'}
        spellCheck={false}
        error={props.error}
        visibilityToggleButtonProps={{ 'aria-label': t('show') }}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        onKeyDown={look}
        onKeyUp={look}
      />
      <div className={css.caps} role="status">
        {caps && (
          <>
            <TriangleAlert size={15} aria-hidden />
            {t('caps')}
          </>
        )}
      </div>
    </div>
  );
}
