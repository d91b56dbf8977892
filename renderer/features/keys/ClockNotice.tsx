import { Button, Checkbox, Group, Modal, TextInput } from '@mantine/core';
import { useEffect, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { formatInstant } from '../../lib/format.ts';
import { notify } from '../../lib/notify.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Stack } from '../../ui/Panel.tsx';

/**
 * Stands only while the computer's clock and the vault disagree. Whoever gives access can say that the time of the
 * vault was the wrong one, after comparing this clock with another: it ends every emergency access.
 */
export function ClockNotice({ may }: { may: boolean }): JSX.Element | null {
  const { t } = useTranslation(['keys', 'ui']);
  const words = useErrorText();
  const { data: clock, refetch } = useQuery('access.clock', {});
  const settle = useCommand('access.settleClock');
  const [asking, setAsking] = useState(false);
  const [compared, setCompared] = useState(false);
  const [reason, setReason] = useState('');
  // Nothing in the vault tells when somebody sets the computer's clock.
  useEffect(() => {
    void refetch();
  }, [refetch]);
  if (clock === undefined || clock.state === 'right') return null;
  const { ahead } = clock;
  const close = (): void => {
    setAsking(false);
    setCompared(false);
    setReason('');
    settle.reset();
  };
  const ask = async (): Promise<void> => {
    // The time that is confirmed is the one that stands in the dialog, so it is read as it opens.
    await refetch();
    setAsking(true);
  };
  return (
    <Notice tone="due" title={t(`clock.${clock.state}`)}>
      <Stack>
        <p>
          {t(`clock.${clock.state}Text`, {
            computer: formatInstant(clock.computer),
            vault: formatInstant(clock.vault),
          })}
        </p>
        {ahead !== null && may && (
          <div>
            <Button onClick={() => void ask()}>{t('clock.settle')}</Button>
          </div>
        )}
        {ahead !== null && !may && <p>{t('clock.askCoordination')}</p>}
      </Stack>
      {ahead !== null && (
        <Modal
          opened={asking}
          onClose={close}
          size="lg"
          title={t('clock.settle')}
          closeButtonProps={{ 'aria-label': t('ui:close') }}
        >
          <Stack>
            {settle.error !== null && <Notice tone="danger">{words(settle.error)}</Notice>}
            <Facts
              items={[
                [t('clock.computer'), <strong key="now">{formatInstant(clock.computer)}</strong>],
                [t('clock.latest'), formatInstant(ahead.latest)],
                [
                  t('clock.lastBefore'),
                  ahead.lastBefore === null ? t('clock.noneBefore') : formatInstant(ahead.lastBefore),
                ],
              ]}
            />
            <p>{t('clock.what', { count: ahead.entries })}</p>
            {ahead.permissions !== null && <p>{t('clock.ends', { count: ahead.permissions })}</p>}
            <Checkbox
              label={t('clock.compared', { when: formatInstant(clock.computer) })}
              checked={compared}
              onChange={(event) => setCompared(event.currentTarget.checked)}
            />
            <TextInput
              label={t('clock.reason')}
              description={t('clock.reasonNote')}
              value={reason}
              autoComplete="off"
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button onClick={close}>{t('ui:cancel')}</Button>
              <Button
                variant="filled"
                loading={settle.isPending}
                disabled={!compared || reason.trim().length < 10}
                onClick={() =>
                  settle.mutate(
                    { computer: clock.computer, reason: reason.trim() },
                    {
                      onSuccess: () => {
                        close();
                        notify(t('clock.settled'));
                      },
                    },
                  )
                }
              >
                {t('clock.confirm')}
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </Notice>
  );
}
