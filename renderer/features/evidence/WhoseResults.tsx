import { Radio, Stack } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceId } from '#shared/model/surveillance-ids.ts';
import type { Output } from '../../api/contract.ts';
import { useTerms } from '../../lib/use-terms.ts';

/** Whether deleted results were of the device in whose examination they were compared. */
export type Whose = 'own' | 'other';

/**
 * Asks of every device with which the item was compared whether it was that device's. Nothing is chosen beforehand: what
 * may be said of the device depends on the answer, and the file that could tell is gone afterwards.
 */
export function WhoseResults({
  compared,
  said,
  onSay,
}: {
  compared: Output<'evidence.deletePreview'>['compared'];
  said: ReadonlyMap<DeviceId, Whose>;
  onSay: (deviceId: DeviceId, whose: Whose) => void;
}): JSX.Element {
  const { t } = useTranslation('evidence');
  const { term } = useTerms();
  return (
    <>
      {compared.map(({ deviceId, device, kind }) => (
        <Radio.Group
          key={deviceId}
          label={t('delete.whose.ask', { device: device === '' ? term('deviceKind', kind) : device })}
          description={t('delete.whose.why')}
          required
          value={said.get(deviceId) ?? null}
          onChange={(value) => onSay(deviceId, value as Whose)}
        >
          <Stack gap={10} mt={8}>
            {(['own', 'other'] as const).map((whose) => (
              <Radio
                key={whose}
                value={whose}
                label={t(`delete.whose.${whose}`)}
                description={t(`delete.whose.${whose}Note`)}
              />
            ))}
          </Stack>
        </Radio.Group>
      ))}
    </>
  );
}
