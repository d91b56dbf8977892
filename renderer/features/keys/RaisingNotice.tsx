import { Button, Checkbox, Group, Modal } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../../api/hooks.ts';
import type { Output } from '../../api/contract.ts';
import { formatInstant } from '../../lib/format.ts';
import { notify } from '../../lib/notify.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Panel.tsx';

type Raising = NonNullable<Output<'slots.list'>['raising']>;

/** Who has not come in since attempts cost more, and how the change is closed: with them, or without. */
export function RaisingNotice({ raising, may }: { raising: Raising; may: boolean }): JSX.Element {
  const { t } = useTranslation(['keys', 'ui']);
  const words = useErrorText();
  const close = useCommand('slots.closeEpoch');
  const [leaving, setLeaving] = useState(false);
  const { waiting, closable } = raising;
  const done = waiting.length === 0;
  return (
    <Notice tone={closable && !done ? 'due' : 'primary'} title={t('raising')}>
      <Stack>
        {done ? (
          <p>{t('raisingDone')}</p>
        ) : (
          <>
            <p>{t('raisingSince', { when: formatInstant(raising.since, false), count: waiting.length })}</p>
            <ul className="rg-private" style={{ margin: 0, paddingInlineStart: 18 }}>
              {waiting.map((one) => (
                <li key={one.id}>{one.name}</li>
              ))}
            </ul>
            <p>
              {closable
                ? t('raisingDue')
                : t('raisingText', { when: formatInstant(raising.closableFrom, false) })}
            </p>
          </>
        )}
        {close.error !== null && !leaving && <Notice tone="danger">{words(close.error)}</Notice>}
        {may && done && (
          <div>
            <Button loading={close.isPending} onClick={() => close.mutate({ leaveOut: [] })}>
              {t('closeEpoch')}
            </Button>
          </div>
        )}
        {may && !done && closable && (
          <div>
            <Button onClick={() => setLeaving(true)}>{t('leaveOut.open')}</Button>
          </div>
        )}
      </Stack>
      {leaving && (
        <LeaveOutDialog
          waiting={waiting}
          close={close}
          onClose={() => {
            setLeaving(false);
            close.reset();
          }}
        />
      )}
    </Notice>
  );
}

/** Says by name who is left out and what that means; each of them is ticked by hand. */
function LeaveOutDialog(props: {
  waiting: Raising['waiting'];
  close: ReturnType<typeof useCommand<'slots.closeEpoch'>>;
  onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation(['keys', 'ui']);
  const words = useErrorText();
  const { waiting, close } = props;
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const leaveOut = waiting.map((one) => one.id).filter((id) => ticked.includes(id));
  return (
    <Modal
      opened
      onClose={props.onClose}
      size="lg"
      title={t('leaveOut.title')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Stack>
        {close.error !== null && <Notice tone="danger">{words(close.error)}</Notice>}
        <p>{t('leaveOut.what')}</p>
        <ul style={{ margin: 0, paddingInlineStart: 18 }}>
          <li>{t('leaveOut.enter')}</li>
          <li>{t('leaveOut.cases')}</li>
          <li>{t('leaveOut.copies')}</li>
          <li>{t('leaveOut.trust')}</li>
        </ul>
        <p>{t('leaveOut.tick')}</p>
        {waiting.map((one) => (
          <Group key={one.id} justify="space-between">
            <Checkbox
              label={<span className="rg-private">{one.name}</span>}
              checked={ticked.includes(one.id)}
              onChange={(event) =>
                setTicked(
                  event.currentTarget.checked ? [...ticked, one.id] : ticked.filter((id) => id !== one.id),
                )
              }
            />
            <Link to="/keys/leaver/$slotId" params={{ slotId: one.id }}>
              {t('leaveOut.seeCases', { name: one.name })}
            </Link>
          </Group>
        ))}
        <Group justify="flex-end">
          <Button onClick={props.onClose}>{t('ui:cancel')}</Button>
          <Button
            variant="filled"
            color="brick.8"
            loading={close.isPending}
            disabled={leaveOut.length < waiting.length}
            onClick={() =>
              close.mutate(
                { leaveOut },
                {
                  onSuccess: () => {
                    notify(t('leaveOut.done'));
                    props.onClose();
                  },
                },
              )
            }
          >
            {t('leaveOut.confirm', { count: waiting.length })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
