import { Button, Group, Loader, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseDetail, CaseFields } from '#shared/contract/cases.ts';
import { NEW_CASE } from '#shared/model/new-case.ts';
import { CASE_STATES } from '#shared/model/vocabularies.ts';
import type { CaseId } from '#shared/model/ids.ts';
import { codeOf } from '../../api/bridge.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { nowLocal } from '../../lib/format.ts';
import { useUndoable } from '../../lib/undo.tsx';
import { draftBase, draftFields, useDraft } from '../../lib/use-draft.ts';
import { useOpenedDraft } from '../../lib/use-opened-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { AnswerField } from '../../ui/AnswerField.tsx';
import { DraftTag } from '../../ui/DraftTag.tsx';
import { FormSection } from '../../ui/FormSection.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import forms from '../../ui/forms.module.css';

const blank = (): CaseFields => ({ ...NEW_CASE, title: '', openedDay: nowLocal().slice(0, 10) });
const fieldsOf = (detail: CaseDetail): CaseFields => ({
  code: detail.code,
  title: detail.title,
  state: detail.state,
  summary: detail.summary,
  openedDay: detail.openedDay,
  language: detail.language,
  interpreter: detail.interpreter,
  safeChannel: detail.safeChannel,
  placeOrigin: detail.placeOrigin,
  placeRefuge: detail.placeRefuge,
});

/** A draft written by an older form lacks fields: they take their blank. Null when it is not a draft at all. */
const fromDraft = (payload: string): CaseFields | null => {
  const kept = draftFields(payload) as Partial<CaseFields> | null;
  return kept === null ? null : { ...blank(), ...kept };
};

/** Opens a case or changes one. Only the title is needed; the code is the next of the year. */
export function CaseForm(): JSX.Element {
  const { t } = useTranslation('ui');
  const words = useErrorText();
  const { caseId } = useParams({ strict: false }) as { caseId?: CaseId };
  const { draft } = useSearch({ strict: false }) as { draft?: string };
  const existing = useQuery('cases.get', { id: caseId as CaseId }, { enabled: caseId !== undefined });
  const kept = useOpenedDraft(draft);
  const failed = existing.error ?? kept.error;
  if (failed) return <Notice tone="danger">{words(failed)}</Notice>;
  if ((caseId !== undefined && !existing.data) || kept.waiting)
    return <Loader role="status" aria-label={t('loading')} />;
  const stored = existing.data && fieldsOf(existing.data);
  return (
    <Editor
      key={`${caseId ?? ''}${draft ?? ''}`}
      initial={(kept.draft && fromDraft(kept.draft.payload)) ?? stored ?? blank()}
      {...(kept.draft === null ? {} : { draftId: kept.draft.id })}
      {...(existing.data && stored
        ? {
            record: {
              id: existing.data.id,
              version: draftBase(kept.draft?.payload) ?? existing.data.version,
              fields: stored,
            },
          }
        : {})}
    />
  );
}

