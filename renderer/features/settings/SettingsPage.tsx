import { SegmentedControl, Select, Switch } from '@mantine/core';
import { Monitor } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Panel, Row, Rows } from '../../ui/Panel.tsx';
import { CheckPanel } from './CheckPanel.tsx';
import { LockingPanel } from './LockingPanel.tsx';
import { VaultLinks } from './VaultLinks.tsx';
import { VaultPanel } from './VaultPanel.tsx';

const MINUTES = [1, 2, 5, 10, 15, 30, 60];

export function SettingsPage(): JSX.Element {
  const { t } = useTranslation('settings');
  const { value, set } = usePreferences();
  return (
    <>
      <PageHeader title={t('title')} />
      <Columns
        even
        main={
          <>
            <Panel title={t('look')} Icon={Monitor} flush>
              <Rows>
                <Row
                  title={t('language')}
                  end={
                    <SegmentedControl
                      aria-label={t('language')}
                      value={value.language}
                      onChange={(language) => set({ language: language as 'es' | 'en' })}
                      data={[
                        { value: 'es', label: 'Español' },
                        { value: 'en', label: 'English' },
                      ]}
                    />
                  }
                />
                <Row
                  title={t('scheme')}
                  end={
                    <SegmentedControl
                      aria-label={t('scheme')}
                      value={value.colourScheme}
                      onChange={(scheme) => set({ colourScheme: scheme as 'light' | 'dark' | 'system' })}
                      data={(['light', 'dark', 'system'] as const).map((scheme) => ({
                        value: scheme,
                        label: t(scheme),
                      }))}
                    />
                  }
                />
                <Row
                  title={t('density')}
                  end={
                    <SegmentedControl
                      aria-label={t('density')}
                      value={value.density}
                      onChange={(density) => set({ density: density as 'comfortable' | 'compact' })}
                      data={(['comfortable', 'compact'] as const).map((density) => ({
                        value: density,
                        label: t(density),
                      }))}
                    />
                  }
                />
                <Row
                  title={t('hideNames')}
                  note={t('hideNamesText')}
                  end={
                    <Switch
                      aria-label={t('hideNames')}
                      color="teal.8"
                      checked={value.hideNames}
                      onChange={(event) => set({ hideNames: event.currentTarget.checked })}
                    />
                  }
                />
                <Row
                  title={t('lockAfter')}
                  end={
                    <Select
                      w={230}
                      aria-label={t('lockAfter')}
                      allowDeselect={false}
                      value={String(value.idleLockMinutes)}
                      data={[...new Set([...MINUTES, value.idleLockMinutes])]
                        .sort((a, b) => a - b)
                        .map((count) => ({ value: String(count), label: t('minutes', { count }) }))}
                      onChange={(minutes) => minutes !== null && set({ idleLockMinutes: Number(minutes) })}
                    />
                  }
                />
              </Rows>
            </Panel>
            <LockingPanel />
          </>
        }
        side={
          <>
            <VaultLinks />
            <VaultPanel />
            <CheckPanel />
          </>
        }
      />
    </>
  );
}
