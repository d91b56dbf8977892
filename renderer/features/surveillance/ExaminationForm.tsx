import { Button, Checkbox, Loader, Select, Textarea, TextInput } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ListChecks } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';
import type { DeviceId, ExaminationId, IndicatorSetId } from '#shared/model/surveillance-ids.ts';
import { EXAMINATION_METHODS } from '#shared/model/surveillance.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { formatDay, formatNumber } from '../../lib/format.ts';
import { draftBase, fromDraft, useDraftedState } from '../../lib/use-draft.ts';
import { useOpenedDraft } from '../../lib/use-opened-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DraftTag } from '../../ui/DraftTag.tsx';
import forms from '../../ui/forms.module.css';
import { FormSection } from '../../ui/FormSection.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Panel } from '../../ui/Panel.tsx';
import { IntakePanel } from '../evidence/IntakePanel.tsx';
import { joinFiles } from '../evidence/taken-files.ts';
import { useKeptIntake } from '../evidence/use-kept-intake.ts';
import { useWhenSealed } from '../evidence/use-when-sealed.ts';
import { BasisFields, basisInput, basisStops } from './BasisFields.tsx';
import {
  blankExamination,
  examinationState,
  type EvidenceRole,
  type ExaminationRecord,
  type ExaminationState,
} from './examination-state.ts';
import { InstantField } from './fields.tsx';
import { deviceName } from './tones.ts';
import css from './surveillance.module.css';

/** A new examination of a device, or one to be completed. */
export function ExaminationForm(): JSX.Element {
  const { t } = useTranslation('ui');
  const { term } = useTerms();
  const words = useErrorText();
  const { draft } = useSearch({ strict: false }) as { draft?: string };
  const kept = useOpenedDraft(draft);
  const params = useParams({ strict: false }) as { deviceId?: DeviceId; examinationId?: ExaminationId };
  const record = useQuery(
    'examinations.get',
    { id: params.examinationId as ExaminationId },
    { enabled: params.examinationId !== undefined },
  );
  const deviceId = params.deviceId ?? record.data?.deviceId;
  const device = useQuery('devices.get', { id: deviceId as DeviceId }, { enabled: deviceId !== undefined });
  const error = record.error ?? device.error ?? kept.error;
  if (error) return <Notice tone="danger">{words(error)}</Notice>;
  if (!device.data || (params.examinationId !== undefined && !record.data) || kept.waiting)
    return <Loader role="status" aria-label={t('loading')} />;
  const known = record.data;
  const blank = known === undefined ? blankExamination() : examinationState(known);
  const begun = fromDraft(kept.draft?.payload, blank);
  return (
    <Editor
      key={`${known?.id ?? 'new'}${draft ?? ''}`}
      deviceId={device.data.id}
      device={deviceName(device.data, term('deviceKind', device.data.kind))}
      caseId={device.data.caseId}
      draftId={kept.draft?.id}
      initial={{ ...begun, files: joinFiles(begun.files, kept.draft?.files) }}
      {...(known === undefined
        ? {}
        : { record: { ...known, version: draftBase(kept.draft?.payload) ?? known.version } })}
    />
  );
}

