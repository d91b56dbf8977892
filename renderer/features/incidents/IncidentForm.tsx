import { Button, Loader, Select, TagsInput, Textarea, TextInput, Checkbox } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { FolderOpen, Siren } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentFields } from '#shared/contract/incidents.ts';
import type { CaseId, IncidentId } from '#shared/model/ids.ts';
import { VERIFICATION_STATES } from '#shared/model/vocabularies.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { notify } from '../../lib/notify.ts';
import { draftBase, useDraft } from '../../lib/use-draft.ts';
import { useUndoable } from '../../lib/undo.tsx';
import { useOpenedDraft } from '../../lib/use-opened-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DraftTag } from '../../ui/DraftTag.tsx';
import forms from '../../ui/forms.module.css';
import { FormSection } from '../../ui/FormSection.tsx';
import { NarrativeField } from '../../ui/NarrativeField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Columns, Panel } from '../../ui/Panel.tsx';
import { PartialDateField } from '../../ui/PartialDateField.tsx';
import { IntakePanel } from '../evidence/IntakePanel.tsx';
import { joinFiles } from '../evidence/taken-files.ts';
import { useKeptIntake } from '../evidence/use-kept-intake.ts';
import { ActsEditor } from './ActsEditor.tsx';
import { PlaceFields } from './PlaceFields.tsx';
import { SourcesEditor } from './SourcesEditor.tsx';
import { blankIncident, fieldsOf, firstWords, stateFromDraft, type IncidentState } from './incident-state.ts';
import { usePeople } from './use-people.ts';
import css from './incident.module.css';

/** Loads what is to be edited (a record, a draft, or nothing) before the form itself is made. */
export function IncidentForm(): JSX.Element {
  const { t } = useTranslation(['incidents', 'ui']);
  const words = useErrorText();
  const { incidentId } = useParams({ strict: false }) as { incidentId?: IncidentId };
  const { caseId, draft } = useSearch({ strict: false }) as { caseId?: CaseId; draft?: string };
  const record = useQuery(
    'incidents.get',
    { id: incidentId as IncidentId },
    { enabled: incidentId !== undefined },
  );
  const kept = useOpenedDraft(draft);
  const error = record.error ?? kept.error;
  if (error) return <Notice tone="danger">{words(error)}</Notice>;
  if ((incidentId !== undefined && !record.data) || kept.waiting)
    return <Loader role="status" aria-label={t('ui:loading')} />;
  let initial: IncidentState = blankIncident(caseId ?? null);
  let stored: IncidentFields | null = null;
  if (record.data) {
    const {
      id: _id,
      version: _v,
      caseCode: _c,
      createdAt: _ca,
      updatedAt: _u,
      personNames: _p,
      ...fields
    } = record.data;
    stored = fields;
    initial = { ...initial, ...fields, against: [] };
  }
  if (kept.draft) initial = stateFromDraft(kept.draft.payload, caseId ?? null) ?? initial;
  initial = { ...initial, evidence: joinFiles(initial.evidence, kept.draft?.files) };
  return (
    <Editor
      // Another record or draft is another form.
      key={`${incidentId ?? ''}${draft ?? ''}`}
      initial={initial}
      {...(kept.draft === null ? {} : { draftId: kept.draft.id })}
      {...(record.data && stored
        ? {
            record: {
              id: record.data.id,
              version: draftBase(kept.draft?.payload) ?? record.data.version,
              fields: stored,
            },
          }
        : {})}
    />
  );
}

