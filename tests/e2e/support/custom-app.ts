import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { writeAppTable } from '../../../electron/main/security/build-table.ts';

import { builtFolder, freshFolder } from './host.ts';

/**
 * The real main, preload and engine with other pages: the folder's files are served by the real protocol
 * under the real policy. Lets an attack run from a script that the page loads, as a captured page would.
 */
export const appWithPages = (pagesFolder: string): string => {
  const app = freshFolder('pages');
  mkdirSync(join(app, 'out'));
  symlinkSync(join(builtFolder(), 'main'), join(app, 'out', 'main'), 'dir');
  symlinkSync(join(builtFolder(), 'preload'), join(app, 'out', 'preload'), 'dir');
  cpSync(pagesFolder, join(app, 'out', 'renderer'), { recursive: true });
  writeAppTable(join(app, 'out'));
  return app;
};