function Editor(props: {
  initial: CaseFields;
  draftId?: string;
  /** What is changed, as it stood when the form opened; a change by somebody else is refused by its version. */
  record?: { id: CaseId; version: number; fields: CaseFields };
}): JSX.Element {
  const { t } = useTranslation('cases');
  const common = useTranslation();
  const { options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const [record] = useState(props.record);
  const [fields, setFields] = useState(props.initial);
  const [missing, setMissing] = useState(false);
  const draft = useDraft<CaseFields>(
    record === undefined ? 'case' : `case:${record.id}`,
    props.draftId,
    record?.version,
  );
  const open = useCommand('cases.open');
  const amend = useUndoable('cases.amend');
  const caseId = record?.id;
  const put = (changes: Partial<CaseFields>): void => {
    const next = { ...fields, ...changes };
    setFields(next);
    draft.keep(next, next.title.trim());
  };
  const busy = open.isPending || amend.isPending;
  const error = open.error ?? amend.error;
  const field = error ? codeOf(error).field : undefined;

  const save = async (): Promise<void> => {
    if (busy) return;
    if (fields.title.trim() === '') {
      setMissing(true);
      return;
    }
    const { code, ...rest } = fields;
    const full: CaseFields = code === undefined || code.trim() === '' ? rest : { ...rest, code: code.trim() };
    let id = record?.id;
    if (record === undefined) id = (await open.mutateAsync(full).catch(() => null))?.id;
    else {
      const done = await amend.run({ id: record.id, version: record.version, changes: full }, (version) => ({
        id: record.id,
        version,
        changes: record.fields,
      }));
      if (!done) return;
    }
    if (id === undefined) return;
    await draft.discard();
    void navigate({ to: '/cases/$caseId', params: { caseId: id }, replace: true });
  };
  useSaveShortcut(() => void save());

  return (
    <form
      className={forms.page}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <PageHeader
        title={caseId === undefined ? t('newTitle') : t('editTitle')}
        note={t('onlyTitle')}
        tags={<DraftTag state={draft.state} />}
        focus={false}
      />
      {error !== null && <Notice tone="danger">{words(error)}</Notice>}
      <div className={forms.sheet}>
        <FormSection title={t('essential')}>
          <TextInput
            label={t('titleField')}
            description={t('titleHelp')}
            required
            autoFocus
            className="rg-private"
            autoComplete="off"
            value={fields.title}
            error={missing && fields.title.trim() === '' ? t('titleMissing') : undefined}
            onChange={(event) => put({ title: event.currentTarget.value })}
          />
          <div className={forms.two}>
            <TextInput
              label={t('code')}
              placeholder={t('codeAuto')}
              value={fields.code ?? ''}
              error={field === 'code' && error ? words(error) : undefined}
              onChange={(event) => put({ code: event.currentTarget.value })}
            />
            <Select
              label={t('state')}
              allowDeselect={false}
              data={options('caseState', CASE_STATES)}
              value={fields.state}
              onChange={(value) => value !== null && put({ state: value as CaseFields['state'] })}
            />
          </div>
          <Textarea
            label={t('summary')}
            className="rg-private"
            autosize
            minRows={3}
            value={fields.summary}
            onChange={(event) => put({ summary: event.currentTarget.value })}
          />
        </FormSection>
        <FormSection title={t('safeChannel')} note={t('safeChannelNote')} folded={false}>
          <div className={forms.two}>
            <TextInput
              label={t('medium')}
              placeholder={t('mediumExample')}
              value={fields.safeChannel.medium}
              onChange={(event) =>
                put({ safeChannel: { ...fields.safeChannel, medium: event.currentTarget.value } })
              }
            />
            <TextInput
              label={t('hours')}
              value={fields.safeChannel.hours}
              onChange={(event) =>
                put({ safeChannel: { ...fields.safeChannel, hours: event.currentTarget.value } })
              }
            />
          </div>
          <TextInput
            label={t('avoid')}
            placeholder={t('avoidExample')}
            value={fields.safeChannel.avoid}
            onChange={(event) =>
              put({ safeChannel: { ...fields.safeChannel, avoid: event.currentTarget.value } })
            }
          />
        </FormSection>
        <FormSection title={t('languagePlace')} note={t('languagePlaceNote')} folded>
          <AnswerField
            label={t('language')}
            value={fields.language}
            onChange={(language) => put({ language })}
          />
          <div>
            <div className={forms.label} id="interpreter">
              {t('interpreter')}
            </div>
            <SegmentedControl
              aria-labelledby="interpreter"
              value={fields.interpreter}
              onChange={(value) => put({ interpreter: value as CaseFields['interpreter'] })}
              data={[
                { value: 'needed', label: t('interpreterNeeded') },
                { value: 'notNeeded', label: t('interpreterNotNeeded') },
                { value: 'notAsked', label: t('interpreterNotAsked') },
              ]}
            />
          </div>
          <div className={forms.two}>
            <TextInput
              label={t('placeOrigin')}
              className="rg-private"
              value={fields.placeOrigin}
              onChange={(event) => put({ placeOrigin: event.currentTarget.value })}
            />
            <TextInput
              label={t('placeRefuge')}
              className="rg-private"
              description={t('placeRefugeNote')}
              value={fields.placeRefuge}
              onChange={(event) => put({ placeRefuge: event.currentTarget.value })}
            />
          </div>
        </FormSection>
        <Group mt="md">
          <Button type="submit" variant="filled" loading={busy}>
            {caseId === undefined ? t('openCase') : common.t('save')}
          </Button>
          <Button
            onClick={() =>
              void (caseId === undefined
                ? navigate({ to: '/cases' })
                : navigate({ to: '/cases/$caseId', params: { caseId } }))
            }
          >
            {common.t('cancel')}
          </Button>
        </Group>
      </div>
    </form>
  );
}
