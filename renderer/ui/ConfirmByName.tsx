import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState, type JSX, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** What cannot be undone asks for the name of the thing, typed. */
export function ConfirmByName(props: {
  opened: boolean;
  title: string;
  name: string;
  action: string;
  children: ReactNode;
  onConfirm: () => void;
  onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation('ui');
  const [typed, setTyped] = useState('');
  const close = (): void => {
    setTyped('');
    props.onClose();
  };
  return (
    <Modal
      opened={props.opened}
      onClose={close}
      title={props.title}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {props.children}
      <TextInput
        mt="md"
        label={t('confirm.typeName', { name: props.name })}
        value={typed}
        autoComplete="off"
        data-autofocus
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Group mt="md" justify="flex-end">
        <Button onClick={close}>{t('cancel')}</Button>
        <Button
          variant="filled"
          color="brick.8"
          disabled={typed.trim() !== props.name}
          onClick={() => {
            setTyped('');
            props.onConfirm();
          }}
        >
          {props.action}
        </Button>
      </Group>
    </Modal>
  );
}
