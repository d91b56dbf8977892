import { Loader } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { RouterProvider } from '@tanstack/react-router';
import { LockKeyhole } from 'lucide-react';
import { useEffect, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { followEvents } from '../api/client.ts';
import { useQuery } from '../api/hooks.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Look } from './Look.tsx';
import { PreferenceContext, usePreferenceState } from './preferences.ts';
import { router } from './routes.tsx';

/** Nothing of the vault is drawn before the engine says that it is open. */
function Gate(): JSX.Element {
  const { t } = useTranslation(['common', 'ui']);
  const session = useQuery('vault.status', {});
  if (session.isPending) {
    return (
      <div style={{ display: 'grid', placeItems: 'center', height: '100%' }}>
        <Loader role="status" aria-label={t('ui:loading')} />
      </div>
    );
  }
  if (session.data?.state !== 'open') {
    return (
      <main>
        <EmptyState Icon={LockKeyhole} title={t('locked.title')} text={t('locked.text')} />
      </main>
    );
  }
  return <RouterProvider router={router} />;
}

export function App(): JSX.Element {
  const preferences = usePreferenceState();
  useEffect(() => followEvents(), []);
  return (
    <Look scheme={preferences.value.colourScheme}>
      <PreferenceContext value={preferences}>
        <Notifications position="bottom-right" autoClose={6000} />
        {preferences.loaded && <Gate />}
      </PreferenceContext>
    </Look>
  );
}
