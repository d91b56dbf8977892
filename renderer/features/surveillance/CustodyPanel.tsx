import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { Link2, Plus } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceCustodyEntry } from '#shared/contract/devices.ts';
import type { DeviceId, ReceptionId } from '#shared/model/surveillance-ids.ts';
import type { Input, Output } from '../../api/contract.ts';
import { useCommand } from '../../api/hooks.ts';
import type { DraftForm } from '../../lib/draft-kinds.ts';
import { formatInstant } from '../../lib/format.ts';
import { fromDraft, useDraftedState } from '../../lib/use-draft.ts';
import type { ReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DraftTag } from '../../ui/DraftTag.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel, Row, Rows } from '../../ui/Panel.tsx';
import { InstantField } from './fields.tsx';
import { receptionDraft } from './use-reception-draft.ts';
import css from './surveillance.module.css';

type Step = Input<'devices.custody'>['action'];
const STEPS: readonly Step[] = [
  'sealed',
  'copied',
  'examined',
  'unsealed',
  'switchedOn',
  'transferred',
  'destroyed',
];
/** The four stations that nobody may skip without a word. */
const STATIONS = ['received', 'sealed', 'copied', 'returned'] as const;

/** Where the device has been since it was received, and what is wrong with that story. */
export function CustodyPanel(props: {
  deviceId: DeviceId;
  /** Its name, by which Hoy lists a half written step. */
  device: string;
  custody: readonly DeviceCustodyEntry[];
  gaps: Output<'devices.get'>['custodyGaps'];
  /** By which it is with us: steps can be added. */
  receptionId: ReceptionId | null;
  /** A step that somebody came back for. */
  draft: ReturnedDraft | null;
  onDraftDone: () => void;
}): JSX.Element {
  const { t } = useTranslation('surveillance');
  const { term } = useTerms();
  const [adding, setAdding] = useState<ReceptionId | null>(null);
  const { receptionId, draft } = props;
  const form = adding === null ? draft?.form : receptionDraft('custody', props.deviceId, adding);
  const begun = props.custody.findLastIndex((entry) => entry.action === 'received');
  const current = begun === -1 ? [] : props.custody.slice(begun);
  return (
    <Panel
      title={t('custody.title')}
      Icon={Link2}
      extra={
        receptionId === null ? undefined : (
          <Button size="compact-sm" leftSection={<Plus size={15} />} onClick={() => setAdding(receptionId)}>
            {t('custody.add')}
          </Button>
        )
      }
    >
      {props.gaps.length > 0 && (
        <Notice tone="due" title={t('custody.gaps')}>
          {props.gaps.map((gap) => (
            <p key={`${gap.problem}${String(gap.position)}`}>
              {t(`custody.problem.${gap.problem}`, { number: gap.position + 1 })}
            </p>
          ))}
        </Notice>
      )}
      {props.custody.length === 0 ? (
        <p className="rg-muted">{t('custody.none')}</p>
      ) : (
        <>
          <ol className={css.custody} style={{ margin: '8px 0 14px' }} aria-label={t('custody.stations')}>
            {STATIONS.map((station) => {
              const entry = current.find((one) => one.action === station);
              return (
                <li key={station} data-done={entry !== undefined}>
                  <strong>{term('deviceCustody', station)}</strong>
                  <span className="rg-small rg-muted">
                    {entry ? formatInstant(entry.at) : t('custody.notYet')}
                  </span>
                </li>
              );
            })}
          </ol>
          <div style={{ margin: '0 calc(-1 * var(--rg-pad)) -12px' }}>
            <Rows label={t('custody.title')}>
              {[...props.custody].reverse().map((entry) => (
                <Row
                  key={entry.position}
                  title={
                    <>
                      {term('deviceCustody', entry.action)}
                      {entry.detail !== '' && (
                        <>
                          {' · '}
                          <span className="rg-private" style={{ fontWeight: 400 }}>
                            {entry.detail}
                          </span>
                        </>
                      )}
                    </>
                  }
                  note={
                    <>
                      {t('custody.by', { holder: entry.holder === '' ? t('custody.unknown') : entry.holder })}{' '}
                      · <span className="rg-private">{entry.actor}</span>
                    </>
                  }
                  end={<time dateTime={entry.at}>{formatInstant(entry.at)}</time>}
                />
              ))}
            </Rows>
          </div>
        </>
      )}
      {form !== undefined && (
        <AddStep
          form={form}
          deviceId={props.deviceId}
          device={props.device}
          draft={adding === null ? draft : null}
          onClose={() => {
            setAdding(null);
            props.onDraftDone();
          }}
        />
      )}
    </Panel>
  );
}

interface State {
  readonly action: Step;
  readonly at: string | null;
  readonly detail: string;
  readonly holder: string;
}

function AddStep(props: {
  /** Under which what is typed is kept. */
  form: DraftForm;
  deviceId: DeviceId;
  device: string;
  draft: ReturnedDraft | null;
  onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation(['surveillance', 'ui', 'common']);
  const { options } = useTerms();
  const words = useErrorText();
  const [begun] = useState(() => ({
    initial: fromDraft<State>(props.draft?.payload, {
      action: 'sealed',
      at: new Date().toISOString(),
      detail: '',
      holder: '',
    }),
    draftId: props.draft?.id,
  }));
  const {
    state: { action, at, detail, holder },
    put,
    draft,
  } = useDraftedState<State>(props.form, begun, () => props.device);
  const add = useCommand('devices.custody');
  const save = async (): Promise<void> => {
    const done = await add
      .mutateAsync({
        deviceId: props.deviceId,
        action,
        at: at ?? new Date().toISOString(),
        detail,
        ...(holder.trim() === '' ? {} : { holder }),
      })
      .catch(() => null);
    if (!done) return;
    await draft.discard().catch(() => undefined);
    props.onClose();
  };
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('custody.add')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Stack gap="sm">
        {add.error !== null && <Notice tone="danger">{words(add.error)}</Notice>}
        <Select
          label={t('custody.step')}
          data-autofocus
          allowDeselect={false}
          data={options('deviceCustody', STEPS)}
          value={action}
          onChange={(value) => value !== null && put({ action: value as Step })}
        />
        <InstantField label={t('custody.when')} value={at} onChange={(next) => put({ at: next })} />
        <TextInput
          label={t('custody.detail')}
          description={t(action === 'sealed' ? 'custody.detailSeal' : 'custody.detailHelp')}
          className="rg-private"
          value={detail}
          onChange={(event) => put({ detail: event.currentTarget.value })}
        />
        <TextInput
          label={t('custody.holder')}
          description={t('custody.holderHelp')}
          className="rg-private"
          value={holder}
          onChange={(event) => put({ holder: event.currentTarget.value })}
        />
        <Group justify="flex-end">
          <DraftTag state={draft.state} />
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button variant="filled" loading={add.isPending} onClick={() => void save()}>
            {t('common:save')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
