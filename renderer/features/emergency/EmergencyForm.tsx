import { Button, Radio, Select, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Check, Siren } from 'lucide-react';
import { useEffect, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';
import { SAFETY_ANSWERS } from '#shared/model/vocabularies.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { localDay } from '../../lib/format.ts';
import { fromDraft, useDraft } from '../../lib/use-draft.ts';
import { useOpenedDraft } from '../../lib/use-opened-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import forms from '../../ui/forms.module.css';
import { NarrativeField } from '../../ui/NarrativeField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Columns, Panel } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { IntakePanel } from '../evidence/IntakePanel.tsx';
import { joinFiles, type TakenFile } from '../evidence/taken-files.ts';
import { useKeptIntake } from '../evidence/use-kept-intake.ts';
import { blankPlace } from '../incidents/incident-state.ts';
import { readable } from '../../ui/mention-model.ts';
import { usePeople } from '../incidents/use-people.ts';
import css from './emergency.module.css';

interface EmergencyState {
  safe: (typeof SAFETY_ANSWERS)[number] | '';
  narrative: string;
  where: string;
  caller: string;
  channel: string;
  /** When the notice reached us: the moment this screen opened, unless corrected. */
  noticeAt: string;
  caseId: CaseId | null;
  /** Files that were taken in while the call went on; a draft keeps them too. */
  evidence: readonly TakenFile[];
}

const clockOf = (instant: string): string => {
  const at = new Date(instant);
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
};
/** `HH:MM` as the latest such moment that is not in the future. */
export const instantOf = (clock: string, now: Date): string => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  const at = new Date(now);
  at.setHours(hours, minutes, 0, 0);
  if (at.getTime() > now.getTime()) at.setDate(at.getDate() - 1);
  return at.toISOString();
};

/** Somebody is calling now. Four questions, a running clock, and nothing else before saving. */
export function EmergencyForm(): JSX.Element {
  const { draft: asked, caseId } = useSearch({ strict: false }) as { draft?: string; caseId?: CaseId };
  const kept = useOpenedDraft(asked);
  const words = useErrorText();
  if (kept.waiting) return <></>;
  if (kept.error !== null) return <Notice tone="danger">{words(kept.error)}</Notice>;
  const blank: EmergencyState = {
    safe: '',
    narrative: '',
    where: '',
    caller: '',
    channel: '',
    noticeAt: new Date().toISOString(),
    caseId: caseId ?? null,
    evidence: [],
  };
  const begun = fromDraft(kept.draft?.payload, blank);
  return (
    <Editor
      key={asked ?? ''}
      initial={{ ...begun, evidence: joinFiles(begun.evidence, kept.draft?.files) }}
      {...(kept.draft === null ? {} : { draftId: kept.draft.id })}
    />
  );
}

