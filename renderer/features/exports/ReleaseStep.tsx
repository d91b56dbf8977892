import { Button, Checkbox, TagsInput, TextInput } from '@mantine/core';
import { PackageCheck } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { TargetToken } from '#shared/contract/bridge.ts';
import type { ExportView, Profile } from '#shared/contract/exports.ts';
import type { TargetId } from '#shared/model/ids.ts';
import { host } from '../../api/bridge.ts';
import { useQuery, useTask } from '../../api/hooks.ts';
import { formatBytes, formatInstant, shortHash } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import forms from '../../ui/forms.module.css';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { ApprovalPanel } from '../safeguard/ApprovalPanel.tsx';
import { AlteredName } from './AlteredName.tsx';
import { isStopped } from './is-stopped.ts';
import type { Form } from './CheckStep.tsx';

/** Last step: what will be written, where, signed and encrypted as asked. */
export function ReleaseStep({
  view,
  form,
  profile,
}: {
  view: ExportView;
  form: Form;
  profile: Profile | undefined;
}): JSX.Element {
  const { t } = useTranslation('exports');
  const words = useErrorText();
  const release = useTask('exports.release');
  const session = useQuery('vault.status', {}).data;
  const may = session?.actor?.powers.includes('release') ?? false;
  const [target, setTarget] = useState<TargetToken | null>(null);
  const [sign, setSign] = useState(profile?.signedByDefault ?? false);
  const [keys, setKeys] = useState<string[]>([]);
  const [reason, setReason] = useState('');
  const [approved, setApproved] = useState(profile?.secondPerson !== true);
  const included = view.annexes.filter((annex) => annex.treatment !== 'leaveOut');
  const kept = (view.report?.hits ?? []).filter((hit) => hit.verdict === 'other');
  const go = (): void => {
    if (target === null) return;
    release.mutate({
      id: view.id,
      form,
      target: target.id as TargetId,
      sign,
      ageRecipients: keys,
      ...(reason.trim() === '' ? {} : { emergencyReason: reason.trim() }),
    });
  };
  if (release.data) {
    return (
      <Stack>
        <Notice tone="verified" title={t('released')}>
          {t('releasedText')}
        </Notice>
        <Panel title={t('files')} extra={release.data.files.length} flush>
          <Rows>
            {release.data.files.map((file) => (
              <Row
                key={file.name}
                title={file.name}
                note={<span className="rg-mono">{shortHash(file.sha256)}</span>}
                end={formatBytes(file.sizeBytes)}
              />
            ))}
          </Rows>
        </Panel>
        {release.data.leftOut.length > 0 && (
          <Panel title={t('altered.without', { count: release.data.leftOut.length })} flush>
            <Rows>
              {release.data.leftOut.map((one) => (
                <Row
                  key={one.examinationId}
                  title={<AlteredName one={one} />}
                  note={t('altered.compared', {
                    when: one.comparedAt.map((at) => formatInstant(at)).join(', '),
                  })}
                />
              ))}
            </Rows>
          </Panel>
        )}
        {release.data.publicKey !== null && (
          <Panel title={t('publicKey')}>
            <p className="rg-mono">{release.data.publicKey}</p>
            <p className="rg-small rg-muted">{t('publicKeyText')}</p>
          </Panel>
        )}
      </Stack>
    );
  }
  // What has left is written once; another recipient or form is another export.
  if (view.state === 'released') {
    return (
      <Notice tone="verified" title={t('released')}>
        {t('releasedText')}
      </Notice>
    );
  }
  return (
    <div className={forms.page}>
      <Stack>
        {release.error !== null && <Notice tone="danger">{words(release.error)}</Notice>}
        {!may && <Notice tone="due">{t('notYours')}</Notice>}
        {profile?.secondPerson === true && (
          <ApprovalPanel subject={{ kind: 'export', id: view.id, form }} onState={setApproved} />
        )}
        <Panel title={t('step.release')} Icon={PackageCheck}>
          <Stack>
            <Facts
              items={[
                [t('recipient'), view.recipient],
                [t('purpose'), view.purpose === '' ? '–' : view.purpose],
                [t('form'), t(`formKind.${form}`)],
                [
                  t('peopleNamed'),
                  t('peopleNamedOf', {
                    named: view.consents.filter((one) => one.treatment === 'name').length,
                    count: view.consents.length,
                  }),
                ],
                [t('annexes'), included.length],
              ]}
            />
            {kept.length > 0 && (
              <Notice tone="due" title={t('keptTitle', { count: kept.length })}>
                <span className="rg-private">{[...new Set(kept.map((hit) => hit.found))].join(' · ')}</span>
              </Notice>
            )}
            <div>
              <Button
                onClick={() =>
                  void host()
                    .chooseTarget({ kind: 'folder', suggestedName: t('suggestedFolder') })
                    .then((chosen) => chosen && setTarget(chosen))
                }
              >
                {target === null ? t('chooseTarget') : t('targetIs', { name: target.name })}
              </Button>
            </div>
            <Checkbox
              color="teal.8"
              label={t('sign')}
              description={t('signText')}
              checked={sign}
              onChange={(event) => setSign(event.currentTarget.checked)}
            />
            <TagsInput
              label={t('ageKeys')}
              description={t('ageKeysText')}
              placeholder={t('ageKeyExample')}
              value={keys}
              onChange={setKeys}
              acceptValueOnBlur
            />
            {profile?.secondPerson === true && !approved && (
              <TextInput
                label={t('emergencyReason')}
                description={t('emergencyReasonText')}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
            )}
            <div>
              <Button
                variant="filled"
                size="md"
                leftSection={<PackageCheck size={18} />}
                disabled={target === null || !may || isStopped(view) || (!approved && reason.trim() === '')}
                loading={release.isPending}
                onClick={go}
              >
                {t('release')}
              </Button>
            </div>
          </Stack>
        </Panel>
      </Stack>
    </div>
  );
}
