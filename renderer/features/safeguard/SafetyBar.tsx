import { Link } from '@tanstack/react-router';
import { ShieldAlert } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../api/hooks.ts';
import css from './safeguard.module.css';

/** What keeps the vault from outliving a loss. It stands on the first screen until it is done. */
export function SafetyBar(): JSX.Element | null {
  const { t } = useTranslation('safeguard');
  const keys = useQuery('slots.list', {}).data;
  const copies = useQuery('backup.state', {}).data;
  const clock = useQuery('access.clock', {}).data;
  if (!keys || !copies) return null;
  const due = copies.reminder.due;
  const open = [
    ...(keys.coordinators < 2 ? [{ key: 'secondCoordinator', to: '/keys' } as const] : []),
    ...(keys.hasWords ? [] : [{ key: 'words', to: '/keys' } as const]),
    ...(keys.hasShares ? [] : [{ key: 'shares', to: '/keys' } as const]),
    ...(copies.targets.length === 0 ? [{ key: 'backup', to: '/backup' } as const] : []),
    ...(copies.targets.length > 0 && copies.targets.every((one) => one.lastRehearsedAt === null)
      ? [{ key: 'rehearsal', to: '/backup' } as const]
      : []),
    ...(copies.targets.length > 0 && ['old', 'failing', 'clockWrong'].includes(due)
      ? [{ key: 'backupOld', to: '/backup' } as const]
      : []),
    ...(clock?.state === 'vaultAhead' ? [{ key: 'clock', to: '/access' } as const] : []),
    ...(keys.rotationAdvised ? [{ key: 'rotate', to: '/keys' } as const] : []),
  ];
  if (open.length === 0) return null;
  return (
    <section className={css.bar} aria-label={t('bar.title')}>
      <ShieldAlert size={19} aria-hidden />
      <strong>{t('bar.title')}</strong>
      <ul className={css.steps}>
        {open.map(({ key, to }) => (
          <li key={key}>
            <Link to={to}>{t(`bar.${key}`)}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
