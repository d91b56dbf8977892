import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCrypto } from '../../../electron/core/crypto/load-crypto.ts';
import { createNodeClock } from '../../../electron/core/ports/node/node-clock.ts';
import { createNodeDisk } from '../../../electron/core/ports/node/node-disk.ts';
import { createNodeRandom } from '../../../electron/core/ports/node/node-random.ts';
import { loadPackageFonts } from '../../../electron/core/ports/node/package-fonts.ts';
import type { Disk, Platform, Ports } from '../../../electron/core/ports/index.ts';

const crypto = await loadCrypto();

/** The floor: the least that a header may ask for, so that a test waits a tenth of a second. */
export const COST = { ops: 3, memBytes: 64 * 1024 * 1024 };
export const PASSPHRASE = 'cuatro garzas cruzan el estero';

/** Real ports, except that no parser is started and nothing is logged. */
export const realPorts = (options: { disk?: Disk; platform?: Partial<Platform> } = {}): Ports => ({
  clock: createNodeClock(),
  random: createNodeRandom(),
  crypto,
  disk: options.disk ?? createNodeDisk(),
  logger: { write: () => undefined },
  parsers: {
    start: () => Promise.reject(new Error('no parser in this test')),
  },
  loadFonts: loadPackageFonts,
  platform: {
    host: 'test',
    practiceOnly: true,
    profileFolder: null,
    localNames: ['ana', 'portatil', '/home/ana'],
    version: '0.0.0',
    ...options.platform,
  },
});

/** A fresh folder under the system's temporary folder, and how to remove it. */
export const freshFolder = (base: string = tmpdir()): { path: string; remove: () => void } => {
  const path = mkdtempSync(join(base, 'resguardo-'));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
};
