import { ActionIcon, Button, Group, SegmentedControl, Textarea } from '@mantine/core';
import { NotebookPen, Pencil } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Note } from '#shared/contract/notes.ts';
import type { CaseId } from '#shared/model/ids.ts';
import { NOTE_KINDS } from '#shared/model/vocabularies.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { formatSince } from '../../lib/format.ts';
import { useUndoable } from '../../lib/undo.tsx';
import { draftBase, draftFields, fromDraft, useDraft, useDraftedState } from '../../lib/use-draft.ts';
import { useOpenedDraft } from '../../lib/use-opened-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DraftTag } from '../../ui/DraftTag.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';

type Kind = (typeof NOTE_KINDS)[number];

/** Working notes. A privileged one enters no package, whatever the profile. */
export function NotesPanel({ caseId }: { caseId: CaseId }): JSX.Element {
  const { t } = useTranslation('cases');
  const { term } = useTerms();
  const notes = useQuery('notes.list', { caseId, limit: 50 }).data?.rows ?? [];
  const list = useQuery('drafts.list', {});
  // What is being fetched again may name a draft that is gone.
  const drafts = list.isFetching ? undefined : list.data?.rows;
  // What was being written here when the vault was locked. Asked once: later the panel itself is its author.
  const [form, setForm] = useState<{ draftId?: string; serial: number } | null>(null);
  if (form === null && drafts !== undefined) {
    const left = drafts.find((draft) => draft.form === `note:${caseId}`);
    setForm({ serial: 0, ...(left === undefined ? {} : { draftId: left.id }) });
  }
  /** Notes that are being corrected, and whether somebody asked for it just now. */
  const [editing, setEditing] = useState<ReadonlyMap<string, 'asked' | 'cameBack'>>(new Map());
  // Corrections that were left half written come back too: by note, the draft of each.
  const [corrections, setCorrections] = useState<ReadonlyMap<string, string> | null>(null);
  if (corrections === null && drafts !== undefined) {
    const own = `note:${caseId}:`;
    const left = drafts.filter((draft) => draft.form.startsWith(own));
    setCorrections(new Map(left.map((draft) => [draft.form.slice(own.length), draft.id])));
    setEditing(new Map(left.map((draft) => [draft.form.slice(own.length), 'cameBack'])));
  }
  /** Its draft goes on where it was left when the note is corrected again; null: it was saved. */
  const close = (noteId: string, draftId: string | null): void => {
    setEditing((now) => new Map([...now].filter(([id]) => id !== noteId)));
    setCorrections((now) => {
      const others = [...(now ?? [])].filter(([id]) => id !== noteId);
      return new Map(draftId === null ? others : [...others, [noteId, draftId]]);
    });
  };
  return (
    <Panel title={t('notes')} Icon={NotebookPen} extra={notes.length} flush>
      {form !== null && (
        <div style={{ padding: 14 }}>
          <NewNote
            // Every note has a form, and with it a draft, of its own.
            key={form.serial}
            caseId={caseId}
            {...(form.draftId === undefined ? {} : { draftId: form.draftId })}
            onWritten={() => setForm({ serial: form.serial + 1 })}
          />
        </div>
      )}
      <Rows>
        {notes.map((note) => (
          <Row
            key={note.id}
            title={
              editing.has(note.id) ? (
                <div style={{ fontWeight: 400 }}>
                  <NoteEditor
                    note={note}
                    draftId={corrections?.get(note.id)}
                    focus={editing.get(note.id) === 'asked'}
                    onClose={(left) => close(note.id, left)}
                  />
                </div>
              ) : (
                <span className="rg-private" style={{ fontWeight: 400, whiteSpace: 'pre-wrap' }}>
                  {note.body}
                </span>
              )
            }
            note={
              <>
                <span className="rg-private">{note.author}</span> · {formatSince(note.createdAt)}
              </>
            }
            end={
              <>
                {note.kind === 'privileged' && (
                  <StatusTag tone="digital">{term('note', note.kind)}</StatusTag>
                )}
                {!editing.has(note.id) && (
                  <ActionIcon
                    aria-label={t('editNote')}
                    title={t('editNote')}
                    onClick={() => setEditing((now) => new Map([...now, [note.id, 'asked']]))}
                  >
                    <Pencil size={16} />
                  </ActionIcon>
                )}
              </>
            }
          />
        ))}
      </Rows>
    </Panel>
  );
}

interface NoteDraft {
  readonly body: string;
  readonly kind: Kind;
}

/** What is typed survives a lock: the draft is found again when the case is opened. */
function NewNote(props: { caseId: CaseId; draftId?: string; onWritten: () => void }): JSX.Element | null {
  const words = useErrorText();
  const { draftId, ...rest } = props;
  const kept = useOpenedDraft(draftId);
  if (kept.error !== null) return <Notice tone="danger">{words(kept.error)}</Notice>;
  if (kept.waiting) return null;
  return (
    <NewNoteForm
      {...rest}
      {...(kept.draft === null ? {} : { draftId: kept.draft.id })}
      initial={draftOf(kept.draft?.payload)}
    />
  );
}

