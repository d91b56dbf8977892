import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { BellRing, Plus } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { NotificationFields, ProviderNotification } from '#shared/contract/suspicious-messages.ts';
import type { CaseId, PersonId } from '#shared/model/ids.ts';
import { PROVIDERS } from '#shared/model/surveillance.ts';
import { defangText } from '#shared/surveillance/defang.ts';
import { useCommand, usePagedRows } from '../../api/hooks.ts';
import { formatPartialDate } from '../../lib/format.ts';
import { useUndoable } from '../../lib/undo.tsx';
import { fromDraft, useDraftedState } from '../../lib/use-draft.ts';
import { useReturnedDraft, type ReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DataTable, type Column } from '../../ui/data/DataTable.tsx';
import { DraftTag } from '../../ui/DraftTag.tsx';
import { DraftTrouble } from '../../ui/DraftTrouble.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PartialDateField } from '../../ui/PartialDateField.tsx';
import { IntakePanel } from '../evidence/IntakePanel.tsx';
import { joinFiles, type TakenFile } from '../evidence/taken-files.ts';
import { useKeptIntake } from '../evidence/use-kept-intake.ts';
import { useWhenSealed } from '../evidence/use-when-sealed.ts';
import { usePeople } from '../incidents/use-people.ts';
import { CaseField } from './CaseField.tsx';
import { copyHarmless, SafeText } from './SafeText.tsx';

/** What the form holds, and what its draft keeps: also what is being corrected, as it was when that began. */
interface State {
  readonly known: ProviderNotification | null;
  readonly fields: NotificationFields;
  readonly files: readonly TakenFile[];
}
const stateOf = (known: ProviderNotification | null, caseId: CaseId | null): State => ({
  known,
  fields: {
    caseId: known?.caseId ?? caseId,
    personId: known?.personId ?? null,
    deviceId: known?.deviceId ?? null,
    incidentId: known?.incidentId ?? null,
    provider: known?.provider ?? 'apple',
    account: known?.account ?? '',
    received: known?.received ?? { kind: 'unknown' },
    text: known?.text ?? '',
    note: known?.note ?? '',
  },
  files: [],
});

/** What a draft holds, with the files that were sealed after its form was left. */
const stateFrom = (draft: ReturnedDraft, caseId: CaseId | null): State => {
  const begun = fromDraft(draft.payload, stateOf(null, caseId));
  return { ...begun, files: joinFiles(begun.files, draft.files) };
};

