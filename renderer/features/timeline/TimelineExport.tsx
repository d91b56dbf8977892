import { Button, Checkbox, Group, Modal, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { Printer } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import {
  TIMELINE_FORMATS,
  type TimelineFormat,
  type TimelineKind,
  type TimelineSubject,
} from '#shared/contract/timeline.ts';
import type { TargetId } from '#shared/model/ids.ts';
import { host } from '../../api/bridge.ts';
import { useTask } from '../../api/hooks.ts';
import { notify } from '../../lib/notify.ts';
import { stopsAtDay } from '../../lib/stop-at-day.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { DayField } from '../../ui/DayField.tsx';
import { Notice } from '../../ui/Notice.tsx';

interface Leaving {
  readonly of: TimelineSubject;
  readonly kinds?: readonly TimelineKind[];
}

/** The way out of a timeline: as a sheet to print, a table or a drawing. */
export function TimelineExport(props: Leaving & { compact?: boolean }): JSX.Element {
  const { t } = useTranslation('timeline');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        {...(props.compact === true ? { size: 'compact-sm' } : {})}
        leftSection={<Printer size={props.compact === true ? 15 : 17} />}
        disabled={props.kinds?.length === 0}
        onClick={() => setOpen(true)}
      >
        {t('export.button')}
      </Button>
      {open && (
        <ExportForm
          of={props.of}
          {...(props.kinds === undefined ? {} : { kinds: props.kinds })}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

function ExportForm(props: Leaving & { onClose: () => void }): JSX.Element {
  const { t, i18n } = useTranslation(['timeline', 'ui', 'common']);
  const words = useErrorText();
  const [format, setFormat] = useState<TimelineFormat>('pdf');
  const [titles, setTitles] = useState(false);
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [recipient, setRecipient] = useState('');
  const write = useTask('timeline.export');
  const save = async (): Promise<void> => {
    if (stopsAtDay([from, to])) return;
    const name = t(`export.file.${props.of.view}`);
    const target = await host().chooseTarget({ kind: 'file', suggestedName: `${name}.${format}` });
    if (target === null) return;
    const done = await write
      .mutateAsync({
        of: props.of,
        ...(props.kinds === undefined ? {} : { kinds: [...props.kinds] }),
        ...(from !== '' ? { fromDay: from } : {}),
        ...(to !== '' ? { toDay: to } : {}),
        format,
        titles,
        recipient,
        language: i18n.language === 'en' ? 'en' : 'es',
        target: target.id as TargetId,
      })
      .catch(() => null);
    if (!done) return;
    notify(t('export.done', { count: done.entries }));
    props.onClose();
  };
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('export.title')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Stack gap="sm">
        {write.error !== null && <Notice tone="danger">{words(write.error)}</Notice>}
        <Notice tone="due">{t('export.warning')}</Notice>
        <div>
          <div style={{ fontWeight: 500, marginBottom: 4 }} id="timeline-format">
            {t('export.format')}
          </div>
          <SegmentedControl
            fullWidth
            aria-labelledby="timeline-format"
            value={format}
            onChange={(value) => setFormat(value as TimelineFormat)}
            data={TIMELINE_FORMATS.map((key) => ({ value: key, label: t(`export.formats.${key}`) }))}
          />
        </div>
        <Group grow>
          <DayField edge="from" label={t('export.from')} value={from} onChange={setFrom} />
          <DayField edge="to" label={t('export.to')} value={to} onChange={setTo} />
        </Group>
        <TextInput
          label={t('export.recipient')}
          required
          data-autofocus
          value={recipient}
          onChange={(event) => setRecipient(event.currentTarget.value)}
        />
        <Checkbox
          color="teal.8"
          label={t('export.titles')}
          description={t('export.titlesHelp')}
          checked={titles}
          onChange={(event) => setTitles(event.currentTarget.checked)}
        />
        <p className="rg-small rg-muted">{t('export.noNames')}</p>
        <Group justify="flex-end">
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button
            variant="filled"
            disabled={recipient.trim() === ''}
            loading={write.isPending}
            onClick={() => void save()}
          >
            {t('export.write')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