const draftOf = (payload: string | undefined): NoteDraft => ({
  body: '',
  kind: 'work',
  ...(payload === undefined ? {} : (draftFields(payload) as Partial<NoteDraft> | null)),
});

function NewNoteForm(props: {
  caseId: CaseId;
  draftId?: string;
  initial: NoteDraft;
  onWritten: () => void;
}): JSX.Element {
  const { t } = useTranslation('cases');
  const { options } = useTerms();
  const words = useErrorText();
  const write = useCommand('notes.write');
  const draft = useDraft<NoteDraft>(`note:${props.caseId}`, props.draftId);
  const [state, setState] = useState(props.initial);
  const put = (changes: Partial<NoteDraft>): void => {
    const next = { ...state, ...changes };
    setState(next);
    draft.keep(next, next.body.trim().slice(0, 60));
  };
  const save = async (): Promise<void> => {
    const { caseId } = props;
    const done = await write
      .mutateAsync({ caseId, kind: state.kind, body: state.body.trim() })
      .catch(() => null);
    if (!done) return;
    // An empty form at once: what is typed while the draft goes belongs to the next note.
    const gone = draft.discard();
    props.onWritten();
    await gone.catch(() => undefined);
  };
  return (
    <Stack>
      {write.error !== null && <Notice tone="danger">{words(write.error)}</Notice>}
      <Textarea
        aria-label={t('newNote')}
        placeholder={t('newNote')}
        className="rg-private"
        autosize
        minRows={2}
        value={state.body}
        onChange={(event) => put({ body: event.currentTarget.value })}
      />
      <Group justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label={t('noteKind')}
          value={state.kind}
          onChange={(value) => put({ kind: value as Kind })}
          data={options('note', NOTE_KINDS)}
        />
        <DraftTag state={draft.state} />
        <Button disabled={state.body.trim() === ''} loading={write.isPending} onClick={() => void save()}>
          {t('writeNote')}
        </Button>
      </Group>
    </Stack>
  );
}

interface EditorOf {
  note: Note;
  draftId?: string | undefined;
  /** Not where it opens by itself: the page that somebody came to has the focus. */
  focus: boolean;
  /** With the draft of what was left half written; null after it was saved. */
  onClose: (draftId: string | null) => void;
}

/** The note as it is, or as it was being corrected when the vault was locked. */
function NoteEditor(props: EditorOf): JSX.Element | null {
  const words = useErrorText();
  const kept = useOpenedDraft(props.draftId);
  if (kept.error !== null) return <Notice tone="danger">{words(kept.error)}</Notice>;
  if (kept.waiting) return null;
  return <NoteEditorForm {...props} draftId={kept.draft?.id} payload={kept.draft?.payload} />;
}

function NoteEditorForm(props: EditorOf & { payload: string | undefined }): JSX.Element {
  const { t } = useTranslation(['cases', 'ui']);
  const words = useErrorText();
  const amend = useUndoable('notes.amend');
  // As it was when the correction began: a later version must be refused, not overwritten.
  const [{ note, begun }] = useState(() => ({
    note: props.note,
    begun: {
      initial: fromDraft(props.payload, { body: props.note.body }),
      draftId: props.draftId,
      basedOn: draftBase(props.payload) ?? props.note.version,
    },
  }));
  const {
    state: { body },
    put,
    draft,
  } = useDraftedState(`note:${note.caseId}:${note.id}`, begun, (now) => now.body.trim().slice(0, 60));
  const save = async (): Promise<void> => {
    const { id } = note;
    const done = await amend.run({ id, version: begun.basedOn, body: body.trim() }, (version) => ({
      id,
      version,
      body: note.body,
    }));
    if (!done) return;
    await draft.discard().catch(() => undefined);
    props.onClose(null);
  };
  const leave = (): void => props.onClose(draft.id);
  return (
    <Stack>
      {amend.error !== null && <Notice tone="danger">{words(amend.error)}</Notice>}
      <Textarea
        aria-label={t('noteText')}
        className="rg-private"
        autosize
        minRows={2}
        autoFocus={props.focus}
        value={body}
        onChange={(event) => put({ body: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') leave();
        }}
      />
      <Group justify="flex-end">
        <DraftTag state={draft.state} />
        <Button onClick={leave}>{t('ui:cancel')}</Button>
        <Button
          variant="filled"
          disabled={body.trim() === ''}
          loading={amend.isPending}
          onClick={() => void save()}
        >
          {t('saveNote')}
        </Button>
      </Group>
    </Stack>
  );
}
