import { Button } from '@mantine/core';
import { useState, type FormEvent, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { BridgeFailure, UnlockContext } from '#shared/contract/bridge.ts';
import type { Output } from '../../api/contract.ts';
import { unlockHost } from '../../api/bridge.ts';
import { formatInstant, formatNumber } from '../../lib/format.ts';
import { errorWords } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { isSecretTyped, noSecret, SecretFields, secretInput } from './SecretFields.tsx';
import { TaskLine } from './TaskLine.tsx';
import css from './unlock.module.css';

type Rehearsed = Output<'backup.rehearse'>;

/**
 * Restores a backup for a trial, with something typed now: only so is it known that whoever needs it one day
 * can open it.
 */
export function RehearseForm({ context, target }: { context: UnlockContext; target: string }): JSX.Element {
  const { t, i18n } = useTranslation('unlock');
  const [secret, setSecret] = useState(noSecret);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<BridgeFailure | null>(context.notice);
  const [result, setResult] = useState<Rehearsed | null>(null);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || !isSecretTyped(secret)) return;
    setBusy(true);
    setFailure(null);
    const made = await secretInput(secret);
    const answer = made.ok
      ? await unlockHost().call('backup.rehearse', { target, secret: made.value })
      : made;
    setSecret({ ...noSecret, way: secret.way });
    setBusy(false);
    if (answer.ok) setResult(answer.value as Rehearsed);
    else setFailure(answer.error);
  };
  if (result !== null) {
    const { counts } = result;
    return (
      <div className={css.form}>
        {result.ok ? (
          <Notice tone="verified" title={t('rehearse.good')}>
            {t('rehearse.goodText', {
              when: formatInstant(result.snapshot.takenAt),
              cases: formatNumber(counts.cases),
              incidents: formatNumber(counts.incidents),
              persons: formatNumber(counts.persons),
              evidence: formatNumber(counts.evidence),
              objects: formatNumber(result.objects),
            })}
          </Notice>
        ) : (
          <>
            <Notice tone="danger" title={t('rehearse.bad', { count: result.findings.length })} />
            <ul className={css.comesBack}>
              {result.findings.slice(0, 50).map((one) => (
                <li key={`${one.part}${one.subject}`}>{errorWords(i18n.language, one.code)}</li>
              ))}
            </ul>
          </>
        )}
        {result.wentBack && <Notice tone="danger">{t('rehearse.wentBack')}</Notice>}
        {result.changesBehind > 0 && (
          <Notice tone="primary">{t('rehearse.behind', { count: result.changesBehind })}</Notice>
        )}
        <Button variant="filled" onClick={() => void unlockHost().cancel()}>
          {t('rehearse.close')}
        </Button>
      </div>
    );
  }
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)} aria-label={t('rehearse.title')}>
      <div>
        <h2 className={css.ticketTitle}>{t('rehearse.title')}</h2>
        <p className="rg-small rg-muted">{t('rehearse.text')}</p>
      </div>
      {failure && <Notice tone="danger">{errorWords(i18n.language, failure.code, failure.params)}</Notice>}
      <SecretFields
        label={t('passphrase')}
        value={secret}
        onChange={setSecret}
        machine={context.machineSecret}
        autoFocus
      />
      <Button type="submit" variant="filled" loading={busy} disabled={!isSecretTyped(secret)}>
        {t('rehearse.action')}
      </Button>
      <TaskLine running={busy} />
    </form>
  );
}
