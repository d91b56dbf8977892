import { Button, Checkbox } from '@mantine/core';
import { ScrollText, UserMinus } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { COLLECTED, type Collected } from '#shared/contract/certificates.ts';
import type { TargetId } from '#shared/model/ids.ts';
import { host } from '../../api/bridge.ts';
import type { Output } from '../../api/contract.ts';
import { useTask } from '../../api/hooks.ts';
import { formatInstant, shortHash } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Panel, Stack } from '../../ui/Panel.tsx';

/** What is collected by hand, and the sheet that both sign. */
export function LeavingCertificate(props: { slotId: string; data: Output<'leaving.of'> }): JSX.Element {
  const { t, i18n } = useTranslation('keys');
  const words = useErrorText();
  const { slotId, data } = props;
  const [collected, setCollected] = useState<ReadonlySet<Collected>>(new Set());
  const certificate = useTask('leaving.certificate');
  const write = async (): Promise<void> => {
    const target = await host().chooseTarget({
      kind: 'file',
      suggestedName: `${t('leaver.fileName')}.pdf`,
    });
    if (target === null) return;
    certificate.mutate({
      slotId,
      collected: COLLECTED.filter((one) => collected.has(one)),
      target: target.id as TargetId,
      language: i18n.language === 'en' ? 'en' : 'es',
    });
  };
  return (
    <>
      <Panel title={t('leaver.byHand')} Icon={UserMinus}>
        <Stack>
          {data.held.length > 0 && (
            <Notice tone="due">{t('leaver.held', { what: data.held.join(', ') })}</Notice>
          )}
          {COLLECTED.map((one) => (
            <Checkbox
              key={one}
              color="teal.8"
              label={t(`leaver.hand.${one}`)}
              checked={collected.has(one)}
              onChange={() => {
                const next = new Set(collected);
                if (!next.delete(one)) next.add(one);
                setCollected(next);
              }}
            />
          ))}
        </Stack>
      </Panel>
      <Panel title={t('leaver.certificate')} Icon={ScrollText}>
        <Stack>
          {certificate.error !== null && <Notice tone="danger">{words(certificate.error)}</Notice>}
          {certificate.data && (
            <Notice tone="verified">
              {t('leaver.certDone', { hash: shortHash(certificate.data.sha256) })}
            </Notice>
          )}
          <Facts
            items={[
              [t('leaver.certSince'), formatInstant(data.since, false)],
              [t('leaver.certKey'), String(data.generation)],
              [
                t('leaver.certJournal'),
                t('leaver.certEntry', { position: data.journalPosition, head: shortHash(data.journalHead) }),
              ],
            ]}
          />
          <p className="rg-small rg-muted">{t('leaver.certText')}</p>
          <div>
            <Button
              disabled={data.closedAt === null}
              loading={certificate.isPending}
              onClick={() => void write()}
            >
              {t('leaver.write')}
            </Button>
          </div>
        </Stack>
      </Panel>
    </>
  );
}
