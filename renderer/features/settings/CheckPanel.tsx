import { Button } from '@mantine/core';
import { ShieldCheck } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand, useQuery, useTask } from '../../api/hooks.ts';
import { formatNumber } from '../../lib/format.ts';
import { errorWords, useErrorText } from '../../lib/use-error-text.ts';
import { ConfirmByName } from '../../ui/ConfirmByName.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { CheckReport } from './CheckReport.tsx';

const SHOWN = 50;

/** Looks for damage and tampering; repairs nothing. Also where a vault with lost changes is accepted as it is. */
export function CheckPanel(): JSX.Element {
  const { t, i18n } = useTranslation('settings');
  const words = useErrorText();
  const session = useQuery('vault.status', {}).data;
  const check = useTask('vault.check');
  const accept = useCommand('vault.acceptLoss');
  const [asking, setAsking] = useState(false);
  const result = check.data;
  const error = check.error ?? accept.error;
  return (
    <Panel title={t('check')} Icon={ShieldCheck}>
      <Stack>
        {error !== null && <Notice tone="danger">{words(error)}</Notice>}
        {session?.readOnlyBecause !== undefined && (
          <Notice tone="due" title={t('readOnly')}>
            {errorWords(i18n.language, session.readOnlyBecause)}
            {session.readOnlyBecause === 'vault.changesMissing' && (
              <div style={{ marginTop: 8 }}>
                <Button onClick={() => setAsking(true)}>{t('acceptLoss')}</Button>
              </div>
            )}
          </Notice>
        )}
        <p className="rg-muted">{t('checkText')}</p>
        <div>
          <Button loading={check.isPending} onClick={() => check.mutate({ objects: 'content' })}>
            {t('run')}
          </Button>
        </div>
        {result?.ok === true && (
          <Notice tone="verified" title={t('healthy')}>
            {t('healthyText', {
              rows: formatNumber(result.checked.rows),
              journal: formatNumber(result.checked.journal),
              objects: formatNumber(result.checked.objects),
            })}
          </Notice>
        )}
        {result?.ok === false && (
          <Notice tone="danger" title={t('findings', { count: result.findings.length })}>
            {t('findingsText')}
          </Notice>
        )}
        <CheckReport />
        {result?.ok === false && (
          <>
            <Rows>
              {result.findings.slice(0, SHOWN).map((finding) => (
                <Row
                  key={`${finding.part}${finding.code}${finding.subject}`}
                  title={t(`part.${finding.part}`)}
                  note={
                    <>
                      {/* The words of the error are for whoever was stopped by it, and nobody was. */}
                      {finding.code === 'finding.altered'
                        ? t('findingAltered')
                        : errorWords(i18n.language, finding.code)}
                      <div className="rg-small" style={{ overflowWrap: 'anywhere' }}>
                        {t('subject')} <span className="rg-mono">{finding.subject}</span>
                      </div>
                    </>
                  }
                />
              ))}
            </Rows>
            {result.findings.length > SHOWN && (
              <p className="rg-muted">{t('findingsMore', { count: result.findings.length - SHOWN })}</p>
            )}
          </>
        )}
      </Stack>
      <ConfirmByName
        opened={asking}
        title={t('acceptLoss')}
        name={t('acceptLossName')}
        action={t('acceptLoss')}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          accept.mutate({ confirm: true });
        }}
      >
        {t('acceptLossText')}
      </ConfirmByName>
    </Panel>
  );
}
