import { existsSync, readFileSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCrypto } from '../core/crypto/load-crypto.ts';
import type { Logger, Ports } from '../core/ports/index.ts';
import { createNodeClock } from '../core/ports/node/node-clock.ts';
import { createNodeDisk } from '../core/ports/node/node-disk.ts';
import { createNodeParserLauncher } from '../core/ports/node/node-parser-launcher.ts';
import { createNodeRandom } from '../core/ports/node/node-random.ts';
import { loadPackageFonts } from '../core/ports/node/package-fonts.ts';

/**
 * The project's or the package's root: the nearest folder above that has a package.json. This module lies at
 * another depth in each bundle that it is part of.
 */
const rootFolder = (): string => {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return start;
};

const version = (root: string): string => {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const found = (manifest as { version?: unknown }).version;
    return typeof found === 'string' ? found : '0.0.0';
  } catch {
    return '0.0.0';
  }
};

/** The user's name; containers may have none. */
const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
};

/** The command line keeps no log: what failed is told on the terminal, by code. */
const silent: Logger = { write: () => undefined };

/** Everything that the core gets from a terminal's process. */
export const createPorts = async (options: {
  readonly practiceOnly: boolean;
  readonly profileFolder: string | null;
}): Promise<Ports> => {
  const root = rootFolder();
  const beside = dirname(fileURLToPath(import.meta.url));
  const built = existsSync(join(beside, 'parser-wasm.js')) ? beside : join(root, 'out', 'main');
  return {
    clock: createNodeClock(),
    random: createNodeRandom(),
    disk: createNodeDisk(),
    crypto: await loadCrypto(),
    logger: silent,
    parsers: createNodeParserLauncher({
      wasm: join(built, 'parser-wasm.js'),
      image: join(built, 'parser-image.js'),
    }),
    loadFonts: loadPackageFonts,
    platform: {
      host: 'cli',
      practiceOnly: options.practiceOnly,
      profileFolder: options.profileFolder,
      localNames: [userName(), hostname(), homedir()].filter((name) => name.length > 1),
      version: version(root),
    },
  };
};
