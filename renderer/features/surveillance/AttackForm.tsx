import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DigitalAttack } from '#shared/contract/digital-attacks.ts';
import {
  DIGITAL_ATTACK_FIELDS,
  DIGITAL_ATTACK_TYPES,
  fieldsOfAttack,
  LONG_FIELDS,
  type DigitalAttackField,
  type DigitalAttackType,
} from '#shared/model/digital-attacks.ts';
import type { CaseId, IncidentId } from '#shared/model/ids.ts';
import { defangText } from '#shared/surveillance/defang.ts';
import type { DeviceId } from '#shared/model/surveillance-ids.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { formatPartialDate } from '../../lib/format.ts';
import { useUndoable } from '../../lib/undo.tsx';
import { useDraftedState } from '../../lib/use-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DraftTag } from '../../ui/DraftTag.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { copyHarmless } from './SafeText.tsx';
import { deviceName } from './tones.ts';

/** What the form holds, and what its draft keeps: also what is being corrected, as it was when that began. */
export interface AttackState {
  readonly known: DigitalAttack | null;
  /** Whether the form asks which incident tells the attack, because it was begun elsewhere. */
  readonly asks: boolean;
  readonly incidentId: IncidentId | null;
  readonly caseId: CaseId | null;
  readonly type: DigitalAttackType;
  readonly deviceId: DeviceId | null;
  readonly details: Partial<Record<DigitalAttackField, string>>;
}

/** A new attack of an incident, or of one that is still to be chosen. */
export const blankAttack = (incidentId: IncidentId | null, caseId: CaseId | null): AttackState => ({
  known: null,
  asks: incidentId === null,
  ...{ incidentId, caseId },
  type: 'spywareLink',
  deviceId: null,
  details: {},
});
/** An attack as it is recorded. A row of a list carries more than the record: only the record is kept. */
export const attackState = (row: DigitalAttack, caseId: CaseId | null): AttackState => {
  const { id, version, incidentId, type, deviceId, details, note, createdAt, updatedAt } = row;
  const known = { id, version, incidentId, type, deviceId, details, note, createdAt, updatedAt };
  return { known, asks: false, ...{ incidentId, caseId, type, deviceId, details } };
};

/** The fields of one digital attack. Without an incident it first asks which one tells it. */
export function AttackForm(props: {
  initial: AttackState;
  draftId?: string;
  onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation(['surveillance', 'ui', 'common']);
  const { term, options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const [{ known, asks, caseId }] = useState(props.initial);
  const {
    state: { incidentId, type, deviceId, details },
    put,
    draft,
  } = useDraftedState<AttackState>(
    known === null ? 'attack' : `attack:${known.id}`,
    { ...props, basedOn: known?.version },
    (now) => defangText(Object.values(now.details).find((told) => told.trim() !== '') ?? '').slice(0, 60),
  );
  const incidents = useQuery(
    'incidents.list',
    { limit: 500, ...(caseId === null ? {} : { caseId }) },
    { enabled: asks },
  ).data?.rows;
  const devices = useQuery('devices.list', {
    limit: 200,
    ...(caseId === null ? {} : { caseId }),
  }).data?.rows;
  const record = useCommand('digitalAttacks.record');
  const amend = useUndoable('digitalAttacks.amend');
  const error = record.error ?? amend.error;
  const own = fieldsOfAttack(type);
  // What was written under another type stays, below.
  const shown = [
    ...own,
    ...DIGITAL_ATTACK_FIELDS.filter((field) => !own.includes(field) && (details[field] ?? '') !== ''),
  ];
  const save = async (): Promise<void> => {
    if (incidentId === null) return;
    const filled = Object.fromEntries(
      Object.entries(details).filter(([, value]) => value.trim() !== ''),
    ) as DigitalAttack['details'];
    const done =
      known === null
        ? await record.mutateAsync({ incidentId, type, deviceId, details: filled }).catch(() => null)
        : await amend.run(
            { id: known.id, version: known.version, changes: { type, deviceId, details: filled } },
            (version) => ({
              ...{ id: known.id, version },
              changes: { type: known.type, deviceId: known.deviceId, details: known.details },
            }),
          );
    if (!done) return;
    await draft.discard().catch(() => undefined);
    props.onClose();
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={props.onClose}
      title={t('attack.title')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Stack gap="sm">
        {error !== null && <Notice tone="danger">{words(error)}</Notice>}
        {asks && (
          <>
            <Select
              label={t('attack.incident')}
              description={t('attack.incidentHelp')}
              required
              searchable
              className="rg-private"
              data={(incidents ?? []).map((row) => ({
                value: row.id as string,
                label: [formatPartialDate(row.happened), row.title, row.caseCode ?? '']
                  .filter((part) => part !== '')
                  .join(' · '),
              }))}
              value={incidentId}
              onChange={(value) => put({ incidentId: value as IncidentId | null })}
            />
            <Group>
              <Button
                size="compact-sm"
                leftSection={<Plus size={15} />}
                onClick={() =>
                  void navigate({
                    to: '/incidents/new',
                    search: caseId === null ? {} : { caseId },
                  })
                }
              >
                {t('attack.newIncident')}
              </Button>
            </Group>
          </>
        )}
        <Group grow>
          <Select
            label={t('attack.type')}
            data-autofocus
            searchable
            allowDeselect={false}
            data={options('digitalAttack', DIGITAL_ATTACK_TYPES)}
            value={type}
            onChange={(value) => value !== null && put({ type: value as DigitalAttackType })}
          />
          <Select
            label={t('device.one')}
            searchable
            clearable
            data={(devices ?? []).map((row) => ({
              value: row.id as string,
              label: deviceName(row, term('deviceKind', row.kind)),
            }))}
            value={deviceId}
            onChange={(value) => put({ deviceId: value as DeviceId | null })}
          />
        </Group>
        {shown.map((field) => {
          const common = {
            label: term('digitalAttackField', field),
            className: 'rg-private',
            value: details[field] ?? '',
            onCopy: copyHarmless,
          };
          const tell = (value: string): void => put({ details: { ...details, [field]: value } });
          return LONG_FIELDS.has(field) ? (
            <Textarea
              key={field}
              {...common}
              autosize
              minRows={2}
              onChange={(event) => tell(event.currentTarget.value)}
            />
          ) : (
            <TextInput
              key={field}
              {...common}
              autoComplete="off"
              onChange={(event) => tell(event.currentTarget.value)}
            />
          );
        })}
        <Group justify="flex-end">
          <DraftTag state={draft.state} />
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button
            variant="filled"
            disabled={incidentId === null}
            loading={record.isPending || amend.isPending}
            onClick={() => void save()}
          >
            {t('common:save')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
