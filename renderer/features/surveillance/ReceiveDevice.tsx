import { Button, Loader, MultiSelect, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { FolderOpen, PowerOff } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';
import { POWER_STATES } from '#shared/model/surveillance.ts';
import { useCommand } from '../../api/hooks.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { useDraftedState } from '../../lib/use-draft.ts';
import { useOpenedDraft } from '../../lib/use-opened-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import forms from '../../ui/forms.module.css';
import { DraftTag } from '../../ui/DraftTag.tsx';
import { FormSection } from '../../ui/FormSection.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Panel } from '../../ui/Panel.tsx';
import { IntakePanel } from '../evidence/IntakePanel.tsx';
import { joinFiles } from '../evidence/taken-files.ts';
import { useKeptIntake } from '../evidence/use-kept-intake.ts';
import { useWhenSealed } from '../evidence/use-when-sealed.ts';
import { StrayDraft } from '../today/StrayDraft.tsx';
import { BasisFields, basisInput, basisStops } from './BasisFields.tsx';
import { CaseField } from './CaseField.tsx';
import { DeviceFields } from './DeviceFields.tsx';
import { InstantField, WhoField } from './fields.tsx';
import { PersonCard } from './PersonCard.tsx';
import { receiveSteps } from './receive-steps.ts';
import { blankReception, receptionFrom, type ReceptionState } from './reception-state.ts';

/** Receives a device: who hands it over, whose it is, on what ground, in what state. */
export function ReceiveDevice(): JSX.Element {
  const { t } = useTranslation(['ui', 'surveillance']);
  const navigate = useNavigate();
  const words = useErrorText();
  const { caseId, draft } = useSearch({ strict: false }) as { caseId?: CaseId; draft?: string };
  const kept = useOpenedDraft(draft);
  if (kept.waiting) return <Loader role="status" aria-label={t('loading')} />;
  if (kept.error !== null) return <Notice tone="danger">{words(kept.error)}</Notice>;
  const begun = receptionFrom(kept.draft?.payload, blankReception(caseId ?? null));
  if (begun === null) {
    const stray = kept.draft && { ...kept.draft, form: 'reception' as const };
    const leave = (): void => void navigate({ to: '/surveillance', search: { tab: 'devices' } });
    return stray === null ? (
      <></>
    ) : (
      <StrayDraft draft={stray} onGone={leave}>
        {t('surveillance:receive.draftOfOther')}
      </StrayDraft>
    );
  }
  return (
    <Editor
      key={draft ?? ''}
      initial={{ ...begun, files: joinFiles(begun.files, kept.draft?.files) }}
      {...(kept.draft === null ? {} : { draftId: kept.draft.id })}
    />
  );
}

function Editor(props: { initial: ReceptionState; draftId?: string }): JSX.Element {
  const { t } = useTranslation('surveillance');
  const common = useTranslation();
  const { options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const [missing, setMissing] = useState(false);
  const { state, put, draft } = useDraftedState<ReceptionState>('reception', props, (now) =>
    [now.device.make, now.device.model].join(' '),
  );
  const steps = useMutation({
    mutationFn: (now: ReceptionState) =>
      receiveSteps(now, async (next) => {
        put({ made: next });
        await draft.flush();
      }),
  });
  const examination = useCommand('examinations.record');
  const caseId = state.device.caseId;
  const { initial } = props;
  const intake = useKeptIntake({ caseId, incidentId: null, draftId: draft.id }, initial.files, (files) =>
    put({ files }),
  );
  const busy = steps.isPending || examination.isPending;
  const error = steps.error ?? examination.error;
  const { reception: handed, basis, made } = state;
  const putHanded = (changes: Partial<ReceptionState['reception']>): void =>
    put({ reception: { ...handed, ...changes } });
  useEffect(() => {
    if (!missing) return;
    document.querySelector<HTMLElement>('form [aria-invalid="true"]')?.focus();
  }, [missing]);

  const noGiver = handed.handedById === null && handed.handedByWords.trim() === '';
  const noWords =
    basis.basis !== 'pending' &&
    basis.basis !== 'owner' &&
    basis.words.trim() === '' &&
    basis.who.words.trim() === '';
  const save = async (): Promise<void> => {
    if (busy) return;
    if (noGiver || noWords) {
      setMissing(false);
      setTimeout(() => setMissing(true));
      return;
    }
    if (basisStops(basis)) return;
    const done = await steps.mutateAsync({ ...state, files: intake.files }).catch(() => null);
    const deviceId = done?.device?.id;
    if (deviceId === undefined) return;
    const opened = await examination.mutateAsync({ deviceId, ...basisInput(basis) }).catch(() => null);
    if (!opened) return;
    intake.end();
    await draft.discard().catch(() => undefined);
    void navigate({
      to: '/surveillance/devices/$deviceId',
      params: { deviceId },
      replace: true,
    });
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
        title={t('receive.title')}
        note={t('receive.note')}
        focus={false}
        tags={<DraftTag state={draft.state} />}
        actions={<PersonCard caseId={caseId} />}
      />
      <Columns
        main={
          <div className={forms.sheet}>
            {error !== null && <Notice tone="danger">{words(error)}</Notice>}
            <FormSection title={t('receive.who')}>
              <div className={forms.two}>
                <WhoField
                  autoFocus
                  label={t('receive.handedBy')}
                  caseId={caseId}
                  value={{ id: handed.handedById, words: handed.handedByWords }}
                  error={missing && noGiver ? t('receive.handedByMissing') : undefined}
                  onChange={(who) => putHanded({ handedById: who.id, handedByWords: who.words })}
                />
                <TextInput
                  label={t('receive.relation')}
                  placeholder={t('receive.relationExample')}
                  value={handed.relation}
                  onChange={(event) => putHanded({ relation: event.currentTarget.value })}
                />
              </div>
              <div className={forms.two}>
                <InstantField
                  label={t('receive.when')}
                  required
                  fixed={made.reception === undefined ? undefined : t('receive.whenFixed')}
                  value={handed.receivedAt}
                  onChange={(at) => at !== null && putHanded({ receivedAt: at })}
                />
                <TextInput
                  label={t('receive.place')}
                  className="rg-private"
                  value={handed.place}
                  onChange={(event) => putHanded({ place: event.currentTarget.value })}
                />
              </div>
            </FormSection>
            <DeviceFields
              value={state.device}
              onChange={(changes) => put({ device: { ...state.device, ...changes } })}
            />
            <FormSection title={t('receive.state')}>
              <MultiSelect
                label={t('receive.power')}
                data={options('powerState', POWER_STATES)}
                value={handed.power}
                onChange={(power) => putHanded({ power: power as typeof handed.power })}
              />
              <div className={forms.two}>
                <TextInput
                  label={t('receive.condition')}
                  placeholder={t('receive.conditionExample')}
                  value={handed.condition}
                  onChange={(event) => putHanded({ condition: event.currentTarget.value })}
                />
                <TextInput
                  label={t('receive.accessories')}
                  placeholder={t('receive.accessoriesExample')}
                  value={handed.accessories}
                  onChange={(event) => putHanded({ accessories: event.currentTarget.value })}
                />
              </div>
              <TextInput
                label={t('receive.seal')}
                description={t('receive.sealHelp')}
                value={handed.seal}
                onChange={(event) => putHanded({ seal: event.currentTarget.value })}
              />
            </FormSection>
            <FormSection title={t('basis.title')}>
              <BasisFields
                caseId={caseId}
                value={basis}
                missing={missing}
                onChange={(next) => put({ basis: next })}
              />
            </FormSection>
            <FormSection title={t('receive.file')} note={t('receive.fileNote')}>
              <SegmentedControl
                aria-label={t('receive.file')}
                value={handed.prosecutorFile}
                onChange={(value) => putHanded({ prosecutorFile: value as typeof handed.prosecutorFile })}
                data={(['yes', 'no', 'unknown'] as const).map((answer) => ({
                  value: answer,
                  label: t(`answer.${answer}`),
                }))}
              />
              {handed.prosecutorFile === 'yes' && (
                <Notice tone="due" title={t('receive.fileWarning')}>
                  {t('receive.fileWarningText')}
                </Notice>
              )}
              <Textarea
                label={t('receive.reason')}
                description={t('receive.reasonHelp')}
                className="rg-private"
                autosize
                minRows={2}
                value={handed.reason}
                onChange={(event) => putHanded({ reason: event.currentTarget.value })}
              />
            </FormSection>
            <div className={forms.foot}>
              <Button
                type="submit"
                variant="filled"
                loading={busy || sealed.waiting}
                aria-keyshortcuts="Control+Enter"
              >
                {t('receive.save')}
              </Button>
              <Button onClick={() => void navigate({ to: '/surveillance' })}>{common.t('cancel')}</Button>
              <span className={forms.footNote}>{t('receive.after')}</span>
            </div>
          </div>
        }
        side={
          <>
            <Panel title={t('receive.dont')} Icon={PowerOff} tone="due">
              <p className="rg-muted">{t('receive.dontText')}</p>
            </Panel>
            <IntakePanel caseId={caseId} incidentId={null} taken={initial.files} intake={intake} />
            <Panel title={t('case')} Icon={FolderOpen}>
              <CaseField
                bare
                value={caseId}
                onChange={(value) => put({ device: { ...state.device, caseId: value } })}
              />
            </Panel>
          </>
        }
      />
    </form>
  );
}
