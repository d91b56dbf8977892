import { Button, Group, Modal, Radio, Select, TextInput } from '@mantine/core';
import { useState, type FormEvent, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { SlotFactor } from '#shared/contract/slots.ts';
import { PRESETS, type Preset } from '#shared/model/roster.ts';
import { call } from '../../api/client.ts';
import type { TicketAsk } from '../../api/use-ticket.ts';
import { notify } from '../../lib/notify.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Panel.tsx';
import { useKeyFile } from './use-key-file.ts';
import { useMachineSecret } from './use-machine.ts';

/** Name and powers of somebody new; the passphrase is typed by that person in the small window. */
export function AddPersonDialog(props: {
  opened: boolean;
  onClose: () => void;
  ticket: TicketAsk;
}): JSX.Element {
  const { t } = useTranslation(['keys', 'ui']);
  const words = useErrorText();
  const machine = useMachineSecret();
  const [name, setName] = useState('');
  const [preset, setPreset] = useState<Preset>('team');
  const [factor, setFactor] = useState<SlotFactor>('none');
  const keyFile = useKeyFile();

  const close = (): void => {
    setName('');
    setPreset('team');
    setFactor('none');
    keyFile.forget();
    props.onClose();
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const done = await props.ticket.ask(
      async () =>
        (
          await call('slots.prepare', {
            purpose: 'slots.add',
            name: name.trim(),
            powers: [...PRESETS[preset]],
            factor,
          })
        ).ticket,
    );
    if (!done) return;
    notify(t('added'));
    close();
  };
  return (
    <Modal
      opened={props.opened}
      onClose={close}
      title={t('addPerson')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          {props.ticket.error !== null && <Notice tone="danger">{words(props.ticket.error)}</Notice>}
          {keyFile.error !== null && <Notice tone="danger">{words(keyFile.error)}</Notice>}
          <TextInput
            label={t('name')}
            description={t('nameNote')}
            value={name}
            autoComplete="off"
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Radio.Group
            label={t('preset.label')}
            value={preset}
            onChange={(value) => setPreset(value as Preset)}
          >
            <Stack>
              {(Object.keys(PRESETS) as Preset[]).map((one) => (
                <Radio
                  key={one}
                  value={one}
                  color="teal.8"
                  label={t(`preset.${one}`)}
                  description={t(`presetText.${one}`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          <Select
            label={t('secondFactor')}
            allowDeselect={false}
            value={factor}
            data={(['none', 'keyFile', 'machine'] as const)
              .filter((one) => one !== 'machine' || machine)
              .map((one) => ({ value: one, label: t(`factorChoice.${one}`) }))}
            onChange={(one) => one !== null && setFactor(one as SlotFactor)}
          />
          {factor === 'keyFile' && (
            <div>
              <Button size="compact-sm" onClick={() => void keyFile.make()}>
                {keyFile.name === null ? t('makeKeyFile') : t('keyFileMade', { name: keyFile.name })}
              </Button>
              <p className="rg-small rg-muted">{t('keyFileText')}</p>
            </div>
          )}
          <p className="rg-small rg-muted">{t('addText')}</p>
          <Group justify="flex-end">
            <Button onClick={close}>{t('ui:cancel')}</Button>
            <Button
              type="submit"
              variant="filled"
              loading={props.ticket.busy}
              disabled={name.trim() === '' || (factor === 'keyFile' && keyFile.name === null)}
            >
              {t('goOn')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
