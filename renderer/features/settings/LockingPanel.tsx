import { Select, Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { LockKeyhole } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostChoices } from '#shared/contract/bridge.ts';
import { host } from '../../api/bridge.ts';
import { formatSince } from '../../lib/format.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { useHostFacts } from '../keys/use-machine.ts';

const SECONDS = [15, 30, 60, 120, 300];
const shown = (accelerator: string): string => accelerator.replace('Control', 'Ctrl').replaceAll('+', ' + ');

/** What locking can do on this computer; only what was seen to work is said to work. */
export function LockingPanel(): JSX.Element {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const facts = useHostFacts().data;
  const configure = (choices: HostChoices): void =>
    void host()
      .configure(choices)
      .then(() => client.invalidateQueries({ queryKey: ['host.facts'] }));
  if (!facts)
    return (
      <Panel title={t('locking')} Icon={LockKeyhole}>
        {null}
      </Panel>
    );
  const chosen = facts.lockShortcutChosen ?? facts.lockShortcuts[0] ?? 'off';
  return (
    <Panel title={t('locking')} Icon={LockKeyhole} flush>
      <Rows>
        <Row
          title={t('shortcut')}
          note={t('shortcutNote')}
          end={
            <Select
              w={230}
              aria-label={t('shortcut')}
              allowDeselect={false}
              value={chosen}
              data={[
                ...facts.lockShortcuts.map((one) => ({ value: one, label: shown(one) })),
                { value: 'off', label: t('shortcutOff') },
              ]}
              onChange={(lockShortcut) => lockShortcut !== null && configure({ lockShortcut })}
            />
          }
        />
        <Row
          title={t('clipboard')}
          note={t(`clipboardHistory.${facts.clipboardHistory}`)}
          end={
            <Select
              w={230}
              aria-label={t('clipboard')}
              allowDeselect={false}
              value={String(facts.clipboardClearSeconds)}
              data={[...new Set([...SECONDS, facts.clipboardClearSeconds])]
                .sort((a, b) => a - b)
                .map((count) => ({ value: String(count), label: t('clipboardText', { count }) }))}
              onChange={(seconds) =>
                seconds !== null && configure({ clipboardClearSeconds: Number(seconds) })
              }
            />
          }
        />
        <Row
          title={t('capture')}
          note={t(`capture_${facts.contentProtection}`)}
          end={
            <Switch
              color="teal.8"
              aria-label={t('capture')}
              disabled={facts.contentProtection === 'none'}
              checked={facts.contentProtection !== 'none' && facts.contentProtectionOn}
              onChange={(event) => configure({ contentProtection: event.currentTarget.checked })}
            />
          }
        />
      </Rows>
      <div style={{ padding: 'var(--rg-pad)' }}>
        <Stack>
          {facts.lockShortcutsRefused.length > 0 && (
            <Notice tone="due" title={t('shortcutRefused')}>
              {t(facts.lockShortcut === null ? 'shortcutNone' : 'shortcutInstead', {
                refused: facts.lockShortcutsRefused.map(shown).join(', '),
                instead: shown(facts.lockShortcut ?? ''),
              })}
            </Notice>
          )}
          <Facts
            items={facts.triggers.map(
              (one) =>
                [
                  t(`trigger.${one.trigger}`),
                  !one.available
                    ? t(one.trigger === 'lid' ? 'lidIsSuspend' : 'unavailable')
                    : one.lastSeenMs === null
                      ? t('neverSeen')
                      : t('seen', { when: formatSince(new Date(one.lastSeenMs).toISOString()) }),
                ] as const,
            )}
          />
          <p className="rg-small rg-muted">{t(`heard.${facts.sessionLockHeard}`)}</p>
        </Stack>
      </div>
    </Panel>
  );
}
