import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename } from 'node:path';

import type { BridgeFailure, FileToken, TargetToken, VaultToken } from '#shared/contract/bridge.ts';
import type { Grant } from '#shared/contract/engine-wire.ts';

/** Tells the engine of a grant; gives why it is refused, or null. */
export type SendGrant = (grant: Grant) => Promise<BridgeFailure | null>;

/**
 * Turns what a person chose into opaque tokens. The renderer gets the token, the engine gets the path, and
 * neither can make one up: ids are 128 random bits and live as long as the engine's process.
 */
export const createGrants = (send: SendGrant) => {
  const freshId = (): string => randomBytes(16).toString('hex');

  const file = async (path: string, folders: boolean): Promise<FileToken | null> => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined || (folders ? !stat.isDirectory() && !stat.isFile() : !stat.isFile())) return null;
    const token: FileToken = {
      id: freshId(),
      name: basename(path),
      sizeBytes: stat.isFile() ? stat.size : 0,
    };
    await send({ ...token, kind: stat.isFile() ? 'file' : 'folder', path });
    return token;
  };

  return {
    async files(paths: readonly string[], options: { folders: boolean }): Promise<FileToken[]> {
      const tokens = await Promise.all(paths.map((path) => file(path, options.folders)));
      return tokens.filter((token) => token !== null);
    },
    async bytes(name: string, bytes: Uint8Array): Promise<FileToken> {
      const token: FileToken = { id: freshId(), name: basename(name), sizeBytes: bytes.length };
      await send({ ...token, kind: 'bytes', bytes });
      return token;
    },
    async target(path: string, kind: 'folder' | 'file'): Promise<TargetToken> {
      const token: TargetToken = { id: freshId(), name: basename(path) };
      await send({ ...token, kind: kind === 'folder' ? 'targetFolder' : 'targetFile', path });
      return token;
    },
    async vault(path: string, mode: 'create' | 'open'): Promise<VaultToken> {
      const token = { id: freshId(), name: basename(path) };
      const refused = await send({ ...token, kind: 'vault', path, mode });
      return { ...token, refused };
    },
  };
};

export type Grants = ReturnType<typeof createGrants>;
