import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';
import type { PartialDate } from '#shared/model/partial-date.ts';
import { MILESTONE_KINDS } from '#shared/model/surveillance.ts';
import { useCommand } from '../../api/hooks.ts';
import { fromDraft, useDraftedState } from '../../lib/use-draft.ts';
import type { ReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DraftTag } from '../../ui/DraftTag.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PartialDateField } from '../../ui/PartialDateField.tsx';

interface State {
  readonly kind: (typeof MILESTONE_KINDS)[number];
  readonly title: string;
  readonly happened: PartialDate;
  readonly note: string;
}
const BLANK: State = { kind: 'hearing', title: '', happened: { kind: 'unknown' }, note: '' };

/** A hearing, a publication, a journey: a date that attacks may gather around. */
export function MilestoneForm(props: {
  caseId: CaseId;
  draft: ReturnedDraft | null;
  onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation(['timeline', 'ui', 'common']);
  const { options } = useTerms();
  const words = useErrorText();
  const [begun] = useState(() => ({
    initial: fromDraft(props.draft?.payload, BLANK),
    draftId: props.draft?.id,
  }));
  const {
    state: { kind, title, happened, note },
    put,
    draft,
  } = useDraftedState<State>(`milestone:${props.caseId}`, begun, (now) => now.title);
  const record = useCommand('milestones.record');
  const save = async (): Promise<void> => {
    const done = await record
      .mutateAsync({ caseId: props.caseId, kind, title, happened, note })
      .catch(() => null);
    if (!done) return;
    await draft.discard().catch(() => undefined);
    props.onClose();
  };
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('milestone.add')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Stack gap="sm">
        {record.error !== null && <Notice tone="danger">{words(record.error)}</Notice>}
        <p className="rg-muted">{t('milestone.text')}</p>
        <Select
          label={t('milestone.kind')}
          data-autofocus
          allowDeselect={false}
          data={options('milestone', MILESTONE_KINDS)}
          value={kind}
          onChange={(value) => value !== null && put({ kind: value as typeof kind })}
        />
        <TextInput
          label={t('milestone.title')}
          required
          className="rg-private"
          value={title}
          onChange={(event) => put({ title: event.currentTarget.value })}
        />
        <PartialDateField
          label={t('milestone.when')}
          value={happened}
          onChange={(next) => put({ happened: next })}
          required
        />
        <Textarea
          label={t('milestone.note')}
          className="rg-private"
          autosize
          minRows={2}
          value={note}
          onChange={(event) => put({ note: event.currentTarget.value })}
        />
        <Group justify="flex-end">
          <DraftTag state={draft.state} />
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button
            variant="filled"
            disabled={title.trim() === ''}
            loading={record.isPending}
            onClick={() => void save()}
          >
            {t('common:save')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
