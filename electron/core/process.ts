import { ownFrames } from './api/own-frames.ts';
import { loadCrypto } from './crypto/load-crypto.ts';
import { hostEngine } from './engine-host.ts';
import { createFileLogger, silentLogger } from './ports/node/file-logger.ts';
import { guardProcess } from './ports/node/guard-process.ts';
import { createNodeClock } from './ports/node/node-clock.ts';
import { createNodeDisk } from './ports/node/node-disk.ts';
import { createNodeRandom } from './ports/node/node-random.ts';
import { loadPackageFonts } from './ports/node/package-fonts.ts';
import type { Logger } from './ports/index.ts';
import type { ParentPort } from './wire-port.ts';

/**
 * Entrance of the engine when the shell forks it. Everything that is written from here on is for this user
 * alone.
 */
process.umask(0o077);
guardProcess();

const parent = (process as { parentPort?: ParentPort }).parentPort;
if (parent === undefined) throw new Error('started without a shell');

let logger: Logger = silentLogger;

/**
 * A mistake that nobody caught leaves the state unknown, and this process holds the keys: it ends. The shell
 * then fails every waiting call and shows the lock screen; what was committed is safe.
 */
const endNow = (thrown: unknown): void => {
  logger.write({ event: 'engine', name: 'uncaught', code: 'call.internal', frames: ownFrames(thrown) });
  process.exit(70);
};
process.on('uncaughtException', endNow);
process.on('unhandledRejection', endNow);

const clock = createNodeClock();
hostEngine(parent, async (settings, parsers) => {
  if (settings.logFolder !== null) logger = createFileLogger(settings.logFolder, clock);
  return {
    clock,
    random: createNodeRandom(),
    crypto: await loadCrypto(),
    disk: createNodeDisk(),
    logger,
    parsers,
    loadFonts: loadPackageFonts,
    platform: {
      host: settings.host,
      practiceOnly: settings.practiceOnly,
      profileFolder: settings.profileFolder,
      localNames: settings.localNames,
      version: settings.version,
    },
  };
});
