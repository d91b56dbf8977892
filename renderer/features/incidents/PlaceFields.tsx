import { Select, TextInput } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '#shared/contract/incidents.ts';
import { STATE_CODES } from '../../lib/states.ts';
import { useTerms } from '../../lib/use-terms.ts';
import forms from '../../ui/forms.module.css';

/** From the state down to words; each step is optional. */
export function PlaceFields({
  place,
  onChange,
}: {
  place: Place;
  onChange: (place: Place) => void;
}): JSX.Element {
  const { t } = useTranslation('incidents');
  const { options } = useTerms();
  return (
    <>
      <div className={forms.two}>
        <Select
          label={t('state')}
          searchable
          clearable
          data={options('state', STATE_CODES)}
          value={place.stateCode === '' ? null : place.stateCode}
          onChange={(value) => onChange({ ...place, stateCode: value ?? '' })}
        />
        <TextInput
          label={t('municipality')}
          value={place.municipality}
          onChange={(event) => onChange({ ...place, municipality: event.currentTarget.value })}
        />
      </div>
      <div className={forms.two}>
        <TextInput
          label={t('locality')}
          className="rg-private"
          value={place.locality}
          onChange={(event) => onChange({ ...place, locality: event.currentTarget.value })}
        />
        <TextInput
          label={t('placeWords')}
          className="rg-private"
          value={place.words}
          onChange={(event) => onChange({ ...place, words: event.currentTarget.value })}
        />
      </div>
    </>
  );
}
