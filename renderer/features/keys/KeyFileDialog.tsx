import { Button, Group, Modal } from '@mantine/core';
import { FileKey } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Panel.tsx';
import { useKeyFile } from './use-key-file.ts';

/** Before somebody adds a key file to her passphrase: makes one, or goes on with one that she has. */
export function KeyFileDialog(props: {
  opened: boolean;
  onClose: () => void;
  onReady: () => void;
}): JSX.Element {
  const { t } = useTranslation(['keys', 'ui']);
  const words = useErrorText();
  const file = useKeyFile();
  const leave = (after: () => void): void => {
    file.forget();
    after();
  };
  return (
    <Modal
      opened={props.opened}
      onClose={() => leave(props.onClose)}
      title={t('withFactor.keyFile')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Stack>
        {file.error !== null && <Notice tone="danger">{words(file.error)}</Notice>}
        <p>{t('keyFileWhy')}</p>
        <div>
          <Button leftSection={<FileKey size={17} aria-hidden />} onClick={() => void file.make()}>
            {file.name === null ? t('makeKeyFile') : t('keyFileMade', { name: file.name })}
          </Button>
        </div>
        <p className="rg-small rg-muted">{t('keyFileText')}</p>
        <Group justify="flex-end">
          <Button onClick={() => leave(props.onClose)}>{t('ui:cancel')}</Button>
          <Button variant="filled" onClick={() => leave(props.onReady)}>
            {t(file.name === null ? 'keyFileHave' : 'goOn')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
