import { Button, Group, Loader, Modal, Select, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { SlotRow } from '#shared/contract/slots.ts';
import { useQuery } from '../../api/hooks.ts';
import type { TicketAsk } from '../../api/use-ticket.ts';
import { notify } from '../../lib/notify.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Panel.tsx';
import { OlderCopies } from './OlderCopies.tsx';
import { rotation } from './rotation.ts';
import { isPerson } from './slot-words.ts';

/**
 * Takes a person, or paper, out: always with a new master key. In a hurry that is one button; who hands over
 * in peace says to whom, and goes on with the rest of the leaving.
 */
export function RemoveDialog(props: {
  slot: SlotRow | null;
  onClose: () => void;
  ticket: TicketAsk;
}): JSX.Element {
  const { t } = useTranslation(['keys', 'ui']);
  const words = useErrorText();
  const navigate = useNavigate();
  const { slot } = props;
  const review = useQuery('rotation.review', {}, { enabled: slot !== null });
  const [reassign, setReassign] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const found = review.data;
  const person = slot !== null && isPerson(slot);
  const hers = found?.slots.find((one) => one.id === slot?.id);
  const staying = found?.slots.filter((one) => one.id !== slot?.id) ?? [];
  const others = staying.filter(isPerson);

  const close = (): void => {
    setReason('');
    setReassign(null);
    props.onClose();
  };
  const remove = async (immediate: boolean): Promise<void> => {
    if (slot === null || found === undefined) return;
    const done = await props.ticket.ask(
      ...rotation({
        remove: [slot.id],
        ...(reassign === null ? {} : { reassignTo: reassign }),
        immediate,
        reason: reason.trim(),
        confirmed: found.digest,
      }),
    );
    if (!done) return;
    notify(t('removed'));
    close();
    if (person) void navigate({ to: '/keys/leaver/$slotId', params: { slotId: slot.id } });
  };
  return (
    <Modal
      opened={slot !== null}
      onClose={close}
      size="lg"
      title={
        <>
          {t(person ? 'remove.person' : 'remove.paper')}{' '}
          <span className="rg-private">{slot?.name ?? ''}</span>
        </>
      }
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Stack>
        {review.error !== null && <Notice tone="danger">{words(review.error)}</Notice>}
        {props.ticket.error !== null && <Notice tone="danger">{words(props.ticket.error)}</Notice>}
        {found === undefined && review.error === null && (
          <Loader size="sm" role="status" aria-label={t('ui:loading')} />
        )}
        {found && (
          <>
            {person && (
              <Group>
                <Button
                  variant="filled"
                  color="brick.8"
                  data-autofocus
                  loading={props.ticket.busy}
                  onClick={() => void remove(true)}
                >
                  {t('remove.now')}
                </Button>
                <span className="rg-small rg-muted" style={{ flex: 1 }}>
                  {t('remove.nowText')}
                </span>
              </Group>
            )}
            <p>{t('remove.what', { names: staying.map((one) => one.name).join(', ') })}</p>
            {hers !== undefined && hers.responsibleFor > 0 && (
              <Select
                label={t('remove.reassign', { count: hers.responsibleFor })}
                description={t('remove.reassignNote')}
                clearable
                value={reassign}
                data={others.map((one) => ({ value: one.id, label: one.name }))}
                onChange={setReassign}
              />
            )}
            {person && (
              <TextInput
                label={t('remove.reason')}
                description={t('remove.reasonNote')}
                value={reason}
                autoComplete="off"
                onChange={(event) => setReason(event.currentTarget.value)}
              />
            )}
            <OlderCopies copies={found.olderCopies} />
            {found.freeBytes < found.neededBytes && <Notice tone="danger">{t('remove.noRoom')}</Notice>}
            <Group justify="flex-end">
              <Button onClick={close}>{t('ui:cancel')}</Button>
              <Button
                variant="filled"
                loading={props.ticket.busy}
                disabled={found.freeBytes < found.neededBytes}
                onClick={() => void remove(false)}
              >
                {t(person ? 'remove.inPeace' : 'remove.paperAction')}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}
