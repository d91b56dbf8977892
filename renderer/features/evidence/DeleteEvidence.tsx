import { Button, Modal, TextInput } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { ERASURE_CONFIRMATIONS } from '#shared/contract/erasure.ts';
import type { EvidenceId } from '#shared/model/ids.ts';
import type { DeviceId } from '#shared/model/surveillance-ids.ts';
import { useQuery, useTask } from '../../api/hooks.ts';
import { formatInstant } from '../../lib/format.ts';
import { errorWords, useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Panel.tsx';
import { WhoseResults, type Whose } from './WhoseResults.tsx';

/**
 * Takes one item away for good: a wrong import, something that should never have come in. Offered to whoever may; what
 * follows from it is said before, and the word is typed. It stays when the item is gone: what still holds a copy is said
 * after.
 */
export function DeleteEvidence({
  id,
  title,
  gone,
}: {
  id: EvidenceId;
  title: string;
  gone: boolean;
}): JSX.Element | null {
  const { t, i18n } = useTranslation(['evidence', 'safeguard', 'ui']);
  const [open, setOpen] = useState(false);
  const may = useQuery('vault.status', {}).data?.actor?.powers.includes('keys') ?? false;
  if (!may && !gone) return null;
  return (
    <>
      {gone ? (
        <Notice tone="due">{errorWords(i18n.language, 'evidence.deleted')}</Notice>
      ) : (
        <Button
          size="compact-sm"
          color="brick.8"
          leftSection={<Trash2 size={15} />}
          onClick={() => setOpen(true)}
        >
          {t('delete.open')}
        </Button>
      )}
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        size={620}
        title={
          <span>
            {t('delete.title')} · <span className="rg-private">{title}</span>
          </span>
        }
        closeButtonProps={{ 'aria-label': t('ui:close') }}
      >
        {open && <DeleteForm id={id} onClose={() => setOpen(false)} />}
      </Modal>
    </>
  );
}

function DeleteForm({ id, onClose }: { id: EvidenceId; onClose: () => void }): JSX.Element {
  const { t, i18n } = useTranslation(['evidence', 'safeguard', 'ui']);
  const words = useErrorText();
  const remove = useTask('evidence.delete');
  // What is gone has no preview any more.
  const preview = useQuery('evidence.deletePreview', { evidenceId: id }, { enabled: !remove.data });
  const [reason, setReason] = useState('');
  const [basis, setBasis] = useState('');
  const [typed, setTyped] = useState('');
  const [said, setSaid] = useState<ReadonlyMap<DeviceId, Whose>>(new Map());
  const word = ERASURE_CONFIRMATIONS.deleteEvidence[i18n.language === 'en' ? 'en' : 'es'];
  const found = preview.data;
  const compared = found?.compared ?? [];
  const ready =
    reason.trim() !== '' &&
    basis.trim() !== '' &&
    compared.every(({ deviceId }) => said.has(deviceId)) &&
    typed.trim().toLowerCase() === word;
  const backups = remove.data?.backups ?? found?.backups ?? [];
  const still = backups.length > 0 && (
    <Notice tone="due" title={t('delete.backups')}>
      <ul style={{ margin: 0, paddingInlineStart: 18 }}>
        {backups.map((one) => (
          <li key={`${one.place}${one.at}`}>
            {t(one.kind === 'beforeUpdate' ? 'safeguard:erase.beforeUpdate' : 'safeguard:erase.backup', {
              place: one.place,
              when: formatInstant(one.at),
            })}
          </li>
        ))}
      </ul>
    </Notice>
  );
  if (remove.data)
    return (
      <Stack>
        <Notice tone="verified" title={t('delete.done')}>
          {t(remove.data.removed ? 'delete.doneText' : 'delete.keyGone')}
        </Notice>
        {!remove.data.removed && <Notice tone="due">{t('safeguard:erase.later')}</Notice>}
        {still}
        <div>
          <Button onClick={onClose}>{t('ui:close')}</Button>
        </div>
      </Stack>
    );
  // While it goes, the preview of what is gone is refused, which is no news.
  const error = remove.error ?? (remove.isPending ? null : preview.error);
  return (
    <Stack>
      {error !== null && <Notice tone="danger">{words(error)}</Notice>}
      <p>{t('delete.means')}</p>
      {found !== undefined && (
        <>
          {found.incidents > 0 && (
            <Notice tone="due">{t('delete.incidents', { count: found.incidents })}</Notice>
          )}
          {found.disclosures.length > 0 && (
            <Notice tone="due" title={t('safeguard:erase.disclosed', { count: found.disclosures.length })}>
              {[...new Set(found.disclosures.map((one) => one.recipient))].join(', ')}
            </Notice>
          )}
          {still}
          {found.consents > 0 ? (
            <Notice tone="danger">{t('delete.consents', { count: found.consents })}</Notice>
          ) : (
            <>
              <TextInput
                label={t('safeguard:data.reason')}
                description={t('safeguard:data.reasonNote')}
                placeholder={t('delete.reasonExample')}
                required
                autoComplete="off"
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
              <TextInput
                label={t('delete.basis')}
                placeholder={t('delete.basisExample')}
                required
                autoComplete="off"
                value={basis}
                onChange={(event) => setBasis(event.currentTarget.value)}
              />
              <WhoseResults
                compared={compared}
                said={said}
                onSay={(deviceId, whose) => setSaid(new Map(said).set(deviceId, whose))}
              />
              <TextInput
                label={t('safeguard:erase.type', { word })}
                autoComplete="off"
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
              <div style={{ display: 'flex', gap: 10 }}>
                <Button
                  variant="filled"
                  color="brick.8"
                  disabled={!ready}
                  loading={remove.isPending}
                  onClick={() =>
                    remove.mutate({
                      evidenceId: id,
                      reason: reason.trim(),
                      legalBasis: basis.trim(),
                      typed: typed.trim(),
                      notOf: compared.flatMap(({ deviceId }) =>
                        said.get(deviceId) === 'other' ? [deviceId] : [],
                      ),
                    })
                  }
                >
                  {t('delete.action')}
                </Button>
                <Button onClick={onClose}>{t('ui:cancel')}</Button>
              </div>
            </>
          )}
        </>
      )}
    </Stack>
  );
}
