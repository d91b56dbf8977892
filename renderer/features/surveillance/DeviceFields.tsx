import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceFields as Fields } from '#shared/contract/devices.ts';
import { DEVICE_IDENTIFIER_KINDS, DEVICE_KINDS } from '#shared/model/surveillance.ts';
import { useTerms } from '../../lib/use-terms.ts';
import forms from '../../ui/forms.module.css';
import { FormSection } from '../../ui/FormSection.tsx';
import { PartialDateField } from '../../ui/PartialDateField.tsx';
import { WhoField } from './fields.tsx';

export const blankDevice = (caseId: Fields['caseId']): Fields => ({
  caseId,
  ownerId: null,
  ownerWords: '',
  kind: 'phone',
  make: '',
  model: '',
  os: '',
  osVersion: '',
  identifiers: [],
  since: { kind: 'unknown' },
  stillInUse: 'unknown',
  sharedWith: '',
  state: 'unknown',
  note: '',
});

/** What a device is and whose; for receiving one and for correcting the record. */
export function DeviceFields(props: {
  value: Fields;
  onChange: (changes: Partial<Fields>) => void;
}): JSX.Element {
  const { t } = useTranslation('surveillance');
  const { options } = useTerms();
  const { value, onChange } = props;
  const putIdentifier = (index: number, changes: Partial<Fields['identifiers'][number]>): void =>
    onChange({
      identifiers: value.identifiers.map((one, at) => (at === index ? { ...one, ...changes } : one)),
    });
  const line = (field: 'make' | 'model' | 'os' | 'osVersion'): JSX.Element => (
    <TextInput
      label={t(`device.${field}`)}
      placeholder={t(`device.${field}Example`)}
      autoComplete="off"
      value={value[field]}
      onChange={(event) => onChange({ [field]: event.currentTarget.value })}
    />
  );
  return (
    <>
      <FormSection title={t('device.what')}>
        <div className={forms.two}>
          <Select
            label={t('device.kind')}
            allowDeselect={false}
            data={options('deviceKind', DEVICE_KINDS)}
            value={value.kind}
            onChange={(kind) => kind !== null && onChange({ kind: kind as Fields['kind'] })}
          />
          <WhoField
            label={t('device.owner')}
            description={t('device.ownerHelp')}
            caseId={value.caseId}
            value={{ id: value.ownerId, words: value.ownerWords }}
            onChange={(who) => onChange({ ownerId: who.id, ownerWords: who.words })}
          />
        </div>
        <div className={forms.two}>
          {line('make')}
          {line('model')}
        </div>
        <div className={forms.two}>
          {line('os')}
          {line('osVersion')}
        </div>
      </FormSection>
      <FormSection
        title={t('device.more')}
        note={t('device.moreNote')}
        folded={value.identifiers.length === 0}
      >
        <div className={forms.two}>
          <PartialDateField
            label={t('device.since')}
            value={value.since}
            onChange={(since) => onChange({ since })}
          />
          <Select
            label={t('device.stillInUse')}
            allowDeselect={false}
            data={(['yes', 'no', 'unknown'] as const).map((answer) => ({
              value: answer,
              label: t(`answer.${answer}`),
            }))}
            value={value.stillInUse}
            onChange={(answer) => answer !== null && onChange({ stillInUse: answer as Fields['stillInUse'] })}
          />
        </div>
        <TextInput
          label={t('device.sharedWith')}
          className="rg-private"
          value={value.sharedWith}
          onChange={(event) => onChange({ sharedWith: event.currentTarget.value })}
        />
        {value.identifiers.map((identifier, index) => (
          <div key={index} className={forms.line}>
            <Select
              w={180}
              label={t('device.identifierKind')}
              allowDeselect={false}
              data={options('deviceIdentifier', DEVICE_IDENTIFIER_KINDS)}
              value={identifier.kind}
              onChange={(kind) =>
                kind !== null && putIdentifier(index, { kind: kind as typeof identifier.kind })
              }
            />
            <TextInput
              className={`${forms.grow ?? ''} rg-private`}
              label={t('device.identifier')}
              autoComplete="off"
              value={identifier.value}
              onChange={(event) => putIdentifier(index, { value: event.currentTarget.value })}
            />
            <ActionIcon
              aria-label={t('device.removeIdentifier', { number: index + 1 })}
              onClick={() => onChange({ identifiers: value.identifiers.filter((_, at) => at !== index) })}
            >
              <Trash2 size={17} />
            </ActionIcon>
          </div>
        ))}
        <div>
          <Button
            size="compact-sm"
            leftSection={<Plus size={15} />}
            onClick={() => onChange({ identifiers: [...value.identifiers, { kind: 'imei', value: '' }] })}
          >
            {t('device.addIdentifier')}
          </Button>
        </div>
      </FormSection>
    </>
  );
}
