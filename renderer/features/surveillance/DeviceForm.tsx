import { Button, Group, Loader, Select, Textarea } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceFields as Fields } from '#shared/contract/devices.ts';
import type { DeviceId } from '#shared/model/surveillance-ids.ts';
import { DEVICE_STATES } from '#shared/model/surveillance.ts';
import { useQuery } from '../../api/hooks.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { useUndoable } from '../../lib/undo.tsx';
import { draftBase, fromDraft, useDraftedState } from '../../lib/use-draft.ts';
import { useOpenedDraft } from '../../lib/use-opened-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DraftTag } from '../../ui/DraftTag.tsx';
import forms from '../../ui/forms.module.css';
import { FormSection } from '../../ui/FormSection.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { CaseField } from './CaseField.tsx';
import { DeviceFields } from './DeviceFields.tsx';
import { deviceName } from './tones.ts';

/** Corrects what is written of a device. */
export function DeviceForm(): JSX.Element {
  const { t } = useTranslation('ui');
  const words = useErrorText();
  const { deviceId } = useParams({ strict: false }) as { deviceId: DeviceId };
  const { draft } = useSearch({ strict: false }) as { draft?: string };
  const kept = useOpenedDraft(draft);
  const { data, error } = useQuery('devices.get', { id: deviceId });
  const failed = error ?? kept.error;
  if (failed) return <Notice tone="danger">{words(failed)}</Notice>;
  if (!data || kept.waiting) return <Loader role="status" aria-label={t('loading')} />;
  const { caseId, ownerId, ownerWords, kind, make, model, os, osVersion, identifiers } = data;
  const { since, stillInUse, sharedWith, state, note } = data;
  const stored: Fields = {
    ...{ caseId, ownerId, ownerWords, kind, make, model, os, osVersion, identifiers },
    ...{ since, stillInUse, sharedWith, state, note },
  };
  return (
    <Editor
      key={`${deviceId}${draft ?? ''}`}
      id={deviceId}
      version={draftBase(kept.draft?.payload) ?? data.version}
      stored={stored}
      initial={fromDraft(kept.draft?.payload, stored)}
      draftId={kept.draft?.id}
    />
  );
}

function Editor(props: {
  id: DeviceId;
  version: number;
  /** As it stands in the vault: a draft may hold other fields. */
  stored: Fields;
  initial: Fields;
  draftId: string | undefined;
}): JSX.Element {
  const { t } = useTranslation('surveillance');
  const common = useTranslation();
  const { term, options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  // As it was when the form opened: a later version must be refused, not overwritten.
  const [{ stored, version: begunOn }] = useState(props);
  const {
    state: fields,
    put,
    draft,
  } = useDraftedState<Fields>(`device:${props.id}`, { ...props, basedOn: begunOn }, (now) =>
    deviceName(now, term('deviceKind', now.kind)),
  );
  const amend = useUndoable('devices.amend');
  const back = (): void =>
    void navigate({
      to: '/surveillance/devices/$deviceId',
      params: { deviceId: props.id },
      replace: true,
    });
  const save = async (): Promise<void> => {
    if (amend.isPending) return;
    const { state, ...rest } = fields;
    const changes = {
      ...rest,
      identifiers: fields.identifiers.filter((one) => one.value.trim() !== ''),
      ...(state === stored.state ? {} : { state }),
    };
    const { state: was, ...before } = stored;
    const done = await amend.run({ id: props.id, version: begunOn, changes }, (version) => ({
      id: props.id,
      version,
      changes: { ...before, ...(state === was ? {} : { state: was }) },
    }));
    if (!done) return;
    await draft.discard().catch(() => undefined);
    back();
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
      <PageHeader title={t('device.edit')} tags={<DraftTag state={draft.state} />} focus={false} />
      {amend.error !== null && <Notice tone="danger">{words(amend.error)}</Notice>}
      <div className={forms.sheet}>
        <DeviceFields value={fields} onChange={put} />
        <FormSection title={t('device.where')}>
          <div className={forms.two}>
            <Select
              label={t('device.state')}
              allowDeselect={false}
              data={options(
                'deviceState',
                DEVICE_STATES.filter((state) => state !== 'returned' || stored.state === 'returned'),
              )}
              value={fields.state}
              onChange={(state) => state !== null && put({ state: state as Fields['state'] })}
            />
            <CaseField value={fields.caseId} onChange={(caseId) => put({ caseId })} />
          </div>
          <Textarea
            label={t('device.note')}
            className="rg-private"
            autosize
            minRows={2}
            value={fields.note}
            onChange={(event) => put({ note: event.currentTarget.value })}
          />
        </FormSection>
        <Group mt="md">
          <Button type="submit" variant="filled" loading={amend.isPending}>
            {common.t('save')}
          </Button>
          <Button onClick={back}>{common.t('cancel')}</Button>
        </Group>
      </div>
    </form>
  );
}
