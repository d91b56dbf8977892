import { Button, Checkbox } from '@mantine/core';
import { HardDrive } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupTarget } from '#shared/contract/backup.ts';
import { useCommand, useTask } from '../../api/hooks.ts';
import { useTicket } from '../../api/use-ticket.ts';
import { formatBytes, formatInstant, formatNumber, formatSince } from '../../lib/format.ts';
import { notify } from '../../lib/notify.ts';
import { errorWords, useErrorText } from '../../lib/use-error-text.ts';
import { ConfirmByName } from '../../ui/ConfirmByName.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { rehearsalTicket } from '../unlock/local-ticket.ts';
import css from './backup.module.css';

/** One place that holds copies, with what was seen of it and when. */
export function BackupTargetPanel(props: {
  target: BackupTarget;
  keys: boolean;
  running: boolean;
  onRun: () => void;
}): JSX.Element {
  const { t, i18n } = useTranslation('backup');
  const words = useErrorText();
  const { target, keys } = props;
  const verify = useTask('backup.verify');
  const remove = useTask('backup.removeSnapshots');
  const forget = useCommand('backup.forgetTarget');
  const rehearsal = useTicket();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [forgetting, setForgetting] = useState(false);
  const newest = target.snapshots.reduce<BackupTarget['snapshots'][number] | null>(
    (best, one) => (best === null || one.takenAt > best.takenAt ? one : best),
    null,
  );
  const error = verify.error ?? remove.error ?? forget.error ?? rehearsal.error;
  const when = (instant: string | null): string => (instant === null ? t('never') : formatSince(instant));
  return (
    <Panel
      title={target.name}
      Icon={HardDrive}
      extra={
        target.lastError !== null ? (
          <StatusTag tone="danger">{t('failed')}</StatusTag>
        ) : target.lastRehearsedAt !== null ? (
          <StatusTag tone="verified">{t('rehearsedTag')}</StatusTag>
        ) : (
          <StatusTag tone="due">{t('unproven')}</StatusTag>
        )
      }
    >
      <Stack>
        {error !== null && <Notice tone="danger">{words(error)}</Notice>}
        {target.lastError !== null && (
          <Notice tone="danger">{errorWords(i18n.language, target.lastError)}</Notice>
        )}
        {target.warnings.map((warning) => (
          <Notice
            key={warning}
            tone={
              ['wentBack', 'replaced', 'snapshotLost', 'headerLost', 'objectsMissing'].includes(warning)
                ? 'danger'
                : 'due'
            }
          >
            {t(`warning.${warning}`)}
          </Notice>
        ))}
        {verify.data && (
          <Notice
            tone={verify.data.ok ? 'verified' : 'danger'}
            title={t(verify.data.ok ? 'intact' : 'damaged')}
          >
            {t('checked', {
              snapshots: formatNumber(verify.data.checked.snapshots),
              objects: formatNumber(verify.data.checked.objects),
              size: formatBytes(verify.data.checked.bytes),
            })}
            {!verify.data.ok && (
              <ul className={css.findings}>
                {[...new Set(verify.data.findings.map((one) => one.code))].map((code) => (
                  <li key={code}>{errorWords(i18n.language, code)}</li>
                ))}
              </ul>
            )}
          </Notice>
        )}
        <Facts
          items={[
            [t('lastSuccess'), when(target.lastSuccessAt)],
            [
              t('lastVerified'),
              target.lastVerifiedAt === null
                ? t('never')
                : t(target.lastVerifiedOk === true ? 'verifiedGood' : 'verifiedBad', {
                    when: formatSince(target.lastVerifiedAt),
                  }),
            ],
            [t('lastRehearsed'), when(target.lastRehearsedAt)],
          ]}
        />
        <div className={css.actions}>
          <Button variant="filled" loading={props.running} onClick={props.onRun}>
            {t('run')}
          </Button>
          <Button loading={verify.isPending} onClick={() => verify.mutate({ target: target.id })}>
            {t('verify')}
          </Button>
          <Button
            loading={rehearsal.busy}
            onClick={() => void rehearsal.ask(() => Promise.resolve(rehearsalTicket(target.id)))}
          >
            {t('rehearse')}
          </Button>
          {keys && (
            <Button variant="subtle" onClick={() => setForgetting(true)}>
              {t('forget')}
            </Button>
          )}
        </div>
        {target.snapshots.length > 0 && (
          <section aria-label={t('snapshots')}>
            <h3 className={css.heading}>{t('snapshots')}</h3>
            <Rows label={t('snapshots')}>
              {target.snapshots.map((snapshot) => (
                <Row
                  key={snapshot.id}
                  lead={
                    keys && snapshot !== newest ? (
                      <Checkbox
                        color="teal.8"
                        aria-label={t('choose', { when: formatInstant(snapshot.takenAt) })}
                        checked={chosen.has(snapshot.id)}
                        onChange={() => {
                          const next = new Set(chosen);
                          if (!next.delete(snapshot.id)) next.add(snapshot.id);
                          setChosen(next);
                        }}
                      />
                    ) : undefined
                  }
                  title={formatInstant(snapshot.takenAt)}
                  note={t('snapshot', {
                    size: formatBytes(snapshot.bytes),
                    count: snapshot.objects,
                    position: formatNumber(snapshot.position),
                  })}
                  end={
                    <>
                      {snapshot === newest && <StatusTag tone="primary">{t('newest')}</StatusTag>}
                      {snapshot.olderKeys && <StatusTag tone="due">{t('olderKeys')}</StatusTag>}
                      {snapshot.holdsDeleted && <StatusTag tone="due">{t('holdsDeleted')}</StatusTag>}
                    </>
                  }
                />
              ))}
            </Rows>
            {chosen.size > 0 && (
              <Button
                mt="xs"
                color="brick.8"
                variant="filled"
                loading={remove.isPending}
                onClick={() =>
                  remove.mutate(
                    { target: target.id, snapshots: [...chosen] },
                    {
                      onSuccess: () => {
                        setChosen(new Set());
                        notify(t('snapshotsRemoved'));
                      },
                    },
                  )
                }
              >
                {t('removeSnapshots', { count: chosen.size })}
              </Button>
            )}
          </section>
        )}
      </Stack>
      <ConfirmByName
        opened={forgetting}
        title={t('forget')}
        name={target.name}
        action={t('forget')}
        onClose={() => setForgetting(false)}
        onConfirm={() => {
          setForgetting(false);
          forget.mutate({ target: target.id });
        }}
      >
        {t('forgetText')}
      </ConfirmByName>
    </Panel>
  );
}
