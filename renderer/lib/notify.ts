import { notifications } from '@mantine/notifications';

/** A short word that something is done. Never holds a name: it may be on screen when someone walks by. */
export const notify = (message: string): void => void notifications.show({ message, color: 'teal.8' });
export const notifyFailure = (message: string): void =>
  void notifications.show({ message, color: 'brick.8', autoClose: 10_000 });
