import { Button, Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { PackageCheck, ShieldCheck } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { PACKAGE_PROBLEMS } from '#shared/contract/exports.ts';
import type { TargetId } from '#shared/model/ids.ts';
import { host } from '../../api/bridge.ts';
import type { Output } from '../../api/contract.ts';
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

/** Why the given key does not vouch for it: whoever asks for another copy, or for another key, has to know which. */
const refuted = (signature: Output<'exports.verify'>['signature']) =>
  `notAuthentic.${signature === null || signature === 'none' ? 'unchecked' : signature}` as const;

/** What is known of who made it. Without a signature no key could tell, and none is refuted. */
function Author({ result }: { result: Output<'exports.verify'> }): JSX.Element {
  const { t } = useTranslation('exports');
  if (result.signed === false) return <Notice tone="neutral">{t('packageNotSigned')}</Notice>;
  if (result.authentic === null) return <Notice tone="neutral">{t('authorNotChecked')}</Notice>;
  if (result.authentic) return <Notice tone="verified">{t('isAuthentic')}</Notice>;
  return <Notice tone="danger">{t(refuted(result.signature))}</Notice>;
}

/** Integrity and authorship are two answers, and are told apart. */
function VerifyPanel(): JSX.Element {
  const { t, i18n } = useTranslation('exports');
  const words = useErrorText();
  const verify = useTask('exports.verify');
  const [key, setKey] = useState('');
  const [name, setName] = useState('');
  const choose = async (): Promise<void> => {
    const [file] = await host().chooseFiles({ multiple: false });
    if (file === undefined) return;
    setName(file.name);
    verify.mutate({ target: file.id as TargetId, ...(key.trim() === '' ? {} : { publicKey: key.trim() }) });
  };
  const result = verify.data;
  // Each line of a list that cannot be read is a problem of its own; a person needs to hear it once.
  const problems = (result?.problems ?? []).filter(
    (one, at, all) => all.findIndex(({ code, file }) => code === one.code && file === one.file) === at,
  );
  const problemWords = (code: string): string => {
    const known = PACKAGE_PROBLEMS.find((one) => one === code);
    return known === undefined ? errorWords(i18n.language, `package.${code}`) : t(`packageProblem.${known}`);
  };
  return (
    <Panel title={t('verifyTitle')} Icon={ShieldCheck}>
      <Stack>
        <p className="rg-muted">{t('verifyText')}</p>
        <Textarea
          label={t('verifyKey')}
          autosize
          minRows={1}
          value={key}
          classNames={{ input: 'rg-mono' }}
          onChange={(event) => {
            setKey(event.currentTarget.value);
            // What was found speaks of the key before.
            verify.reset();
          }}
        />
        <Button loading={verify.isPending} onClick={() => void choose()}>
          {t('verifyChoose')}
        </Button>
        {verify.error !== null && <Notice tone="danger">{words(verify.error)}</Notice>}
        {result && (
          <>
            <p className="rg-small rg-muted">
              {t('verified')} <span className="rg-mono rg-private">{name}</span>
            </p>
            <Notice tone={result.intact ? 'verified' : 'danger'}>
              {result.intact ? t('isIntact', { count: result.files }) : t('isBroken')}
            </Notice>
            <Author result={result} />
            {problems.length > 0 && (
              <ul
                className="rg-small"
                aria-label={t('packageProblems')}
                style={{ margin: 0, paddingInlineStart: 18 }}
              >
                {problems.map((problem) => (
                  <li key={`${problem.code}${problem.file}`}>
                    <span className="rg-mono">{problem.file}</span>: {problemWords(problem.code)}
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Stack>
    </Panel>
  );
}
