import { Button, Select, Textarea } from '@mantine/core';
import { Plus } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { BridgeFailure } from '#shared/contract/bridge.ts';
import { CredentialFields } from './CredentialFields.tsx';
import { credentialsOf, isTyped, noCredentials } from './credentials.ts';
import type { TypedCredentials } from './credentials.ts';
import css from './unlock.module.css';

export const WAYS = ['passphrase', 'words', 'shares'] as const;
export type Way = (typeof WAYS)[number];

/** Whatever opens a vault or a backup, as it is being typed. */
export interface TypedSecret {
  readonly way: Way;
  readonly credentials: TypedCredentials;
  readonly words: string;
  readonly shares: readonly string[];
}
export const noSecret: TypedSecret = {
  way: 'passphrase',
  credentials: noCredentials,
  words: '',
  shares: ['', ''],
};

const filled = (typed: TypedSecret): string[] =>
  typed.shares.map((share) => share.trim()).filter((share) => share !== '');

export const isSecretTyped = (typed: TypedSecret): boolean =>
  typed.way === 'passphrase'
    ? isTyped(typed.credentials)
    : typed.way === 'words'
      ? typed.words.trim() !== ''
      : filled(typed).length > 0;

type Made<T> = { ok: true; value: T } | { ok: false; error: BridgeFailure };

/** For `vault.unlock`: one way in among its fields. */
export async function unlockInput(typed: TypedSecret): Promise<Made<Record<string, unknown>>> {
  if (typed.way === 'words') return { ok: true, value: { words: typed.words } };
  if (typed.way === 'shares') return { ok: true, value: { shares: filled(typed) } };
  return credentialsOf(typed.credentials);
}

/** For the methods of backups, which name the kind. */
export async function secretInput(typed: TypedSecret): Promise<Made<Record<string, unknown>>> {
  const made = await unlockInput(typed);
  return made.ok ? { ok: true, value: { kind: typed.way, ...made.value } } : made;
}

const TEXT = { autoComplete: 'off', spellCheck: false, autosize: true, minRows: 3 } as const;

/** A passphrase, the words on paper, or the pages of several people. */
export function SecretFields(props: {
  label: string;
  value: TypedSecret;
  onChange: (value: TypedSecret) => void;
  machine: boolean;
  autoFocus?: boolean;
}): JSX.Element {
  const { t } = useTranslation('unlock');
  const { value, onChange } = props;
  return (
    <>
      {value.way === 'passphrase' && (
        <CredentialFields
          label={props.label}
          value={value.credentials}
          onChange={(credentials) => onChange({ ...value, credentials })}
          machine={props.machine}
          {...(props.autoFocus === true ? { autoFocus: true } : {})}
        />
      )}
      {value.way === 'words' && (
        <Textarea
          {...TEXT}
          label={t('way.wordsLabel')}
          description={t('way.wordsNote')}
          value={value.words}
          autoFocus
          onChange={(event) => onChange({ ...value, words: event.currentTarget.value })}
        />
      )}
      {value.way === 'shares' && (
        <>
          {value.shares.map((share, at) => (
            <Textarea
              {...TEXT}
              key={at}
              label={t('way.page', { number: at + 1 })}
              value={share}
              autoFocus={at === 0}
              onChange={(event) => {
                const text = event.currentTarget.value;
                onChange({ ...value, shares: value.shares.map((one, k) => (k === at ? text : one)) });
              }}
            />
          ))}
          <div>
            <Button
              size="compact-sm"
              leftSection={<Plus size={15} aria-hidden />}
              disabled={value.shares.length >= 16}
              onClick={() => onChange({ ...value, shares: [...value.shares, ''] })}
            >
              {t('way.morePages')}
            </Button>
          </div>
        </>
      )}
      <div className={css.way}>
        <Select
          size="xs"
          label={t('way.label')}
          allowDeselect={false}
          value={value.way}
          data={WAYS.map((way) => ({ value: way, label: t(`way.${way}`) }))}
          onChange={(way) => way !== null && onChange({ ...value, way: way as Way })}
        />
      </div>
    </>
  );
}
