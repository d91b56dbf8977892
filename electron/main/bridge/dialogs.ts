import { dialog } from 'electron';
import type { BrowserWindow } from 'electron';

import type { FileToken, TargetToken, VaultToken } from '#shared/contract/bridge.ts';

import type { ShellTexts } from '../texts.ts';
import type { Grants } from './grants.ts';

/**
 * Dialogs of the operating system. Paths go from here to the engine as grants; the window gets tokens.
 * `dontAddToRecent` keeps what was chosen out of the system's recent list where the system lets us.
 */
export const createDialogs = (
  window: () => BrowserWindow | null,
  grants: Grants,
  texts: () => ShellTexts,
) => {
  const open = async (
    properties: ('openFile' | 'openDirectory' | 'multiSelections' | 'createDirectory')[],
    title: string,
  ) => {
    const owner = window();
    if (owner === null) return [];
    const chosen = await dialog.showOpenDialog(owner, {
      title,
      properties: [...properties, 'dontAddToRecent'],
    });
    return chosen.canceled ? [] : chosen.filePaths;
  };
  const save = async (title: string, defaultPath: string): Promise<string | null> => {
    const owner = window();
    if (owner === null) return null;
    const chosen = await dialog.showSaveDialog(owner, {
      title,
      defaultPath,
      properties: ['dontAddToRecent', 'createDirectory', 'showOverwriteConfirmation'],
    });
    return chosen.canceled || chosen.filePath === '' ? null : chosen.filePath;
  };

  return {
    async chooseFiles(options: { multiple: boolean; folders?: boolean | undefined }): Promise<FileToken[]> {
      const folders = options.folders === true;
      const paths = await open(
        [folders ? 'openDirectory' : 'openFile', ...(options.multiple ? (['multiSelections'] as const) : [])],
        folders ? texts().chooseFolder : texts().chooseFiles,
      );
      return grants.files(paths, { folders });
    },
    async chooseTarget(kind: 'folder' | 'file', suggestedName: string): Promise<TargetToken | null> {
      const path =
        kind === 'folder'
          ? (await open(['openDirectory', 'createDirectory'], texts().chooseTargetFolder))[0]
          : await save(texts().chooseTargetFile, suggestedName);
      return path === undefined || path === null ? null : grants.target(path, kind);
    },
    async chooseVault(mode: 'create' | 'open'): Promise<VaultToken | null> {
      const [path] = await open(
        mode === 'create' ? ['openDirectory', 'createDirectory'] : ['openDirectory'],
        mode === 'create' ? texts().chooseVaultFolder : texts().openVaultFolder,
      );
      return path === undefined ? null : grants.vault(path, mode);
    },
  };
};

export type Dialogs = ReturnType<typeof createDialogs>;
