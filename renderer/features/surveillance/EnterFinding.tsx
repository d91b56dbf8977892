import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExaminationId } from '#shared/model/surveillance-ids.ts';
import { CLOCKS, FINDING_LEVELS } from '#shared/model/surveillance.ts';
import { defangText } from '#shared/surveillance/defang.ts';
import { useCommand } from '../../api/hooks.ts';
import { fromDraft, useDraftedState } from '../../lib/use-draft.ts';
import type { ReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DraftTag } from '../../ui/DraftTag.tsx';
import { Notice } from '../../ui/Notice.tsx';

interface State {
  readonly module: string;
  readonly observed: string;
  readonly time: string;
  readonly clock: (typeof CLOCKS)[number];
  readonly level: (typeof FINDING_LEVELS)[number];
  readonly message: string;
}
const BLANK: State = {
  ...{ module: '', observed: '', time: '', message: '' },
  clock: 'unknown',
  level: 'medium',
};

/** A finding that somebody read in a report. It goes in to be reviewed, as all do. */
export function EnterFinding(props: {
  examinationId: ExaminationId;
  draft: ReturnedDraft | null;
  onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation(['findings', 'ui', 'common']);
  const { options } = useTerms();
  const words = useErrorText();
  const [begun] = useState(() => ({
    initial: fromDraft(props.draft?.payload, BLANK),
    draftId: props.draft?.id,
  }));
  const { state, put, draft } = useDraftedState<State>(`finding:${props.examinationId}`, begun, (now) =>
    defangText(now.observed).slice(0, 60),
  );
  const { module, observed, time, clock, level, message } = state;
  const enter = useCommand('findings.enter');
  const save = async (): Promise<void> => {
    const done = await enter
      .mutateAsync({
        examinationId: props.examinationId,
        module: module.trim() === '' ? t('entered') : module,
        ...{ observed, time, clock, level, message },
      })
      .catch(() => null);
    if (!done) return;
    await draft.discard().catch(() => undefined);
    props.onClose();
  };
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('enter')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Stack gap="sm">
        {enter.error !== null && <Notice tone="danger">{words(enter.error)}</Notice>}
        <Textarea
          label={t('enterObserved')}
          description={t('enterObservedHelp')}
          required
          data-autofocus
          autosize
          minRows={2}
          className="rg-private"
          value={observed}
          onChange={(event) => put({ observed: event.currentTarget.value })}
        />
        <TextInput
          label={t('enterModule')}
          value={module}
          onChange={(event) => put({ module: event.currentTarget.value })}
        />
        <Group grow align="flex-end">
          <TextInput
            label={t('when')}
            value={time}
            onChange={(event) => put({ time: event.currentTarget.value })}
          />
          <Select
            label={t('enterClock')}
            allowDeselect={false}
            data={options('clock', CLOCKS)}
            value={clock}
            onChange={(value) => value !== null && put({ clock: value as typeof clock })}
          />
        </Group>
        <Select
          label={t('level')}
          allowDeselect={false}
          data={options('findingLevel', FINDING_LEVELS)}
          value={level}
          onChange={(value) => value !== null && put({ level: value as typeof level })}
        />
        <Textarea
          label={t('enterMessage')}
          autosize
          minRows={2}
          className="rg-private"
          value={message}
          onChange={(event) => put({ message: event.currentTarget.value })}
        />
        <Group justify="flex-end">
          <DraftTag state={draft.state} />
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button
            variant="filled"
            disabled={observed.trim() === ''}
            loading={enter.isPending}
            onClick={() => void save()}
          >
            {t('common:save')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
