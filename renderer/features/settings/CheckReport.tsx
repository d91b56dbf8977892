import { Button, SegmentedControl } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { CHECK_REPORT_FORMATS } from '#shared/contract/dump.ts';
import type { TargetId } from '#shared/model/ids.ts';
import { host } from '../../api/bridge.ts';
import { useTask } from '../../api/hooks.ts';
import { shortHash } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';

type Format = (typeof CHECK_REPORT_FORMATS)[number];
const ENDING: Readonly<Record<Format, string>> = { text: 'txt', json: 'json', pdf: 'pdf' };

/** The same check with its findings in a file, for whoever helps. */
export function CheckReport(): JSX.Element {
  const { t, i18n } = useTranslation('settings');
  const words = useErrorText();
  const report = useTask('vault.checkReport');
  const [format, setFormat] = useState<Format>('pdf');
  const write = async (): Promise<void> => {
    const target = await host().chooseTarget({
      kind: 'file',
      suggestedName: `${t('reportName')}.${ENDING[format]}`,
    });
    if (target === null) return;
    report.mutate({
      format,
      target: target.id as TargetId,
      language: i18n.language === 'en' ? 'en' : 'es',
    });
  };
  return (
    <>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8, alignItems: 'center' }}>
        <Button loading={report.isPending} onClick={() => void write()}>
          {t('report')}
        </Button>
        <SegmentedControl
          size="xs"
          aria-label={t('reportFormat')}
          value={format}
          data={CHECK_REPORT_FORMATS.map((one) => ({ value: one, label: t(`format.${one}`) }))}
          onChange={(one) => setFormat(one as Format)}
        />
      </div>
      {report.error !== null && <Notice tone="danger">{words(report.error)}</Notice>}
      {report.data && (
        <Notice tone={report.data.ok ? 'verified' : 'due'} title={t('reportDone')}>
          {t('reportText', { count: report.data.findings, hash: shortHash(report.data.sha256) })}
        </Notice>
      )}
    </>
  );
}
