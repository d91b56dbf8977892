import { Button, Group, Modal, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { HandHelping, Printer, Undo2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reception } from '#shared/contract/devices.ts';
import type { CaseId, TargetId } from '#shared/model/ids.ts';
import { host } from '../../api/bridge.ts';
import { useCommand, useTask } from '../../api/hooks.ts';
import { formatInstant } from '../../lib/format.ts';
import { notify } from '../../lib/notify.ts';
import { draftBase, fromDraft, useDraftedState } from '../../lib/use-draft.ts';
import type { ReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DraftTag } from '../../ui/DraftTag.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Panel } from '../../ui/Panel.tsx';
import { InstantField, WhoField, type WhoValue } from './fields.tsx';
import { receptionDraft } from './use-reception-draft.ts';

/** How a device came in, the receipt for who brought it, and how it goes back. */
export function ReceptionPanel(props: {
  reception: Reception;
  /** Its name, by which Hoy lists a half written return. */
  device: string;
  caseId: CaseId | null;
  nameOf: (id: string | null, words: string) => string;
  /** A return that somebody came back for. */
  draft: ReturnedDraft | null;
  onDraftDone: () => void;
}): JSX.Element {
  const { t, i18n } = useTranslation('surveillance');
  const { term } = useTerms();
  const words = useErrorText();
  const { reception } = props;
  const [returning, setReturning] = useState(false);
  const receipt = useTask('receptions.receipt');
  const print = async (): Promise<void> => {
    const target = await host().chooseTarget({
      kind: 'file',
      suggestedName: t('receipt.fileName', { folio: reception.folio }),
    });
    if (target === null) return;
    const done = await receipt
      .mutateAsync({
        id: reception.id,
        language: i18n.language === 'en' ? 'en' : 'es',
        target: target.id as TargetId,
      })
      .catch(() => null);
    if (done) notify(t('receipt.done'));
  };
  const fact = (label: string, value: string, isPrivate = true): readonly [string, JSX.Element] | null =>
    value === ''
      ? null
      : [
          label,
          <span key={label} className={isPrivate ? 'rg-private' : ''}>
            {value}
          </span>,
        ];
  return (
    <Panel title={t('reception.title')} Icon={HandHelping}>
      <Facts
        items={[
          fact(t('receive.handedBy'), props.nameOf(reception.handedById, reception.handedByWords)),
          fact(t('receive.relation'), reception.relation),
          fact(t('receive.when'), formatInstant(reception.receivedAt), false),
          fact(t('reception.by'), reception.receivedBy),
          fact(t('receive.place'), reception.place),
          fact(t('receive.power'), reception.power.map((one) => term('powerState', one)).join(', '), false),
          fact(t('receive.condition'), reception.condition, false),
          fact(t('receive.accessories'), reception.accessories, false),
          fact(t('receive.seal'), reception.seal === '' ? t('reception.noSeal') : reception.seal, false),
          fact(t('reception.folio'), reception.folio, false),
          reception.returned === null
            ? null
            : fact(t('reception.returned'), formatInstant(reception.returned.returnedAt), false),
          reception.returned === null
            ? null
            : fact(
                t('reception.returnedTo'),
                props.nameOf(reception.returned.toPersonId, reception.returned.toWords),
              ),
        ]}
      />
      {reception.prosecutorFile === 'yes' && (
        <div style={{ marginTop: 10 }}>
          <Notice tone="due" title={t('receive.fileWarning')}>
            {t('receive.fileWarningText')}
          </Notice>
        </div>
      )}
      {receipt.error !== null && <Notice tone="danger">{words(receipt.error)}</Notice>}
      <Group mt="sm" gap="xs">
        <Button
          size="compact-sm"
          leftSection={<Printer size={15} />}
          loading={receipt.isPending}
          onClick={() => void print()}
        >
          {t('receipt.print')}
        </Button>
        {reception.returned === null && (
          <Button size="compact-sm" leftSection={<Undo2 size={15} />} onClick={() => setReturning(true)}>
            {t('return.title')}
          </Button>
        )}
      </Group>
      <p className="rg-small rg-muted" style={{ marginTop: 6 }}>
        {t('receipt.note')}
      </p>
      {(returning || props.draft !== null) && (
        <ReturnForm
          reception={reception}
          device={props.device}
          caseId={props.caseId}
          draft={returning ? null : props.draft}
          onClose={() => {
            setReturning(false);
            props.onDraftDone();
          }}
        />
      )}
    </Panel>
  );
}

interface State {
  readonly who: WhoValue;
  readonly relation: string;
  readonly at: string | null;
  readonly condition: string;
  readonly seal: 'yes' | 'no' | 'notSealed';
}

function ReturnForm(props: {
  reception: Reception;
  device: string;
  caseId: CaseId | null;
  draft: ReturnedDraft | null;
  onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation(['surveillance', 'ui', 'common']);
  const words = useErrorText();
  // What is returned is what the form was opened for, also where the device came in again meanwhile.
  const [reception] = useState(props.reception);
  const [begun] = useState(() => ({
    initial: fromDraft<State>(props.draft?.payload, {
      who: { id: reception.handedById, words: reception.handedByWords },
      relation: reception.relation,
      at: new Date().toISOString(),
      condition: '',
      seal: reception.seal === '' ? 'notSealed' : 'yes',
    }),
    draftId: props.draft?.id,
    basedOn: draftBase(props.draft?.payload) ?? reception.version,
  }));
  const {
    state: { who, relation, at, condition, seal },
    put,
    draft,
  } = useDraftedState<State>(
    receptionDraft('return', reception.deviceId, reception.id),
    begun,
    () => props.device,
  );
  const back = useCommand('receptions.return');
  const nobody = who.id === null && who.words.trim() === '';
  const save = async (): Promise<void> => {
    if (at === null || nobody) return;
    const done = await back
      .mutateAsync({
        id: reception.id,
        version: begun.basedOn,
        returnedAt: at,
        toPersonId: who.id,
        toWords: who.words,
        relation,
        condition,
        sealIntact: seal,
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
      title={t('return.title')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Stack gap="sm">
        {back.error !== null && <Notice tone="danger">{words(back.error)}</Notice>}
        <p className="rg-muted">{t('return.text')}</p>
        <WhoField
          label={t('return.to')}
          caseId={props.caseId}
          value={who}
          onChange={(next) => put({ who: next })}
        />
        <TextInput
          label={t('receive.relation')}
          value={relation}
          onChange={(event) => put({ relation: event.currentTarget.value })}
        />
        <InstantField label={t('return.when')} required value={at} onChange={(next) => put({ at: next })} />
        <TextInput
          label={t('return.condition')}
          value={condition}
          onChange={(event) => put({ condition: event.currentTarget.value })}
        />
        <div>
          <div style={{ fontWeight: 500, marginBottom: 4 }} id="seal-intact">
            {t('return.seal')}
          </div>
          <SegmentedControl
            aria-labelledby="seal-intact"
            value={seal}
            onChange={(value) => put({ seal: value as typeof seal })}
            data={(['yes', 'no', 'notSealed'] as const).map((answer) => ({
              value: answer,
              label: t(`return.sealIntact.${answer}`),
            }))}
          />
        </div>
        <Group justify="flex-end">
          <DraftTag state={draft.state} />
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button
            variant="filled"
            disabled={at === null || nobody}
            loading={back.isPending}
            onClick={() => void save()}
          >
            {t('return.save')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
