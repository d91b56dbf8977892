import { notifications } from '@mantine/notifications';
import i18next from 'i18next';

const closing = () => ({ closeButtonProps: { 'aria-label': i18next.t('ui:close') } });

/**
 * A short word that something is done. Never holds a name: it may be on screen when someone walks by. `id` is for a
 * notice that is taken away again before its time.
 */
export const notify = (message: string, id?: string): void =>
  void notifications.show({ message, color: 'teal.8', ...closing(), ...(id === undefined ? {} : { id }) });
export const notifyFailure = (message: string): void =>
  void notifications.show({ message, color: 'brick.8', autoClose: 10_000, ...closing() });
