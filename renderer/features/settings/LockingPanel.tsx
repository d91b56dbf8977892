import { useQuery as useHostQuery } from '@tanstack/react-query';
import { LockKeyhole } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { host } from '../../api/bridge.ts';
import { formatSince } from '../../lib/format.ts';
import { Facts, Panel } from '../../ui/Panel.tsx';

/** What locking can do on this computer; only what was seen to work is said to work. */
export function LockingPanel(): JSX.Element {
  const { t } = useTranslation('settings');
  const facts = useHostQuery({ queryKey: ['host.facts'], queryFn: () => host().facts() }).data;
  return (
    <Panel title={t('locking')} Icon={LockKeyhole}>
      {facts && (
        <Facts
          items={[
            [t('shortcut'), facts.lockShortcut ?? t('noShortcut')],
            [t('capture'), t(`capture_${facts.contentProtection}`)],
            [t('clipboard'), t('clipboardText', { count: facts.clipboardClearSeconds })],
            ...facts.triggers.map(
              (one) =>
                [
                  t(`trigger.${one.trigger}`),
                  !one.available
                    ? t('unavailable')
                    : one.lastSeenMs === null
                      ? t('neverSeen')
                      : t('seen', { when: formatSince(new Date(one.lastSeenMs).toISOString()) }),
                ] as const,
            ),
          ]}
        />
      )}
    </Panel>
  );
}
