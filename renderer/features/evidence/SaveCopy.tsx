import { Button, Group, Modal, Stack } from '@mantine/core';
import { Copy, Save } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvidenceId, TargetId } from '#shared/model/ids.ts';
import { isExecutable } from '#shared/rules/dangerous-files.ts';
import { host } from '../../api/bridge.ts';
import { useTask } from '../../api/hooks.ts';
import { notify } from '../../lib/notify.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';

interface Item {
  readonly id: EvidenceId;
  readonly originalName: string;
  readonly mime: string;
  readonly sizeBytes: number;
}

/**
 * Saves a copy outside the vault. A program leaves encrypted, with its passphrase shown once, unless the person says
 * that it shall leave as it is.
 */
export function SaveCopy({ item }: { item: Item }): JSX.Element {
  const { t, i18n } = useTranslation(['evidence', 'common', 'ui']);
  const words = useErrorText();
  const save = useTask('evidence.save');
  const [asking, setAsking] = useState(false);
  const [sealed, setSealed] = useState<{ name: string; passphrase: string } | null>(null);

  const write = async (plain: boolean): Promise<void> => {
    const program = isExecutable(item);
    const suggestedName = program && !plain ? `${item.originalName}.age` : item.originalName;
    const target = await host().chooseTarget({ kind: 'file', suggestedName });
    if (target === null) return;
    const done = await save
      .mutateAsync({
        id: item.id,
        target: target.id as TargetId,
        plain,
        language: i18n.language === 'en' ? 'en' : 'es',
      })
      .catch(() => null);
    if (done === null) return;
    notify(t('copySaved'));
    // What only its first bytes gave away as a program was not asked about before.
    setSealed(done.passphrase === null ? null : { name: done.name, passphrase: done.passphrase });
    setAsking(done.passphrase !== null);
  };
  const close = (): void => {
    setAsking(false);
    setSealed(null);
  };
  return (
    <>
      <Button
        size="compact-sm"
        leftSection={<Save size={16} />}
        loading={save.isPending}
        onClick={() => {
          if (isExecutable(item)) setAsking(true);
          else void write(false);
        }}
      >
        {t('saveCopy')}
      </Button>
      {save.error !== null && !asking && <Notice tone="danger">{words(save.error)}</Notice>}
      <Modal
        opened={asking}
        onClose={close}
        size="lg"
        title={t('program.title')}
        closeButtonProps={{ 'aria-label': t('ui:close') }}
      >
        <Stack gap="sm">
          {save.error !== null && <Notice tone="danger">{words(save.error)}</Notice>}
          <Notice tone="due">{t('program.warning')}</Notice>
          {sealed === null ? (
            <>
              <p>{t('program.text')}</p>
              <Group justify="flex-end">
                <Button variant="default" loading={save.isPending} onClick={() => void write(true)}>
                  {t('program.plain')}
                </Button>
                <Button
                  variant="filled"
                  data-autofocus
                  leftSection={<Save size={16} />}
                  loading={save.isPending}
                  onClick={() => void write(false)}
                >
                  {t('program.sealed')}
                </Button>
              </Group>
            </>
          ) : (
            <>
              <p>
                {t('program.done')} <span className="rg-private">{sealed.name}</span>
              </p>
              <code className="rg-mono" data-testid="program-passphrase">
                {sealed.passphrase}
              </code>
              <p className="rg-small rg-muted">{t('program.once')}</p>
              <Group justify="flex-end">
                <Button
                  variant="default"
                  leftSection={<Copy size={16} />}
                  onClick={() =>
                    void host()
                      .copy(sealed.passphrase)
                      .then(() => notify(t('common:copied')))
                  }
                >
                  {t('copy')}
                </Button>
                <Button variant="filled" onClick={close}>
                  {t('ui:close')}
                </Button>
              </Group>
            </>
          )}
        </Stack>
      </Modal>
    </>
  );
}
