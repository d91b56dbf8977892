import { Button, Select } from '@mantine/core';
import { FolderOpen, FolderPlus } from 'lucide-react';
import { useEffect, useState, type FormEvent, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { BridgeFailure, FileToken, UnlockContext, VaultToken } from '#shared/contract/bridge.ts';
import type { Output } from '../../api/contract.ts';
import { unlockHost } from '../../api/bridge.ts';
import { formatBytes, formatInstant, formatNumber } from '../../lib/format.ts';
import { errorWords } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { isSecretTyped, noSecret, SecretFields, secretInput, type TypedSecret } from './SecretFields.tsx';
import { RestorePlanView } from './RestorePlanView.tsx';
import { TaskLine } from './TaskLine.tsx';
import css from './unlock.module.css';

type Inspected = Output<'backup.inspect'>;
type Plan = Output<'backup.planRestore'>;
type Restored = Output<'backup.restore'>;

const chooseFolder = async (): Promise<FileToken | null> =>
  (await unlockHost().chooseFiles({ multiple: false, folders: true }))[0] ?? null;

/**
 * From a backup to a vault: which backup and what opens it, which of its copies and where to, what would come
 * back that had been taken away, and then the day of the copy, typed.
 */
export function RestoreVault(props: {
  context: UnlockContext;
  onRestored: (vault: VaultToken) => void;
}): JSX.Element {
  const { t, i18n } = useTranslation('unlock');
  const [source, setSource] = useState<FileToken | null>(null);
  const [secret, setSecret] = useState<TypedSecret>(noSecret);
  const [found, setFound] = useState<Inspected | null>(null);
  const [snapshot, setSnapshot] = useState<string | null>(null);
  const [folder, setFolder] = useState<VaultToken | null>(null);
  const [newer, setNewer] = useState<FileToken | null>(null);
  const [plan, setPlan] = useState<Plan | null>(null);
  const [restored, setRestored] = useState<Restored | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<BridgeFailure | null>(props.context.notice);

  useEffect(() => {
    void unlockHost().defaultVault().then(setFolder);
  }, []);

  const run = async <T,>(method: string, input: Record<string, unknown>, take: (value: T) => void) => {
    if (busy || source === null) return;
    setBusy(true);
    setFailure(null);
    const made = await secretInput(secret);
    const answer = made.ok
      ? await unlockHost().call(method, { source: source.id, secret: made.value, ...input })
      : made;
    setBusy(false);
    if (answer.ok) take(answer.value as T);
    else setFailure(answer.error);
  };
  const place = {
    ...(snapshot === null ? {} : { snapshot }),
    folder: folder?.id ?? '',
    ...(newer === null ? {} : { newer: newer.id }),
  };
  const inspect = (event: FormEvent): void => {
    event.preventDefault();
    void run<Inspected>('backup.inspect', {}, (value) => {
      setFound(value);
      setSnapshot(value.snapshots[0]?.id ?? null);
    });
  };
  const notice = failure && (
    <Notice tone="danger">{errorWords(i18n.language, failure.code, failure.params)}</Notice>
  );
  if (restored !== null && folder !== null) {
    return (
      <div className={css.form}>
        <Notice tone="verified" title={t('restore.done')}>
          {t('restore.doneText', {
            objects: formatNumber(restored.counts.objects),
            journal: formatNumber(restored.counts.journal),
            applied: formatNumber(restored.applied),
          })}
        </Notice>
        {restored.rotationAdvised && <Notice tone="due">{t('restore.rotate')}</Notice>}
        <Button variant="filled" onClick={() => props.onRestored(folder)}>
          {t('restore.openIt')}
        </Button>
      </div>
    );
  }
  if (plan !== null)
    return (
      <RestorePlanView
        plan={plan}
        busy={busy}
        notice={notice}
        onBack={() => setPlan(null)}
        onRestore={(confirmDay, apply) =>
          void run<Restored>(
            'backup.restore',
            { ...place, confirmDay, apply, planCode: plan.planCode },
            (value) => {
              setSecret(noSecret);
              setRestored(value);
            },
          )
        }
      />
    );
  if (found === null)
    return (
      <form className={css.form} onSubmit={inspect} aria-label={t('restore.title')}>
        <p className="rg-small rg-muted">{t('restore.text')}</p>
        {notice}
        <div className={css.vault}>
          <FolderOpen size={19} aria-hidden />
          <span className={css.vaultName}>
            {source?.name ?? t('restore.noSource')}
            <small>{t('restore.source')}</small>
          </span>
          <Button
            size="compact-sm"
            onClick={() => void chooseFolder().then((chosen) => chosen && setSource(chosen))}
          >
            {t('restore.choose')}
          </Button>
        </div>
        <SecretFields
          label={t('passphrase')}
          value={secret}
          onChange={setSecret}
          machine={props.context.machineSecret}
        />
        <Button
          type="submit"
          variant="filled"
          loading={busy}
          disabled={source === null || !isSecretTyped(secret)}
        >
          {t('restore.look')}
        </Button>
        <TaskLine running={busy} />
      </form>
    );
  return (
    <form
      className={css.form}
      aria-label={t('restore.which')}
      onSubmit={(event) => {
        event.preventDefault();
        void run<Plan>('backup.planRestore', place, setPlan);
      }}
    >
      <h2 className={css.ticketTitle}>{t('restore.which')}</h2>
      {notice}
      {(found.laterChanges ?? 0) > 0 && (
        <Notice tone="due">{t('restore.later', { count: found.laterChanges ?? 0 })}</Notice>
      )}
      <Select
        label={t('restore.snapshot')}
        allowDeselect={false}
        value={snapshot}
        data={found.snapshots.map((one) => ({
          value: one.id,
          label: t('restore.snapshotOf', {
            when: formatInstant(one.takenAt),
            size: formatBytes(one.bytes),
            count: one.objects,
          }),
        }))}
        onChange={setSnapshot}
      />
      <div className={css.vault}>
        <FolderPlus size={19} aria-hidden />
        <span className={css.vaultName}>
          {folder?.name ?? '…'}
          <small>{t('restore.where')}</small>
        </span>
        <Button
          size="compact-sm"
          onClick={() =>
            void unlockHost()
              .chooseVault('create')
              .then((chosen) => chosen && setFolder(chosen))
          }
        >
          {t('create.change')}
        </Button>
      </div>
      <div className={css.vault}>
        <FolderOpen size={19} aria-hidden />
        <span className={css.vaultName}>
          {newer?.name ?? t('restore.noNewer')}
          <small>{t('restore.newer')}</small>
        </span>
        <Button
          size="compact-sm"
          onClick={() => void chooseFolder().then((chosen) => chosen && setNewer(chosen))}
        >
          {t('restore.choose')}
        </Button>
      </div>
      <Button type="submit" variant="filled" loading={busy} disabled={snapshot === null || folder === null}>
        {t('restore.plan')}
      </Button>
      <TaskLine running={busy} />
    </form>
  );
}
