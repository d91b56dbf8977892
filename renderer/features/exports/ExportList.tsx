import { Button, Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { PackageCheck, ShieldCheck } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { TargetId } from '#shared/model/ids.ts';
import { host } from '../../api/bridge.ts';
import { useTask } from '../../api/hooks.ts';
import { errorWords, useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Panel, Stack } from '../../ui/Panel.tsx';
import { ExportTables } from './ExportTables.tsx';

export function ExportList(): JSX.Element {
  const { t } = useTranslation('exports');
  const navigate = useNavigate();
  return (
    <>
      <PageHeader
        title={t('list')}
        actions={
          <Button
            variant="filled"
            leftSection={<PackageCheck size={17} />}
            onClick={() => void navigate({ to: '/exports/new' })}
          >
            {t('prepare')}
          </Button>
        }
      />
      <Columns main={<ExportTables />} side={<VerifyPanel />} />
    </>
  );
}

/** Integrity and authorship are two answers, and are told apart. */
function VerifyPanel(): JSX.Element {
  const { t, i18n } = useTranslation('exports');
  const words = useErrorText();
  const verify = useTask('exports.verify');
  const [key, setKey] = useState('');
  const choose = async (): Promise<void> => {
    const [file] = await host().chooseFiles({ multiple: false });
    if (file)
      verify.mutate({ target: file.id as TargetId, ...(key.trim() === '' ? {} : { publicKey: key.trim() }) });
  };
  const result = verify.data;
  return (
    <Panel title={t('verifyTitle')} Icon={ShieldCheck}>
      <Stack>
        <p className="rg-muted">{t('verifyText')}</p>
        <Textarea
          label={t('verifyKey')}
          autosize
          minRows={1}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <Button loading={verify.isPending} onClick={() => void choose()}>
          {t('verifyChoose')}
        </Button>
        {verify.error !== null && <Notice tone="danger">{words(verify.error)}</Notice>}
        {result && (
          <>
            <Notice tone={result.intact ? 'verified' : 'danger'}>
              {result.intact ? t('isIntact', { count: result.files }) : t('isBroken')}
            </Notice>
            <Notice
              tone={
                result.authentic === true ? 'verified' : result.authentic === false ? 'danger' : 'neutral'
              }
            >
              {result.authentic === true
                ? t('isAuthentic')
                : result.authentic === false
                  ? t('notAuthentic')
                  : t('authorNotChecked')}
            </Notice>
            {result.problems.map((problem) => (
              <p key={`${problem.code}${problem.file}`} className="rg-small">
                {problem.file}: {errorWords(i18n.language, problem.code)}
              </p>
            ))}
          </>
        )}
      </Stack>
    </Panel>
  );
}
