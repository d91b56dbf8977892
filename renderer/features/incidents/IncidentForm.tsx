import { Button, Loader, Select, TagsInput, Textarea, TextInput, Checkbox } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Check, FolderOpen, Siren } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId, IncidentId } from '#shared/model/ids.ts';
import { VERIFICATION_STATES } from '#shared/model/vocabularies.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { useDraft } from '../../lib/use-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import forms from '../../ui/forms.module.css';
import { FormSection } from '../../ui/FormSection.tsx';
import { NarrativeField } from '../../ui/NarrativeField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Columns, Panel } from '../../ui/Panel.tsx';
import { PartialDateField } from '../../ui/PartialDateField.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { IntakePanel } from '../evidence/IntakePanel.tsx';
import { useIntake } from '../evidence/use-intake.ts';
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
  const kept = useQuery('drafts.get', { id: draft ?? '' }, { enabled: draft !== undefined });
  const error = record.error ?? kept.error;
  if (error) return <Notice tone="danger">{words(error)}</Notice>;
  if ((incidentId !== undefined && !record.data) || (draft !== undefined && !kept.data))
    return <Loader aria-label={t('ui:loading')} />;
  let initial: IncidentState = blankIncident(caseId ?? null);
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
    initial = { ...initial, ...fields, against: [] };
  }
  if (kept.data) initial = stateFromDraft(kept.data.payload, caseId ?? null) ?? initial;
  return (
    <Editor
      // Another record or draft is another form.
      key={`${incidentId ?? ''}${draft ?? ''}`}
      initial={initial}
      {...(draft === undefined ? {} : { draftId: draft })}
      {...(record.data ? { record: { id: record.data.id, version: record.data.version } } : {})}
    />
  );
}

function Editor(props: {
  initial: IncidentState;
  draftId?: string;
  record?: { id: IncidentId; version: number };
}): JSX.Element {
  const { t } = useTranslation(['incidents', 'ui']);
  const common = useTranslation();
  const { options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const [state, setState] = useState(props.initial);
  const [missing, setMissing] = useState(false);
  const draft = useDraft<IncidentState>(
    props.record === undefined ? 'incident' : `incident:${props.record.id}`,
    props.draftId,
  );
  const record = useCommand('incidents.record');
  const amend = useCommand('incidents.amend');
  const cases = useQuery('cases.list', { limit: 200, sort: 'updated' }).data?.rows ?? [];
  const people = usePeople(state.caseId);
  const intake = useIntake({ caseId: state.caseId, incidentId: props.record?.id ?? null });
  const busy = record.isPending || amend.isPending;
  const error = record.error ?? amend.error;
  const put = (changes: Partial<IncidentState>): void => {
    const next = { ...state, ...changes };
    setState(next);
    draft.keep(next, firstWords(next));
  };
  // Files that finished belong to the draft too.
  const takenCount = intake.taken.length;
  useEffect(() => {
    if (takenCount > 0)
      draft.keep({ ...state, evidence: [...props.initial.evidence, ...intake.taken] }, firstWords(state));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only a newly finished file is news here
  }, [takenCount]);

  const save = async (): Promise<IncidentId | null> => {
    if (busy) return null;
    if (state.narrative.trim() === '' && state.title.trim() === '') {
      setMissing(true);
      return null;
    }
    const fields = fieldsOf(state);
    if (props.record) {
      const done = await amend
        .mutateAsync({ id: props.record.id, version: props.record.version, changes: fields })
        .catch(() => null);
      if (!done) return null;
      await draft.discard();
      return props.record.id;
    }
    const against = state.against.map((name) => name.trim()).filter((name) => name !== '');
    const evidence = [...props.initial.evidence, ...intake.taken].map((file) => file.id);
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
              <h1>{props.record ? t('editTitle') : t('newTitle')}</h1>
              {draft.state !== 'idle' && (
                <StatusTag
                  tone={draft.state === 'failed' ? 'danger' : 'verified'}
                  {...(draft.state === 'saved' ? { Icon: Check } : {})}
                >
                  <span role="status">{common.t(`draft.${draft.state}`)}</span>
                </StatusTag>
              )}
              <span className="rg-muted">{t('threeNeeded')}</span>
            </div>
            {error !== null && <Notice tone="danger">{words(error)}</Notice>}
            <div className={css.first}>
              <NarrativeField
                label={t('whatQuestion')}
                value={state.narrative}
                onChange={(narrative) => put({ narrative })}
                people={people}
                required
                autoFocus={!props.record}
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
                {!props.record && (
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
              {props.record === undefined && draft.state !== 'idle' && (
                <Button onClick={() => void draft.discard().then(leave)}>{t('discard')}</Button>
              )}
              <span className={forms.footNote}>{t('keys')}</span>
            </div>
          </div>
        }
        side={
          <>
            <IntakePanel
              caseId={state.caseId}
              incidentId={props.record?.id ?? null}
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
            {props.record === undefined && (
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
