import { Button, Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { MessageSquarePlus, Plus } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { AcrossTable } from './AcrossTable.tsx';
import { AttackTable } from './AttackTable.tsx';
import { DeviceTable } from './DeviceTable.tsx';
import { ExaminationTable } from './ExaminationTable.tsx';
import { MessageTable } from './MessageTable.tsx';
import { Notifications } from './Notifications.tsx';
import { Overview } from './Overview.tsx';
import { SetTable } from './SetTable.tsx';
import { SURVEILLANCE_TABS, type SurveillanceTab } from './tabs.ts';

/** Digital surveillance: devices, what was seen on them, messages, and what they are compared with. */
export function SurveillancePage(): JSX.Element {
  const { t } = useTranslation('surveillance');
  const navigate = useNavigate();
  const { tab = 'overview' } = useSearch({ strict: false }) as { tab?: SurveillanceTab };
  return (
    <>
      <PageHeader
        title={t('list')}
        actions={
          <>
            <Button
              leftSection={<MessageSquarePlus size={17} />}
              onClick={() => void navigate({ to: '/surveillance/messages/new' })}
            >
              {t('newMessage')}
            </Button>
            <Button
              variant="filled"
              leftSection={<Plus size={17} />}
              onClick={() => void navigate({ to: '/surveillance/receive' })}
            >
              {t('receive.title')}
            </Button>
          </>
        }
      />
      <Tabs
        value={tab}
        keepMounted={false}
        color="teal.8"
        onChange={(value) =>
          void navigate({
            to: '/surveillance',
            search: value === null || value === 'overview' ? {} : { tab: value as SurveillanceTab },
            replace: true,
          })
        }
      >
        <Tabs.List mb="md">
          {SURVEILLANCE_TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Overview />
        </Tabs.Panel>
        <Tabs.Panel value="devices">
          <DeviceTable />
        </Tabs.Panel>
        <Tabs.Panel value="examinations">
          <ExaminationTable />
        </Tabs.Panel>
        <Tabs.Panel value="findings">
          <AcrossTable />
        </Tabs.Panel>
        <Tabs.Panel value="attacks">
          <AttackTable />
        </Tabs.Panel>
        <Tabs.Panel value="messages">
          <MessageTable />
        </Tabs.Panel>
        <Tabs.Panel value="notifications">
          <Notifications />
        </Tabs.Panel>
        <Tabs.Panel value="sets">
          <SetTable />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
