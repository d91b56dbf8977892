import { homedir } from 'node:os';
import { join } from 'node:path';

import type { ShellPrompt } from './prompt.ts';
import { promptPaths } from './prompt.ts';
import type { StandIn } from './stand-in.ts';
import type { PreviewWindow } from './window.ts';

/**
 * Dialogs that Electron would have the operating system draw. A test scripts the answers; a person types
 * the path into a small form that belongs to the stand-in, not to the page.
 */
export const createDialog = (standIn: StandIn, texts: () => ShellPrompt) => {
  const ask = async (window: PreviewWindow, title: string, initial: string): Promise<string[]> => {
    const { test } = standIn.launch;
    if (test !== null) {
      const scripted = test.dialogs.shift();
      if (scripted === undefined) standIn.problem(new Error(`unexpected dialog: ${title}`));
      return scripted ?? [];
    }
    const devtools = window.session_;
    return devtools === null ? [] : promptPaths(devtools, { ...texts(), title, initial });
  };
  return {
    async showOpenDialog(window: PreviewWindow, options: { title?: string; properties?: string[] }) {
      const filePaths = await ask(window, options.title ?? '', join(homedir(), ''));
      return { canceled: filePaths.length === 0, filePaths };
    },
    async showSaveDialog(
      window: PreviewWindow,
      options: { title?: string; defaultPath?: string; properties?: string[] },
    ) {
      const [filePath = ''] = await ask(
        window,
        options.title ?? '',
        join(homedir(), options.defaultPath ?? ''),
      );
      return { canceled: filePath === '', filePath };
    },
    showErrorBox(title: string, content: string): void {
      process.stderr.write(`${title}: ${content}\n`);
    },
  };
};
