import { Button, Group, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseDetail } from '#shared/contract/cases.ts';
import { CASE_STATES } from '#shared/model/vocabularies.ts';
import type { CaseId } from '#shared/model/ids.ts';
import { codeOf } from '../../api/bridge.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import type { Input } from '../../api/contract.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { nowLocal } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { AnswerField } from '../../ui/AnswerField.tsx';
import { FormSection } from '../../ui/FormSection.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import forms from '../../ui/forms.module.css';

type Fields = Input<'cases.open'>;

const blank = (): Fields => ({
  title: '',
  state: 'intake',
  summary: '',
  openedDay: nowLocal().slice(0, 10),
  language: { kind: 'notAsked' },
  interpreter: 'notAsked',
  safeChannel: { medium: '', hours: '', avoid: '' },
  placeOrigin: '',
  placeRefuge: '',
});
const fieldsOf = (detail: CaseDetail): Fields => ({
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

/** Opens a case or changes one. Only the title is needed; the code is the next of the year. */
export function CaseForm(): JSX.Element {
  const { t } = useTranslation('cases');
  const common = useTranslation();
  const { options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const { caseId } = useParams({ strict: false }) as { caseId?: CaseId };
  const existing = useQuery('cases.get', { id: caseId as CaseId }, { enabled: caseId !== undefined });
  const [fields, setFields] = useState<Fields>(blank);
  const [version, setVersion] = useState(0);
  const [missing, setMissing] = useState(false);
  const open = useCommand('cases.open');
  const amend = useCommand('cases.amend');
  useEffect(() => {
    // Once: a change by somebody else must not replace what is being typed.
    if (existing.data && version === 0) {
      setFields(fieldsOf(existing.data));
      setVersion(existing.data.version);
    }
  }, [existing.data, version]);
  const put = (changes: Partial<Fields>): void => setFields((now) => ({ ...now, ...changes }));
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
    const full: Fields = code === undefined || code.trim() === '' ? rest : { ...rest, code: code.trim() };
    if (caseId === undefined) {
      const made = await open.mutateAsync(full).catch(() => null);
      if (made) void navigate({ to: '/cases/$caseId', params: { caseId: made.id }, replace: true });
    } else {
      const done = await amend.mutateAsync({ id: caseId, version, changes: full }).catch(() => null);
      if (done) void navigate({ to: '/cases/$caseId', params: { caseId }, replace: true });
    }
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
              onChange={(value) => value !== null && put({ state: value as Fields['state'] })}
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
              onChange={(value) => put({ interpreter: value as Fields['interpreter'] })}
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