/** Warnings that a provider sent: an account or a telephone was aimed at. */
export function Notifications({ caseId }: { caseId?: CaseId }): JSX.Element {
  const { t } = useTranslation('messages');
  const { term } = useTerms();
  const words = useErrorText();
  const rows = usePagedRows('notifications.list', caseId === undefined ? {} : { caseId });
  const [open, setOpen] = useState<ProviderNotification | 'new' | null>(null);
  const returned = useReturnedDraft('notification');
  const columns: Column<ProviderNotification>[] = [
    {
      key: 'received',
      title: t('received'),
      width: '150px',
      cell: (row) => formatPartialDate(row.received),
    },
    {
      key: 'provider',
      title: t('provider'),
      width: '120px',
      cell: (row) => <strong>{term('provider', row.provider)}</strong>,
    },
    {
      key: 'person',
      title: t('person'),
      width: '190px',
      cell: (row) => <span className="rg-private">{row.person}</span>,
    },
    {
      key: 'text',
      title: t('text'),
      width: 'minmax(200px, 1fr)',
      cell: (row) => <SafeText text={row.text} line />,
    },
    {
      key: 'evidence',
      title: t('screenshots'),
      width: '100px',
      align: 'end',
      cell: (row) => row.evidence.length,
    },
  ];
  const add = (
    <Button variant="filled" leftSection={<Plus size={17} />} onClick={() => setOpen('new')}>
      {t('notification.new')}
    </Button>
  );
  return (
    <>
      <DraftTrouble of={returned} />
      {rows.error !== null && <Notice tone="danger">{words(rows.error)}</Notice>}
      <Group mb="sm" justify="space-between">
        <p className="rg-muted">{t('notification.text')}</p>
        {rows.total > 0 && add}
      </Group>
      <DataTable
        label={t('notification.list')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        height="calc(100vh - 320px)"
        onOpen={setOpen}
        empty={
          <EmptyState Icon={BellRing} title={t('notification.empty')} text={t('notification.emptyText')}>
            {add}
          </EmptyState>
        }
      />
      {open !== null && (
        <NotificationForm
          key={open === 'new' ? 'new' : open.id}
          initial={stateOf(open === 'new' ? null : open, caseId ?? null)}
          onClose={() => setOpen(null)}
        />
      )}
      {returned.draft !== null && (
        <NotificationForm
          key={returned.draft.id}
          initial={stateFrom(returned.draft, caseId ?? null)}
          draftId={returned.draft.id}
          onClose={returned.forget}
        />
      )}
    </>
  );
}

function NotificationForm(props: { initial: State; draftId?: string; onClose: () => void }): JSX.Element {
  const { t } = useTranslation(['messages', 'ui', 'common']);
  const { options } = useTerms();
  const words = useErrorText();
  const [{ known }] = useState(props.initial);
  const {
    state: { fields },
    put: keep,
    draft,
  } = useDraftedState<State>(
    known === null ? 'notification' : `notification:${known.id}`,
    { ...props, basedOn: known?.version },
    (now) => defangText(now.fields.text).slice(0, 60),
  );
  const people = usePeople(fields.caseId);
  const { initial } = props;
  const intake = useKeptIntake(
    { caseId: fields.caseId, incidentId: null, draftId: draft.id },
    initial.files,
    (taken) => keep({ files: taken }),
  );
  const record = useCommand('notifications.record');
  const amend = useUndoable('notifications.amend');
  const error = record.error ?? amend.error;
  const put = (changes: Partial<NotificationFields>): void => keep({ fields: { ...fields, ...changes } });
  const save = async (): Promise<void> => {
    const attached = (known?.evidence ?? []).map((one) => ({ role: one.role, evidenceId: one.evidenceId }));
    const evidence = [
      ...attached,
      ...intake.files.map((file) => ({ role: 'screenshot' as const, evidenceId: file.id })),
    ];
    const done =
      known === null
        ? await record.mutateAsync({ ...fields, evidence }).catch(() => null)
        : await amend.run({ id: known.id, version: known.version, changes: fields, evidence }, (version) => ({
            ...{ id: known.id, version, changes: stateOf(known, null).fields, evidence: attached },
          }));
    if (!done) return;
    intake.end();
    await draft.discard().catch(() => undefined);
    props.onClose();
  };
  const sealed = useWhenSealed(intake, save);
  return (
    <Modal
      opened
      size="lg"
      onClose={props.onClose}
      title={known === null ? t('notification.new') : t('notification.one')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Stack gap="sm">
        {error !== null && <Notice tone="danger">{words(error)}</Notice>}
        <Group grow align="flex-start">
          <Select
            label={t('provider')}
            data-autofocus
            allowDeselect={false}
            data={options('provider', PROVIDERS)}
            value={fields.provider}
            onChange={(value) => value !== null && put({ provider: value as NotificationFields['provider'] })}
          />
          <TextInput
            label={t('account')}
            className="rg-private"
            value={fields.account}
            onChange={(event) => put({ account: event.currentTarget.value })}
          />
        </Group>
        <PartialDateField
          label={t('received')}
          value={fields.received}
          onChange={(received) => put({ received })}
        />
        <Select
          label={t('person')}
          searchable
          clearable
          className="rg-private"
          data={people.map((person) => ({ value: person.id, label: person.label }))}
          value={fields.personId}
          onChange={(value) => put({ personId: value as PersonId | null })}
        />
        <Textarea
          label={t('text')}
          description={t('textHelp')}
          className="rg-private"
          autosize
          minRows={3}
          spellCheck={false}
          value={fields.text}
          onCopy={copyHarmless}
          onChange={(event) => put({ text: event.currentTarget.value })}
        />
        <CaseField value={fields.caseId} onChange={(value) => put({ caseId: value })} />
        <IntakePanel
          caseId={fields.caseId}
          incidentId={null}
          taken={[
            ...(known?.evidence ?? []).map((one) => ({
              id: one.evidenceId,
              title: one.title,
              mime: one.mime,
            })),
            ...initial.files,
          ]}
          intake={intake}
        />
        <Group justify="flex-end">
          <DraftTag state={draft.state} />
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button
            variant="filled"
            loading={record.isPending || amend.isPending || sealed.waiting}
            onClick={sealed.save}
          >
            {t('common:save')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
