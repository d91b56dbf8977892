import './app/nonce.ts';
import './app/trusted-types.ts';
import '@mantine/core/styles.css';
import './app/fonts.ts';
import './ui/tokens.css';
import './ui/base.css';
import { createRoot } from 'react-dom/client';
import { unlockHost } from './api/bridge.ts';
import { Look } from './app/Look.tsx';
import { UnlockWindow } from './features/unlock/UnlockWindow.tsx';
import { startLanguage } from './i18n/index.ts';

const root = document.getElementById('root');
if (root) {
  const context = await unlockHost().context();
  startLanguage(context.language);
  createRoot(root).render(
    <Look scheme="system">
      <UnlockWindow context={context} />
    </Look>,
  );
}
