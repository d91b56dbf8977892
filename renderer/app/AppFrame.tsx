import { Button, Menu } from '@mantine/core';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import {
  CircleHelp,
  FolderOpen,
  FolderPlus,
  LockKeyhole,
  PackageCheck,
  Paperclip,
  Plus,
  Settings,
  MessageSquarePlus,
  Siren,
  Smartphone,
  Sun,
  TriangleAlert,
  UserPlus,
  Users,
  WifiOff,
  type LucideIcon,
} from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { host } from '../api/bridge.ts';
import { useQuery } from '../api/hooks.ts';
import { HelpOfScreen } from '../features/help/HelpOfScreen.tsx';
import { CallMode } from '../features/safeguard/CallMode.tsx';
import { SearchOverlay } from '../features/search/SearchOverlay.tsx';
import { useTrayTasks } from '../features/tasks/use-tray-tasks.ts';
import { AppRail, type RailItem } from '../ui/AppRail.tsx';
import { KeyHint } from '../ui/KeyHint.tsx';
import { Shell } from '../ui/Shell.tsx';
import { StatusBar } from '../ui/StatusBar.tsx';
import { TaskTray } from '../ui/TaskTray.tsx';
import { TopBar } from '../ui/TopBar.tsx';
import { usePreferences } from './preferences.ts';
import { useShortcuts } from './shortcuts.ts';

const PLACES = [
  { to: '/', key: 'today', Icon: Sun },
  { to: '/cases', key: 'cases', Icon: FolderOpen },
  { to: '/incidents', key: 'incidents', Icon: TriangleAlert },
  { to: '/people', key: 'people', Icon: Users },
  { to: '/evidence', key: 'evidence', Icon: Paperclip },
  { to: '/surveillance', key: 'surveillance', Icon: Smartphone },
  { to: '/exports', key: 'exports', Icon: PackageCheck },
  { to: '/settings', key: 'settings', Icon: Settings },
] as const satisfies readonly { to: string; key: string; Icon: LucideIcon }[];

/** Screens that are reached from the settings and have no place of their own in the rail. */
const UNDER_SETTINGS = ['/keys', '/access', '/backup', '/safeguard', '/dump', '/requests'];
const isUnderSettings = (path: string): boolean =>
  UNDER_SETTINGS.some((place) => path === place || path.startsWith(`${place}/`));

/** Everything around a screen. */
export function AppFrame(): JSX.Element {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const path = useLocation({ select: (location) => location.pathname });
  const { value: preferences, set } = usePreferences();
  const session = useQuery('vault.status', {}).data;
  const today = useQuery('today.overview', {}).data;
  const [searching, setSearching] = useState(false);
  const [helping, setHelping] = useState(false);
  const tray = useTrayTasks();

  const newIncident = (): void => void navigate({ to: '/incidents/new' });
  const lock = (): void => void host().lock();
  const toggleNames = (): void => set({ hideNames: !preferences.hideNames });
  useShortcuts({
    newIncident,
    newEmergency: () => void navigate({ to: '/emergency' }),
    search: () => setSearching(true),
    lock,
    hideNames: toggleNames,
    help: () => setHelping(true),
  });

  const items: RailItem[] = PLACES.map(({ to, key, Icon }) => ({
    key,
    label: t(`place.${key}`),
    Icon,
    ...(key === 'today' && today
      ? { count: today.due.length, countLabel: t('dueCount', { count: today.due.length }) }
      : {}),
    link: (className, children) => (
      <Link
        to={to}
        {...(className === undefined ? {} : { className })}
        activeOptions={{ exact: to === '/' }}
        {...(key === 'settings' && isUnderSettings(path) ? { 'aria-current': 'page' as const } : {})}
      >
        {children}
      </Link>
    ),
  }));
  const facts = [
    { key: 'network', Icon: WifiOff, text: t('status.offline') },
    ...(session?.use === 'practice'
      ? [{ key: 'practice', Icon: TriangleAlert, text: t('status.practice') }]
      : []),
    ...(session?.readOnlyBecause !== undefined
      ? [{ key: 'readOnly', Icon: LockKeyhole, text: t('status.readOnly') }]
      : []),
    ...(host().host === 'preview'
      ? [{ key: 'preview', Icon: TriangleAlert, text: t('status.preview') }]
      : []),
  ];
  return (
    <>
      <Shell
        skipLabel={t('skip')}
        rail={
          <AppRail
            product={t('product')}
            label={t('places')}
            items={items}
            who={session?.actor?.name ?? ''}
            namesHidden={preferences.hideNames}
            hideLabel={t(preferences.hideNames ? 'names.show' : 'names.hide')}
            onHide={toggleNames}
          />
        }
        top={
          <TopBar searchLabel={t('search')} searchKeys={t('keys.search')} onSearch={() => setSearching(true)}>
            <Button.Group>
              <Button
                leftSection={<Plus size={17} />}
                rightSection={<KeyHint keys="F2" />}
                aria-keyshortcuts="F2"
                onClick={newIncident}
              >
                {t('newIncident')}
              </Button>
              <Menu position="bottom-end" width={260} shadow="md">
                <Menu.Target>
                  <Button px={9} aria-label={t('newOther')}>
                    ▾
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item
                    leftSection={<Siren size={17} />}
                    rightSection={<KeyHint keys="⇧ F2" />}
                    aria-keyshortcuts="Shift+F2"
                    color="red.9"
                    onClick={() => void navigate({ to: '/emergency' })}
                  >
                    {t('newEmergency')}
                  </Menu.Item>
                  <Menu.Divider />
                  <Menu.Item
                    leftSection={<FolderPlus size={17} />}
                    onClick={() => void navigate({ to: '/cases/new' })}
                  >
                    {t('newCase')}
                  </Menu.Item>
                  <Menu.Item
                    leftSection={<UserPlus size={17} />}
                    onClick={() => void navigate({ to: '/people/new' })}
                  >
                    {t('newPerson')}
                  </Menu.Item>
                  <Menu.Item
                    leftSection={<MessageSquarePlus size={17} />}
                    onClick={() => void navigate({ to: '/surveillance/messages/new' })}
                  >
                    {t('newMessage')}
                  </Menu.Item>
                  <Menu.Item
                    leftSection={<Smartphone size={17} />}
                    onClick={() => void navigate({ to: '/surveillance/receive' })}
                  >
                    {t('newDevice')}
                  </Menu.Item>
                  <Menu.Item
                    leftSection={<PackageCheck size={17} />}
                    onClick={() => void navigate({ to: '/exports/new' })}
                  >
                    {t('newExport')}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </Button.Group>
            <Button
              px={10}
              aria-label={t('help')}
              aria-keyshortcuts="F1"
              title={t('help')}
              onClick={() => setHelping(true)}
            >
              <CircleHelp size={18} />
            </Button>
            <CallMode />
            <Button leftSection={<LockKeyhole size={17} />} aria-keyshortcuts="F12" onClick={lock}>
              {t('lock')}
            </Button>
          </TopBar>
        }
        status={
          <StatusBar label={t('statusLine')} items={facts}>
            <TaskTray tasks={tray.tasks} onCancel={tray.cancel} />
            <span>{t('status.locks', { count: preferences.idleLockMinutes })}</span>
          </StatusBar>
        }
      >
        <Outlet />
      </Shell>
      <SearchOverlay opened={searching} onClose={() => setSearching(false)} />
      <HelpOfScreen path={path} opened={helping} onClose={() => setHelping(false)} />
    </>
  );
}
