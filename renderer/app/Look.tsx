import { MantineProvider } from '@mantine/core';
import { useSyncExternalStore, type JSX, type ReactNode } from 'react';
import { theme, variables } from '../ui/theme.ts';
import { styleNonce } from './nonce.ts';

export type ColourScheme = 'light' | 'dark' | 'system';

const darkDesktop = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)');
const followDesktop = (changed: () => void): (() => void) => {
  const query = darkDesktop();
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
};

/** Colours and parts. The scheme is a setting of the vault's program, never of the browser's storage. */
export const Look = ({ scheme, children }: { scheme: ColourScheme; children: ReactNode }): JSX.Element => {
  const desktopIsDark = useSyncExternalStore(followDesktop, () => darkDesktop().matches);
  const dark = scheme === 'dark' || (scheme === 'system' && desktopIsDark);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      getStyleNonce={styleNonce}
      forceColorScheme={dark ? 'dark' : 'light'}
    >
      {children}
    </MantineProvider>
  );
};
