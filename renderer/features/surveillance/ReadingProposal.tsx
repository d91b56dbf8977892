import { Button, Group, Loader } from '@mantine/core';
import { Check, ScanText } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessageFields } from '#shared/contract/suspicious-messages.ts';
import { Notice } from '../../ui/Notice.tsx';
import { SafeText } from './SafeText.tsx';
import type { PictureReading } from './use-picture-reading.ts';
import css from './surveillance.module.css';

/** Below this the recogniser itself was not sure of its words. */
const SURE = 80;
const SHOWN_CHARS = 1_200;

/** What the picture seems to say, each part to be taken over by a person or not. */
export function ReadingProposal(props: {
  reading: PictureReading;
  fields: Pick<MessageFields, 'text' | 'sender'>;
  onUse: (changes: Partial<Pick<MessageFields, 'text' | 'sender'>>) => void;
}): JSX.Element | null {
  const { t } = useTranslation('messages');
  const { reading, fields, onUse } = props;
  if (reading.state === 'none') return null;
  if (reading.state === 'reading')
    return (
      <p className="rg-muted" role="status">
        <Loader size={14} aria-hidden /> {t('reading')}
      </p>
    );
  if (reading.state !== 'read') return <Notice>{t('unreadable')}</Notice>;
  const { text, sender, links, confidence } = reading.found;
  const newText = text !== '' && fields.text.trim() !== text.trim();
  const newSender = sender !== '' && fields.sender.trim() !== sender;
  if (!newText && !newSender)
    return (
      <p className="rg-muted" role="status">
        <Check size={14} aria-hidden /> {t('proposal.used')}
      </p>
    );
  return (
    <section className={css.proposal} aria-label={t('readTitle')}>
      <div className={css.proposalHead}>
        <ScanText size={17} aria-hidden />
        <strong>{t('readTitle')}</strong>
        {newText && newSender && (
          <Button size="compact-sm" ml="auto" onClick={() => onUse({ text, sender })}>
            {t('proposal.useAll')}
          </Button>
        )}
      </div>
      <dl className={css.proposalParts}>
        {newSender && (
          <>
            <dt>{t('sender')}</dt>
            <dd>
              <SafeText text={sender} />
              <Button
                size="compact-xs"
                aria-label={t('proposal.useSender')}
                onClick={() => onUse({ sender })}
              >
                {t('proposal.use')}
              </Button>
            </dd>
          </>
        )}
        {newText && (
          <>
            <dt>{t('text')}</dt>
            <dd>
              <SafeText text={text.slice(0, SHOWN_CHARS)} />
              <Button size="compact-xs" aria-label={t('useRead')} onClick={() => onUse({ text })}>
                {t('proposal.use')}
              </Button>
            </dd>
          </>
        )}
        {links.length > 0 && (
          <>
            <dt>{t('proposal.links', { count: links.length })}</dt>
            <dd>
              <Group gap={6}>
                {links.map((link) => (
                  <code key={link.defanged} className={css.link}>
                    {link.defanged}
                  </code>
                ))}
              </Group>
            </dd>
          </>
        )}
      </dl>
      <p className="rg-small rg-muted">
        {confidence < SURE && <strong>{t('proposal.unsure')} </strong>}
        {links.some((link) => link.joined) && <>{t('proposal.joined')} </>}
        {links.length > 0 ? t('proposal.checkLink') : t('proposal.check')}
      </p>
    </section>
  );
}
