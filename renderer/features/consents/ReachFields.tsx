import { Checkbox } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Stack } from '../../ui/Panel.tsx';

/** Three answers apart, because bodies pass on what they receive. */
export interface Reach {
  readonly toBody: boolean;
  readonly toState: boolean;
  readonly toPublic: boolean;
}

export function ReachFields(props: {
  title: string;
  value: Reach;
  onChange: (value: Reach) => void;
}): JSX.Element {
  const { t } = useTranslation('people');
  const fields = [
    ['toBody', t('mayBody')],
    ['toState', t('mayState')],
    ['toPublic', t('mayPublic')],
  ] as const;
  return (
    <div role="group" aria-label={props.title}>
      <p style={{ fontWeight: 500, marginBottom: 6 }}>{props.title}</p>
      <Stack>
        {fields.map(([name, label]) => (
          <Checkbox
            key={name}
            label={label}
            color="teal.8"
            checked={props.value[name]}
            onChange={(event) => props.onChange({ ...props.value, [name]: event.currentTarget.checked })}
          />
        ))}
      </Stack>
    </div>
  );
}
