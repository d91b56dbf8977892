import { Button, Loader, NumberInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { HardDriveDownload, HardDrive, Settings2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { TargetId } from '#shared/model/ids.ts';
import { codeOf, host } from '../../api/bridge.ts';
import { useCommand, useQuery, useTask } from '../../api/hooks.ts';
import { notify } from '../../lib/notify.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Panel, Stack } from '../../ui/Panel.tsx';
import { BackupTargetPanel } from './BackupTargetPanel.tsx';

/** Copies of the vault: where, how old, looked through, rehearsed. */
export function BackupPage(): JSX.Element {
  const { t } = useTranslation(['backup', 'ui']);
  const words = useErrorText();
  const session = useQuery('vault.status', {}).data;
  const keys = session?.actor?.powers.includes('keys') ?? false;
  const query = useQuery('backup.state', {});
  const state = query.data;
  const run = useTask('backup.run');
  const set = useCommand('backup.setPreferences');
  const [ahead, setAhead] = useState<TargetId | null>(null);

  const backUp = (target: TargetId, acceptAhead = false): void => {
    setAhead(null);
    run.mutate(
      { target, acceptAhead },
      {
        onSuccess: (result) => notify(t(result.newSnapshot ? 'done' : 'unchanged')),
        onError: (thrown) => {
          if (codeOf(thrown).code === 'backup.targetAhead') setAhead(target);
        },
      },
    );
  };
  const elsewhere = async (): Promise<void> => {
    const chosen = await host().chooseTarget({ kind: 'folder', suggestedName: t('folderName') });
    if (chosen !== null) backUp(chosen.id as TargetId);
  };
  const due = state?.reminder.due ?? 'none';
  const error = query.error ?? run.error ?? set.error;
  return (
    <>
      <PageHeader
        title={t('title')}
        crumbs={<Link to="/settings">{t('crumb')}</Link>}
        actions={
          <Button
            variant="filled"
            leftSection={<HardDriveDownload size={17} aria-hidden />}
            loading={run.isPending}
            onClick={() => void elsewhere()}
          >
            {t(state?.targets.length === 0 ? 'first' : 'elsewhere')}
          </Button>
        }
      />
      {error !== null && <Notice tone="danger">{words(error)}</Notice>}
      {ahead !== null && (
        <Notice tone="due">
          <Button onClick={() => backUp(ahead, true)}>{t('acceptAhead')}</Button>
        </Notice>
      )}
      {!state && query.isPending && <Loader role="status" aria-label={t('ui:loading')} />}
      {state && (
        <Columns
          main={
            <>
              {due !== 'none' && (
                <Notice
                  tone={due === 'failing' || due === 'clockWrong' ? 'danger' : 'due'}
                  title={t(`due.${due}`)}
                >
                  {t(`dueText.${due}`, {
                    days: state.reminder.daysSinceSuccess ?? 0,
                    changes: state.reminder.changesSince,
                  })}
                </Notice>
              )}
              {state.targets.length === 0 && (
                <Panel title={t('targets')} Icon={HardDrive}>
                  <EmptyState Icon={HardDrive} title={t('none')} text={t('noneText')} />
                </Panel>
              )}
              {state.targets.map((target) => (
                <BackupTargetPanel
                  key={target.id}
                  target={target}
                  keys={keys}
                  running={run.isPending}
                  onRun={() => backUp(target.id)}
                />
              ))}
            </>
          }
          side={
            <>
              <Panel title={t('rules')} Icon={Settings2}>
                <Stack>
                  <NumberInput
                    label={t('keep')}
                    min={1}
                    max={32}
                    allowDecimal={false}
                    disabled={!keys}
                    value={state.keep}
                    onBlur={(event) => {
                      const keep = Number(event.currentTarget.value);
                      if (keep >= 1 && keep <= 32 && keep !== state.keep) set.mutate({ keep });
                    }}
                  />
                  <NumberInput
                    label={t('remind')}
                    min={1}
                    max={365}
                    allowDecimal={false}
                    disabled={!keys}
                    value={state.remindAfterDays}
                    onBlur={(event) => {
                      const remindAfterDays = Number(event.currentTarget.value);
                      if (
                        remindAfterDays >= 1 &&
                        remindAfterDays <= 365 &&
                        remindAfterDays !== state.remindAfterDays
                      )
                        set.mutate({ remindAfterDays });
                    }}
                  />
                </Stack>
              </Panel>
              <Notice tone="neutral" title={t('good')}>
                {t('goodText')}
              </Notice>
              <Notice tone="neutral" title={t('restore')}>
                {t('restoreText')}
              </Notice>
            </>
          }
        />
      )}
    </>
  );
}
