import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { Link2Off, Route } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../api/contract.ts';
import { useCommand } from '../../api/hooks.ts';
import { formatInstant } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Panel, Row, Rows } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { CopySafe, copyHarmless, SafeText } from './SafeText.tsx';

type MessageLink = Output<'messages.get'>['linkList'][number];

/** The links of a message, none of which can be opened here; and where a shortened one leads, by hand. */
export function LinkList({ links }: { links: readonly MessageLink[] }): JSX.Element {
  const { t } = useTranslation('messages');
  const [asking, setAsking] = useState<MessageLink | null>(null);
  return (
    <Panel title={t('links')} Icon={Link2Off} extra={links.length} flush>
      {links.length === 0 && (
        <p className="rg-muted" style={{ padding: 14 }}>
          {t('noLinks')}
        </p>
      )}
      <Rows label={t('links')}>
        {links.map((link) => (
          <Row
            key={link.id}
            title={<SafeText text={link.defanged} />}
            note={
              <>
                {link.shortener !== null &&
                  link.destination === null &&
                  t('shortened', { shortener: link.shortener })}
                {link.destination !== null && (
                  <>
                    {t('leadsTo')} <SafeText text={link.destination.defanged} />{' '}
                    {t('learnedBy', {
                      how: link.destination.how,
                      when: formatInstant(link.destination.recordedAt),
                    })}{' '}
                    <span className="rg-private">{link.destination.recordedBy}</span>
                  </>
                )}
              </>
            }
            end={
              <>
                {link.shortener !== null && link.destination === null && (
                  <StatusTag tone="due">{t('unresolvedTag')}</StatusTag>
                )}
                <Button leftSection={<Route size={14} />} onClick={() => setAsking(link)}>
                  {t('writeDestination')}
                </Button>
                <CopySafe text={link.defanged} />
              </>
            }
          />
        ))}
      </Rows>
      {asking !== null && <DestinationForm key={asking.id} link={asking} onClose={() => setAsking(null)} />}
    </Panel>
  );
}

function DestinationForm(props: { link: MessageLink; onClose: () => void }): JSX.Element {
  const { t } = useTranslation(['messages', 'ui', 'common']);
  const words = useErrorText();
  const [url, setUrl] = useState('');
  const [how, setHow] = useState('');
  const record = useCommand('messages.recordDestination');
  const ready = url.trim() !== '' && how.trim() !== '';
  const save = async (): Promise<void> => {
    const done = await record
      .mutateAsync({ linkId: props.link.id, destination: { url, how } })
      .catch(() => null);
    if (done) props.onClose();
  };
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('writeDestination')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Stack gap="sm">
        {record.error !== null && <Notice tone="danger">{words(record.error)}</Notice>}
        <p className="rg-muted">{t('destinationText')}</p>
        <TextInput
          label={t('destination')}
          required
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={url}
          onCopy={copyHarmless}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <TextInput
          label={t('destinationHow')}
          placeholder={t('destinationHowExample')}
          required
          value={how}
          onChange={(event) => setHow(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button variant="filled" disabled={!ready} loading={record.isPending} onClick={() => void save()}>
            {t('common:save')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