function Editor(props: {
  initial: IncidentState;
  draftId?: string;
  /** What is changed, as it stands in the vault: a draft may hold other fields. */
  record?: { id: IncidentId; version: number; fields: IncidentFields };
}): JSX.Element {
  const { t } = useTranslation(['incidents', 'ui', 'today']);
  const common = useTranslation();
  const { options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  // As it was when the form opened: a later version must be refused, not overwritten.
  const [stored] = useState(props.record);
  const [state, setState] = useState(props.initial);
  const [missing, setMissing] = useState(false);
  const draft = useDraft<IncidentState>(
    stored === undefined ? 'incident' : `incident:${stored.id}`,
    props.draftId,
    stored?.version,
  );
  const record = useCommand('incidents.record');
  const amend = useUndoable('incidents.amend');
  const cases = useQuery('cases.list', { limit: 200, sort: 'updated' }).data?.rows ?? [];
  const people = usePeople(state.caseId);
  const intake = useKeptIntake(
    { caseId: state.caseId, incidentId: stored?.id ?? null, draftId: draft.id },
    props.initial.evidence,
    (evidence) => draft.keep({ ...state, evidence }, firstWords(state)),
  );
  const busy = record.isPending || amend.isPending;
  const error = record.error ?? amend.error;
  const put = (changes: Partial<IncidentState>): void => {
    const next = { ...state, ...changes };
    setState(next);
    draft.keep({ ...next, evidence: intake.files }, firstWords(next));
  };

  const save = async (): Promise<IncidentId | null> => {
    if (busy) return null;
    if (state.narrative.trim() === '' && state.title.trim() === '') {
      setMissing(true);
      return null;
    }
    const fields = fieldsOf(state);
    if (stored) {
      const { id, fields: before } = stored;
      const done = await amend.run({ id, version: stored.version, changes: fields }, (version) => ({
        id,
        version,
        changes: before,
      }));
      if (!done) return null;
      intake.becomes(stored.id);
      await draft.discard();
      return stored.id;
    }
    const against = state.against.map((name) => name.trim()).filter((name) => name !== '');
    const evidence = intake.files.map((file) => file.id);
    const done = await record
      .mutateAsync({
        ...fields,
        draftId: draft.id,
        ...(against.length > 0 ? { against } : {}),
        ...(evidence.length > 0 ? { evidence } : {}),
      })
      .catch(() => null);
    if (!done) return null;
    draft.done();
    intake.becomes(done.id);
    return done.id;
  };
  const saveAndOpen = async (): Promise<void> => {
    const id = await save();
    if (id !== null)
      void navigate({ to: '/incidents/$incidentId', params: { incidentId: id }, replace: true });
  };
  useSaveShortcut(() => void saveAndOpen());
  const leave = (): void =>
    void (state.caseId === null
      ? navigate({ to: '/' })
      : navigate({ to: '/cases/$caseId', params: { caseId: state.caseId } }));

  const throwAway = async (): Promise<void> => {
    const count = intake.files.length;
    intake.end();
    await draft.discard();
    if (count > 0) notify(t('today:discardedFiles', { count }));
    leave();
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void saveAndOpen();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) leave();
      }}
    >
      <Columns
        main={
          <div className={forms.sheet}>
            <div className={css.head}>
              <h1>{stored ? t('editTitle') : t('newTitle')}</h1>
              <DraftTag state={draft.state} />
              {!stored && <span className="rg-muted">{t('threeNeeded')}</span>}
            </div>
            {error !== null && <Notice tone="danger">{words(error)}</Notice>}
            <div className={css.first}>
              <NarrativeField
                label={t('whatQuestion')}
                value={state.narrative}
                onChange={(narrative) => put({ narrative })}
                people={people}
                required
                autoFocus={!stored}
                rows={6}
                error={missing && state.narrative.trim() === '' ? t('whatMissing') : undefined}
                onPasteFiles={(files) => void intake.add(files)}
              />
              <div>
                <PartialDateField
                  label={t('whenQuestion')}
                  value={state.happened}
                  onChange={(happened) => put({ happened })}
                  required
                />
                {!stored && (
                  <TagsInput
                    label={t('whomQuestion')}
                    withAsterisk
                    className="rg-private"
                    description={t('whomHelp')}
                    data={people.map((person) => person.label)}
                    value={state.against}
                    onChange={(against) => put({ against: [...new Set(against)] })}
                    acceptValueOnBlur
                  />
                )}
              </div>
            </div>
            <FormSection
              title={t('acts')}
              note={t('actsNote', { count: state.acts.length })}
              folded={state.acts.length === 0}
            >
              <ActsEditor acts={state.acts} people={people} onChange={(acts) => put({ acts })} />
            </FormSection>
            <FormSection title={t('place')} note={t('placeNote')} folded>
              <PlaceFields place={state.place} onChange={(place) => put({ place })} />
              <Checkbox
                color="teal.8"
                label={t('itWasOnline')}
                checked={state.online}
                onChange={(event) => put({ online: event.currentTarget.checked })}
              />
            </FormSection>
            <FormSection title={t('sources')} note={t('sourcesNote')} folded>
              <SourcesEditor
                sources={state.sources}
                people={people}
                onChange={(sources) => put({ sources })}
              />
              <Select
                label={t('verification')}
                allowDeselect={false}
                data={options('verification', VERIFICATION_STATES)}
                value={state.verification}
                onChange={(value) =>
                  value !== null && put({ verification: value as IncidentState['verification'] })
                }
              />
            </FormSection>
            <FormSection title={t('linkToWork')} note={t('linkToWorkNote')} folded>
              <Textarea
                aria-label={t('linkToWork')}
                className="rg-private"
                autosize
                minRows={2}
                value={state.linkToWork}
                onChange={(event) => put({ linkToWork: event.currentTarget.value })}
              />
            </FormSection>
            <FormSection title={t('more')} note={t('moreNote')} folded>
              <TextInput
                label={t('title')}
                description={t('titleHelp')}
                className="rg-private"
                value={state.title}
                onChange={(event) => put({ title: event.currentTarget.value })}
              />
              <NarrativeField
                label={t('restricted')}
                hint={t('restrictedHelp')}
                value={state.restrictedNarrative}
                onChange={(restrictedNarrative) => put({ restrictedNarrative })}
                people={people}
                rows={3}
              />
              <Checkbox
                color="teal.8"
                label={t('verySensitiveHelp')}
                checked={state.verySensitive}
                onChange={(event) => put({ verySensitive: event.currentTarget.checked })}
              />
            </FormSection>
            <div className={forms.foot}>
              <Button type="submit" variant="filled" loading={busy} aria-keyshortcuts="Control+Enter">
                {common.t('save')}
              </Button>
              {stored === undefined && draft.state !== 'idle' && (
                <Button onClick={() => void throwAway()}>{t('discard')}</Button>
              )}
              <span className={forms.footNote}>{t('keys')}</span>
            </div>
          </div>
        }
        side={
          <>
            <IntakePanel
              caseId={state.caseId}
              incidentId={stored?.id ?? null}
              taken={props.initial.evidence}
              intake={intake}
            />
            <Panel title={t('case')} Icon={FolderOpen}>
              <Select
                aria-label={t('case')}
                placeholder={t('noCaseYet')}
                searchable
                clearable
                className="rg-private"
                data={cases.map((row) => ({ value: row.id as string, label: `${row.code} · ${row.title}` }))}
                value={state.caseId}
                onChange={(value) => put({ caseId: value as CaseId | null })}
              />
            </Panel>
            {stored === undefined && (
              <Panel title={t('danger')} Icon={Siren} tone="due">
                <p className="rg-muted" style={{ marginBottom: 10 }}>
                  {t('dangerText')}
                </p>
                <Button
                  onClick={() =>
                    void navigate({
                      to: '/emergency',
                      search: state.caseId === null ? {} : { caseId: state.caseId },
                    })
                  }
                >
                  {t('dangerYes')}
                </Button>
              </Panel>
            )}
          </>
        }
      />
    </form>
  );
}
