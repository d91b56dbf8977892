import { Button, Checkbox, Loader, Radio, TagsInput, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { PackageOpen } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { DUMP_CONFIRMATIONS } from '#shared/contract/dump.ts';
import type { TargetId } from '#shared/model/ids.ts';
import type { TargetToken } from '#shared/contract/bridge.ts';
import { host } from '../../api/bridge.ts';
import { useCommand, useTask } from '../../api/hooks.ts';
import { formatBytes, formatNumber, shortHash } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import forms from '../../ui/forms.module.css';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Facts, Panel, Stack } from '../../ui/Panel.tsx';
import { ApprovalPanel } from './ApprovalPanel.tsx';

type Lock = 'passphrase' | 'recipients' | 'plain';
const LOCKS: readonly Lock[] = ['passphrase', 'recipients', 'plain'];

/** The way out: everything, in open formats, in one archive. */
export function DumpPage(): JSX.Element {
  const { t, i18n } = useTranslation(['safeguard', 'ui']);
  const words = useErrorText();
  const language = i18n.language === 'en' ? 'en' : 'es';
  const prepare = useCommand('dump.prepare');
  const write = useTask('dump.write');
  const [lock, setLock] = useState<Lock>('passphrase');
  const [keys, setKeys] = useState<string[]>([]);
  const [reserved, setReserved] = useState(false);
  const [target, setTarget] = useState<TargetToken | null>(null);
  const [typedPlain, setTypedPlain] = useState('');
  const [typedReserved, setTypedReserved] = useState('');
  const [approved, setApproved] = useState(false);
  const plan = prepare.data;
  const result = write.data;
  const error = prepare.error ?? write.error;

  const count = (): void =>
    prepare.mutate({
      lock: lock === 'recipients' ? { kind: lock, keys } : { kind: lock },
      reservedNotes: reserved,
      language,
    });
  const choose = async (): Promise<void> =>
    setTarget(
      await host().chooseTarget({
        kind: 'file',
        suggestedName: lock === 'plain' ? t('dump.fileName') : `${t('dump.fileName')}.age`,
      }),
    );
  const needsReserved = reserved && (plan?.reservedNotes ?? 0) > 0;
  return (
    <>
      <PageHeader title={t('dump.title')} crumbs={<Link to="/settings">{t('crumb')}</Link>} />
      <div className={forms.page}>
        <Stack>
          {error !== null && <Notice tone="danger">{words(error)}</Notice>}
          <p className="rg-muted">{t('dump.text')}</p>
          {result ? (
            <Panel title={t('dump.done')} Icon={PackageOpen}>
              <Stack>
                <Facts
                  items={[
                    [t('dump.file'), result.file],
                    [t('dump.size'), formatBytes(result.sizeBytes)],
                    [t('dump.hash'), shortHash(result.sha256)],
                    [
                      t('dump.rows'),
                      t('dump.rowsOf', { rows: formatNumber(result.rows), tables: result.tables }),
                    ],
                    [t('dump.evidence'), formatNumber(result.evidence)],
                  ]}
                />
                {result.passphrase !== null && (
                  <Notice tone="due" title={t('dump.passphrase')}>
                    <code className="rg-mono">{result.passphrase}</code>
                    <p>{t('dump.passphraseOnce')}</p>
                  </Notice>
                )}
                {result.executablesPassphrase !== null && (
                  <Notice tone="due" title={t('dump.executablesPassphrase')}>
                    <code className="rg-mono">{result.executablesPassphrase}</code>
                    <p>{t('dump.passphraseOnce')}</p>
                  </Notice>
                )}
              </Stack>
            </Panel>
          ) : (
            <>
              <Panel title={t('dump.lock')} Icon={PackageOpen}>
                <Stack>
                  <Radio.Group
                    aria-label={t('dump.lock')}
                    value={lock}
                    onChange={(one) => setLock(one as Lock)}
                  >
                    <Stack>
                      {LOCKS.map((one) => (
                        <Radio
                          key={one}
                          color="teal.8"
                          value={one}
                          label={t(`dump.lockKind.${one}`)}
                          description={t(`dump.lockText.${one}`)}
                        />
                      ))}
                    </Stack>
                  </Radio.Group>
                  {lock === 'recipients' && (
                    <TagsInput
                      label={t('dump.keys')}
                      placeholder={t('dump.keyExample')}
                      value={keys}
                      onChange={setKeys}
                      acceptValueOnBlur
                    />
                  )}
                  <Checkbox
                    color="teal.8"
                    label={t('dump.reserved')}
                    description={t('dump.reservedText')}
                    checked={reserved}
                    onChange={(event) => setReserved(event.currentTarget.checked)}
                  />
                  <div>
                    <Button
                      loading={prepare.isPending}
                      disabled={lock === 'recipients' && keys.length === 0}
                      onClick={count}
                    >
                      {t('dump.prepare')}
                    </Button>
                  </div>
                </Stack>
              </Panel>
              {prepare.isPending && <Loader size="sm" role="status" aria-label={t('ui:loading')} />}
              {plan && (
                <Panel title={t('dump.plan')}>
                  <Stack>
                    <Facts
                      items={[
                        [
                          t('dump.rows'),
                          t('dump.rowsOf', {
                            rows: formatNumber(plan.tables.reduce((sum, one) => sum + one.rows, 0)),
                            tables: plan.tables.length,
                          }),
                        ],
                        [
                          t('dump.evidence'),
                          t('dump.evidenceOf', {
                            count: plan.evidence.files,
                            size: formatBytes(plan.evidence.bytes),
                          }),
                        ],
                        plan.evidence.executables > 0
                          ? [t('dump.executables'), formatNumber(plan.evidence.executables)]
                          : null,
                        plan.evidence.preservedOnly > 0
                          ? [t('dump.preservedOnly'), formatNumber(plan.evidence.preservedOnly)]
                          : null,
                      ]}
                    />
                    {plan.secondPerson && (
                      <ApprovalPanel subject={{ kind: 'dump', id: plan.id }} onState={setApproved} />
                    )}
                    {lock === 'plain' && (
                      <TextInput
                        label={t('ui:confirm.typeName', { name: DUMP_CONFIRMATIONS.plain[language] })}
                        value={typedPlain}
                        autoComplete="off"
                        onChange={(event) => setTypedPlain(event.currentTarget.value)}
                      />
                    )}
                    {needsReserved && (
                      <TextInput
                        label={t('ui:confirm.typeName', { name: DUMP_CONFIRMATIONS.reserved[language] })}
                        value={typedReserved}
                        autoComplete="off"
                        onChange={(event) => setTypedReserved(event.currentTarget.value)}
                      />
                    )}
                    <div style={{ display: 'flex', gap: 8 }}>
                      <Button onClick={() => void choose()}>
                        {target === null ? t('dump.choose') : t('dump.to', { name: target.name })}
                      </Button>
                      <Button
                        variant="filled"
                        loading={write.isPending}
                        disabled={target === null || (plan.secondPerson && !approved)}
                        onClick={() => {
                          if (target === null) return;
                          write.mutate({
                            id: plan.id,
                            target: target.id as TargetId,
                            typedPlain,
                            typedReserved,
                          });
                        }}
                      >
                        {t('dump.write')}
                      </Button>
                    </div>
                  </Stack>
                </Panel>
              )}
            </>
          )}
        </Stack>
      </div>
    </>
  );
}