function Editor({ initial, draftId }: { initial: EmergencyState; draftId?: string }): JSX.Element {
  const { t } = useTranslation('incidents');
  const common = useTranslation();
  const { term } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const [state, setState] = useState(initial);
  const [missing, setMissing] = useState(false);
  const [now, setNow] = useState(() => Date.now());
  const draft = useDraft<EmergencyState>('emergency', draftId);
  const record = useCommand('incidents.record');
  const people = usePeople(state.caseId);
  const cases = useQuery('cases.list', { limit: 200 }).data?.rows ?? [];
  const titleOf = (now: EmergencyState): string => readable(now.narrative).slice(0, 90);
  const intake = useKeptIntake(
    { caseId: state.caseId, incidentId: null, draftId: draft.id },
    initial.evidence,
    (evidence) => draft.keep({ ...state, evidence }, titleOf(state)),
  );
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const form = useRef<HTMLFormElement>(null);
  const { files } = intake;
  const put = (changes: Partial<EmergencyState>): void => {
    const next = { ...state, ...changes };
    setState(next);
    draft.keep({ ...next, evidence: files }, titleOf(next));
  };
  const save = async (): Promise<void> => {
    if (record.isPending) return;
    if (state.narrative.trim() === '') {
      setMissing(true);
      return;
    }
    const done = await record
      .mutateAsync({
        caseId: state.caseId,
        narrative: state.narrative,
        happened: {
          kind: 'day',
          // The day of the notice: midnight may have passed since.
          day: localDay(state.noticeAt),
          time: clockOf(state.noticeAt),
          approximate: true,
        },
        place: { ...blankPlace(), words: state.where },
        emergency: {
          safe: state.safe === '' ? 'unknown' : state.safe,
          caller: state.caller,
          channel: state.channel,
          noticeAt: state.noticeAt,
        },
        draftId: draft.id,
        ...(files.length > 0 ? { evidence: files.map((file) => file.id) } : {}),
      })
      .catch(() => null);
    if (done) {
      draft.done();
      intake.becomes(done.id);
      void navigate({ to: '/incidents/$incidentId', params: { incidentId: done.id }, replace: true });
    }
  };
  useSaveShortcut(() => void save());
  const passed = Math.max(0, Math.floor((now - Date.parse(state.noticeAt)) / 1000));
  const stopwatch = [Math.floor(passed / 3600), Math.floor(passed / 60) % 60, passed % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Columns
        main={
          <div className={forms.sheet}>
            <div className={css.head}>
              <Siren size={24} aria-hidden />
              <h1>{t('emergency')}</h1>
              {draft.state !== 'idle' && (
                <StatusTag
                  tone={draft.state === 'failed' ? 'danger' : 'verified'}
                  {...(draft.state === 'saved' ? { Icon: Check } : {})}
                >
                  <span role="status">{common.t(`draft.${draft.state}`)}</span>
                </StatusTag>
              )}
            </div>
            {record.error !== null && <Notice tone="danger">{words(record.error)}</Notice>}
            <div className={css.fields}>
              <Radio.Group
                label={t('areTheySafe')}
                value={state.safe}
                onChange={(value) => put({ safe: value as EmergencyState['safe'] })}
              >
                <div className={css.answers}>
                  {SAFETY_ANSWERS.map((answer, index) => (
                    <Radio.Card
                      key={answer}
                      value={answer}
                      className={css.answer ?? ''}
                      data-answer={answer}
                      autoFocus={index === 0}
                      // With the mouse the next thing is to write; the arrow keys are still choosing.
                      onClick={(event) =>
                        event.detail > 0 && form.current?.querySelector('textarea')?.focus()
                      }
                    >
                      <Radio.Indicator color="teal.8" />
                      {term('safe', answer)}
                    </Radio.Card>
                  ))}
                </div>
              </Radio.Group>
              <NarrativeField
                label={t('whatIsHappening')}
                value={state.narrative}
                onChange={(narrative) => put({ narrative })}
                people={people}
                required
                rows={7}
                error={missing && state.narrative.trim() === '' ? t('whatMissing') : undefined}
                onPasteFiles={(files) => void intake.add(files)}
              />
              <TextInput
                label={t('where')}
                className="rg-private"
                autoComplete="off"
                value={state.where}
                onChange={(event) => put({ where: event.currentTarget.value })}
              />
              <div className={forms.two}>
                <TextInput
                  label={t('caller')}
                  placeholder={t('callerExample')}
                  className="rg-private"
                  autoComplete="off"
                  value={state.caller}
                  onChange={(event) => put({ caller: event.currentTarget.value })}
                />
                <TextInput
                  label={t('channel')}
                  placeholder={t('channelExample')}
                  autoComplete="off"
                  value={state.channel}
                  onChange={(event) => put({ channel: event.currentTarget.value })}
                />
              </div>
            </div>
            <div className={forms.foot}>
              <Button
                type="submit"
                size="md"
                variant="filled"
                loading={record.isPending}
                aria-keyshortcuts="Control+Enter"
              >
                {t('saveEmergency')}
              </Button>
              <span className={forms.footNote}>{t('nothingElse')}</span>
            </div>
          </div>
        }
        side={
          <>
            <Panel title={t('noticeTitle')} tone="due">
              <div className={css.watch} role="timer" aria-label={t('noticeTitle')}>
                {stopwatch}
              </div>
              <TextInput
                type="time"
                label={t('noticeAt')}
                value={clockOf(state.noticeAt)}
                onChange={(event) =>
                  event.currentTarget.value !== '' &&
                  put({ noticeAt: instantOf(event.currentTarget.value, new Date()) })
                }
              />
            </Panel>
            <IntakePanel caseId={state.caseId} incidentId={null} taken={initial.evidence} intake={intake} />
            <Panel title={t('case')}>
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
          </>
        }
      />
    </form>
  );
}
