import { Button, Loader, Select, Textarea, TextInput } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { FolderOpen, ScanText, Smartphone } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessageFields } from '#shared/contract/suspicious-messages.ts';
import type { CaseId, PersonId } from '#shared/model/ids.ts';
import type { DeviceId, MessageId } from '#shared/model/surveillance-ids.ts';
import { CLICK_ANSWERS, MESSAGE_CHANNELS } from '#shared/model/surveillance.ts';
import { defangText } from '#shared/surveillance/defang.ts';
import type { Output } from '../../api/contract.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { draftBase, fromDraft, useDraftedState } from '../../lib/use-draft.ts';
import { useUndoable } from '../../lib/undo.tsx';
import { useOpenedDraft } from '../../lib/use-opened-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import forms from '../../ui/forms.module.css';
import { DraftTag } from '../../ui/DraftTag.tsx';
import { FormSection } from '../../ui/FormSection.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Panel } from '../../ui/Panel.tsx';
import { PartialDateField } from '../../ui/PartialDateField.tsx';
import { IntakePanel } from '../evidence/IntakePanel.tsx';
import { PictureView } from '../evidence/PictureView.tsx';
import { joinFiles, type TakenFile } from '../evidence/taken-files.ts';
import { useKeptIntake } from '../evidence/use-kept-intake.ts';
import { useWhenSealed } from '../evidence/use-when-sealed.ts';
import { usePeople } from '../incidents/use-people.ts';
import { CaseField } from './CaseField.tsx';
import { partsOf } from './defang.ts';
import { blankMessage } from './message-state.ts';
import { copyHarmless } from './SafeText.tsx';
import { deviceName } from './tones.ts';
import { ReadingProposal } from './ReadingProposal.tsx';
import { usePictureReading } from './use-picture-reading.ts';
import css from './surveillance.module.css';

type Known = Output<'messages.get'>;
/** What the form holds, and what its draft keeps: the record, and files that wait for it. */
type State = MessageFields & { readonly files: readonly TakenFile[] };

/** Enters a suspicious message, from a screenshot or typed; or corrects one. */
export function MessageForm(): JSX.Element {
  const { t } = useTranslation('ui');
  const words = useErrorText();
  const { messageId } = useParams({ strict: false }) as { messageId?: MessageId };
  const { caseId, draft } = useSearch({ strict: false }) as { caseId?: CaseId; draft?: string };
  const record = useQuery(
    'messages.get',
    { id: messageId as MessageId },
    { enabled: messageId !== undefined },
  );
  const kept = useOpenedDraft(draft);
  const failed = record.error ?? kept.error;
  if (failed) return <Notice tone="danger">{words(failed)}</Notice>;
  if ((messageId !== undefined && !record.data) || kept.waiting)
    return <Loader role="status" aria-label={t('loading')} />;
  const blank = blankMessage(caseId ?? null);
  const stored =
    record.data === undefined
      ? blank
      : (Object.fromEntries(
          Object.keys(blank).map((key) => [key, record.data[key as keyof MessageFields]]),
        ) as unknown as MessageFields);
  const begun = fromDraft<State>(kept.draft?.payload, { ...stored, files: [] });
  return (
    <Editor
      key={`${messageId ?? ''}${draft ?? ''}`}
      initial={{ ...begun, files: joinFiles(begun.files, kept.draft?.files) }}
      stored={stored}
      {...(record.data === undefined
        ? {}
        : {
            record: {
              ...record.data,
              version: draftBase(kept.draft?.payload) ?? record.data.version,
            },
          })}
      {...(kept.draft === null ? {} : { draftId: kept.draft.id })}
    />
  );
}

