import { Checkbox } from '@mantine/core';
import { Smartphone } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportView } from '#shared/contract/exports.ts';
import { useCommand } from '../../api/hooks.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';

/** Whether examinations of devices are told of, and whether their indicators go along; nothing where there are none. */
export function DigitalPanel({ view }: { view: ExportView }): JSX.Element | null {
  const { t } = useTranslation('exports');
  const words = useErrorText();
  const take = useCommand('exports.takeDigital');
  const { digital } = view;
  const put = (changes: { findings?: boolean; indicators?: boolean }): void =>
    take.mutate({ id: view.id, findings: digital.findings, indicators: digital.indicators, ...changes });
  // Where it was left out nothing is read, so that there is no number: then it must be possible to take it in again.
  if (digital.findings && digital.devices === 0 && digital.withheld === 0) return null;
  return (
    <Panel title={t('digital.title')} Icon={Smartphone}>
      {take.error !== null && <Notice tone="danger">{words(take.error)}</Notice>}
      {digital.withheld > 0 && (
        <p className="rg-muted">{t('digital.withheld', { count: digital.withheld })}</p>
      )}
      <Checkbox
        size="sm"
        color="teal.8"
        label={t('digital.findings')}
        checked={digital.findings}
        onChange={(event) => put({ findings: event.currentTarget.checked })}
      />
      {digital.indicatorsOffered && (
        <Checkbox
          mt={8}
          size="sm"
          color="teal.8"
          label={t('digital.indicators')}
          description={t('digital.indicatorsText')}
          checked={digital.indicators}
          onChange={(event) => put({ indicators: event.currentTarget.checked })}
        />
      )}
    </Panel>
  );
}