function Editor(props: {
  deviceId: DeviceId;
  device: string;
  caseId: CaseId | null;
  draftId: string | undefined;
  record?: ExaminationRecord;
  initial: ExaminationState;
}): JSX.Element {
  const { t } = useTranslation('surveillance');
  const common = useTranslation();
  const { term, options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  // As it was when the form opened: a later version must be refused, not overwritten.
  const [known] = useState(props.record);
  const { state, put, draft } = useDraftedState<ExaminationState>(
    known === undefined ? `examine:${props.deviceId}` : `examination:${known.id}`,
    { ...props, basedOn: known?.version },
    () => props.device,
  );
  const [missing, setMissing] = useState(false);
  const sets = useQuery('indicatorSets.list', {}).data?.rows ?? [];
  const record = useCommand('examinations.record');
  const amend = useCommand('examinations.amend');
  const { initial } = props;
  const intake = useKeptIntake(
    { caseId: props.caseId, incidentId: null, draftId: draft.id },
    initial.files,
    (files) => put({ files }),
  );
  const busy = record.isPending || amend.isPending;
  const error = record.error ?? amend.error;
  const chosen = state.sets ?? sets.map((set) => set.id);
  const { basis } = state;
  const noWords =
    basis.basis !== 'pending' &&
    basis.basis !== 'owner' &&
    basis.words.trim() === '' &&
    basis.who.words.trim() === '';

  const open = async (id: ExaminationId): Promise<void> => {
    intake.end();
    await draft.discard().catch(() => undefined);
    void navigate({
      to: '/surveillance/examinations/$examinationId',
      params: { examinationId: id },
      replace: true,
    });
  };
  const save = async (): Promise<void> => {
    if (busy) return;
    if (noWords) {
      setMissing(true);
      return;
    }
    if (basisStops(basis)) return;
    const { basis: ground, role, method, tool, toolVersion, startedAt, endedAt } = state;
    const { examiner, organisation, limits, note } = state;
    const fields = {
      ...basisInput(ground),
      ...{ method, tool, toolVersion, startedAt, endedAt, examiner, organisation, limits, note },
    };
    const fresh = intake.files.map((file) => ({ role, evidenceId: file.id }));
    if (known === undefined) {
      const done = await record
        .mutateAsync({
          deviceId: props.deviceId,
          ...fields,
          evidence: fresh,
          sets: ground.basis === 'pending' ? [] : [...chosen],
        })
        .catch(() => null);
      if (done) await open(done.id);
      return;
    }
    const attached = known.evidence.map((one) => ({ role: one.role, evidenceId: one.evidenceId }));
    const done = await amend
      .mutateAsync({
        id: known.id,
        version: known.version,
        changes: fields,
        evidence: [...attached, ...fresh],
        sets: ground.basis === 'pending' ? [] : [...chosen],
      })
      .catch(() => null);
    if (done) await open(known.id);
  };
  const sealed = useWhenSealed(intake, save);
  useSaveShortcut(sealed.save);
  const line = (field: 'tool' | 'toolVersion' | 'examiner' | 'organisation'): JSX.Element => (
    <TextInput
      label={t(`examination.${field}`)}
      value={state[field]}
      onChange={(event) => put({ [field]: event.currentTarget.value })}
    />
  );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        sealed.save();
      }}
    >
      <PageHeader
        crumbs={
          <Link to="/surveillance/devices/$deviceId" params={{ deviceId: props.deviceId }}>
            {t('device.one')}
          </Link>
        }
        title={known ? t('examination.edit') : t('examination.new')}
        focus={false}
        tags={<DraftTag state={draft.state} />}
      />
      <Columns
        main={
          <div className={forms.sheet}>
            {error !== null && <Notice tone="danger">{words(error)}</Notice>}
            <FormSection title={t('basis.title')}>
              <BasisFields
                caseId={props.caseId}
                value={basis}
                missing={missing}
                onChange={(next) => put({ basis: next })}
              />
            </FormSection>
            <FormSection title={t('examination.how')}>
              <Select
                label={t('examination.method')}
                allowDeselect={false}
                data={options('examinationMethod', EXAMINATION_METHODS)}
                value={state.method}
                onChange={(method) =>
                  method !== null && put({ method: method as ExaminationState['method'] })
                }
              />
              <div className={forms.two}>
                {line('tool')}
                {line('toolVersion')}
              </div>
              <div className={forms.two}>
                {line('examiner')}
                {line('organisation')}
              </div>
              <div className={forms.two}>
                <InstantField
                  label={t('examination.startedAt')}
                  value={state.startedAt}
                  onChange={(startedAt) => put({ startedAt })}
                />
                <InstantField
                  label={t('examination.endedAt')}
                  value={state.endedAt}
                  onChange={(endedAt) => put({ endedAt })}
                />
              </div>
              <Textarea
                label={t('examination.limits')}
                description={t('examination.limitsHelp')}
                autosize
                minRows={2}
                value={state.limits}
                onChange={(event) => put({ limits: event.currentTarget.value })}
              />
              <Textarea
                label={t('device.note')}
                className="rg-private"
                autosize
                minRows={2}
                value={state.note}
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
                {common.t('save')}
              </Button>
              <Button
                onClick={() =>
                  void navigate({
                    to: '/surveillance/devices/$deviceId',
                    params: { deviceId: props.deviceId },
                  })
                }
              >
                {common.t('cancel')}
              </Button>
            </div>
          </div>
        }
        side={
          <>
            <Select
              label={t('examination.filesAre')}
              allowDeselect={false}
              data={options('forensicEvidenceRole', [
                'acquisition',
                'results',
                'report',
                'basisDocument',
                'consentRecording',
              ])}
              value={state.role}
              onChange={(value) => value !== null && put({ role: value as EvidenceRole })}
            />
            <IntakePanel
              caseId={props.caseId}
              incidentId={null}
              taken={[
                ...(known?.evidence ?? []).map((one) => ({
                  id: one.evidenceId,
                  title: `${term('forensicEvidenceRole', one.role)} · ${one.title}`,
                  mime: one.mime,
                })),
                ...initial.files,
              ]}
              intake={intake}
            />
            {basis.basis !== 'pending' && (
              <Panel title={t('examination.sets')} Icon={ListChecks} extra={chosen.length}>
                {sets.length === 0 ? (
                  <p className="rg-muted">
                    {t('examination.noSets')}{' '}
                    <Link to="/surveillance" search={{ tab: 'sets' }}>
                      {t('sets.open')}
                    </Link>
                  </p>
                ) : (
                  <Checkbox.Group
                    label={t('examination.setsHelp')}
                    value={[...chosen]}
                    onChange={(value) => put({ sets: value as IndicatorSetId[] })}
                  >
                    <div className={css.choice} style={{ marginTop: 8 }}>
                      {sets.map((set) => (
                        <Checkbox
                          key={set.id}
                          color="teal.8"
                          value={set.id}
                          label={set.name === '' ? set.fileName : set.name}
                          description={t('sets.short', {
                            day: set.day === null ? t('sets.noDay') : formatDay(set.day),
                            number: formatNumber(set.indicators),
                            count: set.indicators,
                          })}
                        />
                      ))}
                    </div>
                  </Checkbox.Group>
                )}
              </Panel>
            )}
          </>
        }
      />
    </form>
  );
}