function Editor(props: {
  initial: State;
  /** As it stands in the vault: a draft may hold other fields. */
  stored: MessageFields;
  record?: Known;
  draftId?: string;
}): JSX.Element {
  const { t } = useTranslation('messages');
  const common = useTranslation();
  const { term, options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  // As it was when the form opened: a later version must be refused, not overwritten.
  const [known] = useState(props.record);
  const [stored] = useState(props.stored);
  const [missing, setMissing] = useState(false);
  const { state, put, draft } = useDraftedState<State>(
    known === undefined ? 'message' : `message:${known.id}`,
    { ...props, basedOn: known?.version },
    (now) => defangText(now.text).slice(0, 60),
  );
  const { files, ...fields } = state;
  const record = useCommand('messages.record');
  const amend = useUndoable('messages.amend');
  const people = usePeople(fields.caseId);
  const devices = useQuery('devices.list', {
    limit: 200,
    ...(fields.caseId === null ? {} : { caseId: fields.caseId }),
  }).data?.rows;
  const { initial } = props;
  const intake = useKeptIntake(
    { caseId: fields.caseId, incidentId: null, draftId: draft.id },
    initial.files,
    (taken) => put({ files: taken }),
  );
  // The newest picture is the one in hand.
  const shot = files.filter((file) => file.mime.startsWith('image/')).at(-1);
  const reading = usePictureReading(shot?.id);
  const busy = record.isPending || amend.isPending;
  const error = record.error ?? amend.error;
  const links = partsOf(fields.text).filter((part) => part.link);

  // A picture on the clipboard goes in wherever the cursor is; words go where they are pasted.
  const { add } = intake;
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void add(files);
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, [add]);

  const save = async (): Promise<void> => {
    if (busy) return;
    const attached = (known?.evidence ?? []).map((one) => ({
      role: one.role,
      evidenceId: one.evidenceId,
    }));
    const evidence = [
      ...attached,
      ...intake.files.map((file) => ({ role: 'screenshot' as const, evidenceId: file.id })),
    ];
    if (fields.text.trim() === '' && evidence.length === 0) {
      setMissing(true);
      return;
    }
    const id =
      known === undefined
        ? (await record.mutateAsync({ ...fields, evidence }).catch(() => null))?.id
        : (await amend.run(
              { id: known.id, version: known.version, changes: fields, evidence },
              (version) => ({
                ...{ id: known.id, version, changes: stored, evidence: attached },
              }),
            ))
          ? known.id
          : undefined;
    if (id === undefined) return;
    intake.end();
    await draft.discard().catch(() => undefined);
    void navigate({ to: '/surveillance/messages/$messageId', params: { messageId: id }, replace: true });
  };
  const sealed = useWhenSealed(intake, save);
  useSaveShortcut(sealed.save);

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        sealed.save();
      }}
    >
      <PageHeader
        title={known ? t('edit') : t('new')}
        note={t('newNote')}
        focus={false}
        tags={<DraftTag state={draft.state} />}
      />
      <Columns
        main={
          <div className={forms.sheet}>
            {error !== null && <Notice tone="danger">{words(error)}</Notice>}
            <FormSection title={t('whatArrived')}>
              <ReadingProposal reading={reading} fields={fields} onUse={put} />
              <Textarea
                label={t('text')}
                description={t('textHelp')}
                className="rg-private"
                autoFocus
                autosize
                minRows={4}
                spellCheck={false}
                value={fields.text}
                onCopy={copyHarmless}
                error={missing && fields.text.trim() === '' ? t('textMissing') : undefined}
                onChange={(event) => put({ text: event.currentTarget.value })}
              />
              {links.length > 0 && (
                <div aria-live="polite">
                  <span className="rg-muted">{t('linksFound', { count: links.length })} </span>
                  {links.map((part, at) => (
                    <code key={at} className={css.link} style={{ marginInlineEnd: 6 }}>
                      {part.text}
                    </code>
                  ))}
                </div>
              )}
              <div className={forms.two}>
                <Select
                  label={t('channel')}
                  allowDeselect={false}
                  data={options('messageChannel', MESSAGE_CHANNELS)}
                  value={fields.channel}
                  onChange={(value) => value !== null && put({ channel: value as MessageFields['channel'] })}
                />
                <TextInput
                  label={t('sender')}
                  description={t('senderHelp')}
                  className="rg-private"
                  autoComplete="off"
                  value={fields.sender}
                  onChange={(event) => put({ sender: event.currentTarget.value })}
                />
              </div>
              <PartialDateField
                label={t('received')}
                value={fields.received}
                onChange={(received) => put({ received })}
              />
            </FormSection>
            <FormSection title={t('whatThen')}>
              <div className={forms.two}>
                <Select
                  label={t('clicked')}
                  description={t('clickedHelp')}
                  allowDeselect={false}
                  data={options('clicked', CLICK_ANSWERS)}
                  value={fields.clicked}
                  onChange={(value) => value !== null && put({ clicked: value as MessageFields['clicked'] })}
                />
                {fields.clicked === 'yes' && (
                  <TextInput
                    label={t('clickedWhen')}
                    description={t('clickedWhenHelp')}
                    value={fields.clickedWhen}
                    onChange={(event) => put({ clickedWhen: event.currentTarget.value })}
                  />
                )}
              </div>
              <Textarea
                label={t('whatHappened')}
                className="rg-private"
                autosize
                minRows={2}
                value={fields.whatHappened}
                onChange={(event) => put({ whatHappened: event.currentTarget.value })}
              />
              <Textarea
                label={t('context')}
                description={t('contextHelp')}
                className="rg-private"
                autosize
                minRows={2}
                value={fields.context}
                onChange={(event) => put({ context: event.currentTarget.value })}
              />
            </FormSection>
            <FormSection title={t('more')} note={t('moreNote')} folded>
              <div className={forms.two}>
                <TextInput
                  label={t('account')}
                  className="rg-private"
                  value={fields.account}
                  onChange={(event) => put({ account: event.currentTarget.value })}
                />
                <TextInput
                  label={t('others')}
                  className="rg-private"
                  value={fields.others}
                  onChange={(event) => put({ others: event.currentTarget.value })}
                />
              </div>
              <Textarea
                label={t('note')}
                className="rg-private"
                autosize
                minRows={2}
                value={fields.note}
                onChange={(event) => put({ note: event.currentTarget.value })}
              />
            </FormSection>
            <div className={forms.foot}>
              <Button
                type="submit"
                variant="filled"
                loading={busy || sealed.waiting}
                aria-keyshortcuts="Control+Enter"
              >
                {t('save')}
              </Button>
              <Button onClick={() => void navigate({ to: '/surveillance', search: { tab: 'messages' } })}>
                {common.t('cancel')}
              </Button>
              <span className={forms.footNote}>{t('neverOpened')}</span>
            </div>
          </div>
        }
        side={
          <>
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
            {shot !== undefined && (
              <Panel title={t('picture')} Icon={ScanText}>
                <PictureView id={shot.id} title={t('picture')} hard={false} pages={1} />
              </Panel>
            )}
            <Panel title={t('toWhom')} Icon={Smartphone}>
              <Select
                label={t('person')}
                searchable
                clearable
                className="rg-private"
                data={people.map((person) => ({ value: person.id, label: person.label }))}
                value={fields.personId}
                onChange={(value) => put({ personId: value as PersonId | null })}
              />
              <Select
                mt="xs"
                label={t('device')}
                searchable
                clearable
                data={(devices ?? []).map((row) => ({
                  value: row.id as string,
                  label: deviceName(row, term('deviceKind', row.kind)),
                }))}
                value={fields.deviceId}
                onChange={(value) => put({ deviceId: value as DeviceId | null })}
              />
            </Panel>
            <Panel title={t('case')} Icon={FolderOpen}>
              <CaseField bare value={fields.caseId} onChange={(caseId) => put({ caseId })} />
            </Panel>
          </>
        }
      />
    </form>
  );
}
