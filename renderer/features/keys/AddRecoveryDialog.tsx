import { Button, Group, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { useState, type FormEvent, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_SHARES } from '#shared/model/recovery.ts';
import { call } from '../../api/client.ts';
import type { TicketAsk } from '../../api/use-ticket.ts';
import { notify } from '../../lib/notify.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import forms from '../../ui/forms.module.css';
import { Notice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Panel.tsx';

/** Words for one drawer, or pages for several: what it is called here, in which language, how many. */
export function AddRecoveryDialog(props: {
  kind: 'words' | 'shares' | null;
  onClose: () => void;
  ticket: TicketAsk;
}): JSX.Element {
  const { t, i18n } = useTranslation(['keys', 'ui']);
  const words = useErrorText();
  const { kind } = props;
  const [name, setName] = useState('');
  const [language, setLanguage] = useState<'es' | 'en' | null>(null);
  const [needed, setNeeded] = useState(2);
  const [pages, setPages] = useState(3);
  const spoken = language ?? (i18n.language === 'en' ? 'en' : 'es');
  const called = name.trim() === '' ? t(kind === 'shares' ? 'sharesName' : 'wordsName') : name.trim();

  const close = (): void => {
    setName('');
    props.onClose();
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const done = await props.ticket.ask(
      async () =>
        (
          await call(
            'slots.prepare',
            kind === 'shares'
              ? { purpose: 'slots.addShares', name: called, language: spoken, needed, pages }
              : { purpose: 'slots.addWords', name: called, language: spoken },
          )
        ).ticket,
    );
    if (!done) return;
    notify(t(kind === 'shares' ? 'sharesMade' : 'wordsMade'));
    close();
  };
  return (
    <Modal
      opened={kind !== null}
      onClose={close}
      title={t(kind === 'shares' ? 'makeShares' : 'makeWords')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          {props.ticket.error !== null && <Notice tone="danger">{words(props.ticket.error)}</Notice>}
          <p>{t(kind === 'shares' ? 'sharesLong' : 'wordsLong')}</p>
          <TextInput
            label={t('paperName')}
            description={t('paperNameNote')}
            placeholder={t(kind === 'shares' ? 'sharesName' : 'wordsName')}
            value={name}
            autoComplete="off"
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={t('paperLanguage')}
            allowDeselect={false}
            value={spoken}
            data={[
              { value: 'es', label: 'Español' },
              { value: 'en', label: 'English' },
            ]}
            onChange={(value) => setLanguage(value as 'es' | 'en')}
          />
          {kind === 'shares' && (
            <div className={forms.two}>
              <NumberInput
                label={t('needed')}
                min={2}
                max={pages}
                allowDecimal={false}
                value={needed}
                onChange={(value) => setNeeded(Math.min(pages, Math.max(2, Number(value) || 2)))}
              />
              <NumberInput
                label={t('pages')}
                min={2}
                max={MAX_SHARES}
                allowDecimal={false}
                value={pages}
                onChange={(value) => {
                  const count = Math.min(MAX_SHARES, Math.max(2, Number(value) || 2));
                  setPages(count);
                  setNeeded(Math.min(needed, count));
                }}
              />
            </div>
          )}
          {kind === 'shares' && (
            <p className="rg-small rg-muted">{t('sharesAdvice', { count: pages - needed })}</p>
          )}
          <Notice tone="due">{t('noPhotos')}</Notice>
          <Group justify="flex-end">
            <Button onClick={close}>{t('ui:cancel')}</Button>
            <Button type="submit" variant="filled" loading={props.ticket.busy}>
              {t('goOn')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
