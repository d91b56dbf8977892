import { MantineProvider } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { theme, variables } from '../ui/theme.ts';
import { styleNonce } from './nonce.ts';

export type ColourScheme = 'light' | 'dark' | 'system';

/** Colours and parts. The scheme is a setting of the vault's program, never of the browser's storage. */
export const Look = ({ scheme, children }: { scheme: ColourScheme; children: ReactNode }): JSX.Element => {
  const dark =
    scheme === 'dark' || (scheme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
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
