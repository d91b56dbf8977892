import { Link } from '@tanstack/react-router';
import { DoorOpen, HardDriveDownload, Inbox, KeyRound, PackageOpen, ShieldAlert } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel, Row, Rows } from '../../ui/Panel.tsx';

const PLACES = [
  { to: '/keys', key: 'keys', Icon: KeyRound },
  { to: '/backup', key: 'backup', Icon: HardDriveDownload },
  { to: '/access', key: 'access', Icon: DoorOpen },
  { to: '/requests', key: 'requests', Icon: Inbox },
  { to: '/safeguard', key: 'safeguard', Icon: ShieldAlert },
  { to: '/dump', key: 'dump', Icon: PackageOpen },
] as const;

/** The screens about the vault itself. */
export function VaultLinks(): JSX.Element {
  const { t } = useTranslation('settings');
  return (
    <Panel title={t('care')} Icon={KeyRound} flush>
      <Rows label={t('care')}>
        {PLACES.map(({ to, key, Icon }) => (
          <Row
            key={key}
            lead={<Icon size={19} aria-hidden />}
            title={<Link to={to}>{t(`link.${key}`)}</Link>}
            note={t(`linkText.${key}`)}
          />
        ))}
      </Rows>
    </Panel>
  );
}
