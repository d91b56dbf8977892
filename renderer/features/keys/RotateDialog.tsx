import { Button, Group, Loader, Modal } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../api/hooks.ts';
import type { TicketAsk } from '../../api/use-ticket.ts';
import { formatBytes, formatInstant } from '../../lib/format.ts';
import { notify } from '../../lib/notify.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Row, Rows, Stack } from '../../ui/Panel.tsx';
import { OlderCopies } from './OlderCopies.tsx';
import { rotation } from './rotation.ts';
import { SLOT_ICONS } from './slot-words.ts';

/** A new master key for those who are in: who that is has to be read and confirmed first. */
export function RotateDialog(props: {
  opened: boolean;
  onClose: () => void;
  ticket: TicketAsk;
}): JSX.Element {
  const { t } = useTranslation(['keys', 'ui']);
  const words = useErrorText();
  const review = useQuery('rotation.review', {}, { enabled: props.opened });
  const found = review.data;
  const rotate = async (): Promise<void> => {
    if (found === undefined) return;
    const done = await props.ticket.ask(...rotation({ remove: [], confirmed: found.digest }));
    if (!done) return;
    notify(t('rotated'));
    props.onClose();
  };
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      size="lg"
      title={t('rotate')}
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
            <p>{t('rotateText')}</p>
            <Rows label={t('rotateStay')}>
              {found.slots.map((slot) => {
                const Icon = SLOT_ICONS[slot.kind];
                return (
                  <Row
                    key={slot.id}
                    lead={<Icon size={18} aria-hidden />}
                    title={<span className="rg-private">{slot.name}</span>}
                    note={`${t(`kind.${slot.kind}`)} · ${t('since', { when: formatInstant(slot.since, false) })}`}
                  />
                );
              })}
            </Rows>
            <p className="rg-small rg-muted">{t('rotateRoom', { size: formatBytes(found.neededBytes) })}</p>
            <OlderCopies copies={found.olderCopies} />
            <Group justify="flex-end">
              <Button onClick={props.onClose}>{t('ui:cancel')}</Button>
              <Button variant="filled" loading={props.ticket.busy} onClick={() => void rotate()}>
                {t('rotateConfirm')}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}
