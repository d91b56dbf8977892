import { Button, Checkbox, Group, Modal, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { TargetId } from '#shared/model/ids.ts';
import type { ExaminationId } from '#shared/model/surveillance-ids.ts';
import { host } from '../../api/bridge.ts';
import { useTask } from '../../api/hooks.ts';
import { notify } from '../../lib/notify.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';

type Times = 'none' | 'day' | 'exact';

/** Tells other analysts which indicators coincided, and nothing about anybody. */
export function StixExport(props: {
  examinationId: ExaminationId;
  /** Findings that somebody called suspicious or confirmed. */
  usable: number;
  opened: boolean;
  onClose: () => void;
}): JSX.Element {
  const { t, i18n } = useTranslation(['surveillance', 'ui', 'common']);
  const words = useErrorText();
  const [recipient, setRecipient] = useState('');
  const [all, setAll] = useState(false);
  const [times, setTimes] = useState<Times>('day');
  const write = useTask('surveillance.exportStix');
  const save = async (): Promise<void> => {
    const target = await host().chooseTarget({ kind: 'file', suggestedName: t('stix.fileName') });
    if (target === null) return;
    const done = await write
      .mutateAsync({
        examinationIds: [props.examinationId],
        recipient,
        includeToReview: all,
        times,
        language: i18n.language === 'en' ? 'en' : 'es',
        target: target.id as TargetId,
      })
      .catch(() => null);
    if (!done) return;
    notify(t('stix.done', { indicators: done.indicators, count: done.sightings }));
    props.onClose();
  };
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      size="lg"
      title={t('stix.title')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Stack gap="sm">
        {write.error !== null && <Notice tone="danger">{words(write.error)}</Notice>}
        <p>{t('stix.text')}</p>
        <TextInput
          label={t('stix.recipient')}
          required
          data-autofocus
          value={recipient}
          onChange={(event) => setRecipient(event.currentTarget.value)}
        />
        <div>
          <div style={{ fontWeight: 500, marginBottom: 4 }} id="stix-times">
            {t('stix.times')}
          </div>
          <SegmentedControl
            aria-labelledby="stix-times"
            value={times}
            onChange={(value) => setTimes(value as Times)}
            data={(['none', 'day', 'exact'] as const).map((key) => ({
              value: key,
              label: t(`stix.time.${key}`),
            }))}
          />
          {times === 'exact' && <p className="rg-small rg-muted">{t('stix.exactWarning')}</p>}
        </div>
        <Checkbox
          color="teal.8"
          label={t('stix.includeToReview')}
          description={t('stix.includeToReviewHelp')}
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
        {props.usable === 0 && !all && <Notice tone="due">{t('stix.nothingReviewed')}</Notice>}
        <Group justify="flex-end">
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button
            variant="filled"
            disabled={recipient.trim() === '' || (props.usable === 0 && !all)}
            loading={write.isPending}
            onClick={() => void save()}
          >
            {t('stix.write')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
