import './app/nonce.ts';
import './app/trusted-types.ts';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app/fonts.ts';
import './ui/tokens.css';
import './ui/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/client.ts';
import { App } from './app/App.tsx';
import { startLanguage } from './i18n/index.ts';

startLanguage('es');
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>,
  );
}
