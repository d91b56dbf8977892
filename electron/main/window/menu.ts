import { Menu } from 'electron';

import type { ShellTexts } from '../texts.ts';

/**
 * Our own menu: editing, zoom, lock, quit. The default one would bring reload, developer tools, print and
 * save. Locking has no accelerator here: the keys belong to the interface, which knows about text fields.
 */
export const installMenu = (texts: ShellTexts, actions: { lock: () => void; quit: () => void }): void => {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      {
        label: texts.menuApplication,
        submenu: [
          { label: texts.menuLock, click: actions.lock },
          { type: 'separator' },
          { label: texts.menuQuit, click: actions.quit },
        ],
      },
      {
        label: texts.menuEdit,
        submenu: [
          { role: 'undo', label: texts.menuUndo },
          { role: 'redo', label: texts.menuRedo },
          { type: 'separator' },
          { role: 'cut', label: texts.menuCut },
          { role: 'copy', label: texts.menuCopy },
          { role: 'paste', label: texts.menuPaste },
          { role: 'selectAll', label: texts.menuSelectAll },
        ],
      },
      {
        label: texts.menuView,
        submenu: [
          { role: 'zoomIn', label: texts.menuZoomIn },
          { role: 'zoomOut', label: texts.menuZoomOut },
          { role: 'resetZoom', label: texts.menuZoomReset },
        ],
      },
    ]),
  );
};
