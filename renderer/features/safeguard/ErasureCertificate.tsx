import { Button } from '@mantine/core';
import { ScrollText } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonId, TargetId } from '#shared/model/ids.ts';
import { host } from '../../api/bridge.ts';
import { useTask } from '../../api/hooks.ts';
import { shortHash } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Panel.tsx';

/** A sheet for her that says that it was done, under the code that stands where her name stood. */
export function ErasureCertificate(props: { personId: PersonId; language: 'es' | 'en' }): JSX.Element {
  const { t } = useTranslation('safeguard');
  const words = useErrorText();
  const certificate = useTask('erasure.certificate');
  const write = async (): Promise<void> => {
    const target = await host().chooseTarget({
      kind: 'file',
      suggestedName: `${t('erase.certificateName')}.pdf`,
    });
    if (target !== null) certificate.mutate({ ...props, target: target.id as TargetId });
  };
  return (
    <Stack>
      {certificate.error !== null && <Notice tone="danger">{words(certificate.error)}</Notice>}
      {certificate.data && (
        <Notice tone="verified">
          {t('erase.certificateDone', { hash: shortHash(certificate.data.sha256) })}
        </Notice>
      )}
      <p className="rg-small rg-muted">{t('erase.certificateText')}</p>
      <div>
        <Button
          leftSection={<ScrollText size={17} aria-hidden />}
          loading={certificate.isPending}
          onClick={() => void write()}
        >
          {t('erase.certificate')}
        </Button>
      </div>
    </Stack>
  );
}
