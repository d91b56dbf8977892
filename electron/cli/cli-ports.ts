import { homedir, hostname, userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createForkLauncher } from '../core/ports/node/fork-launcher.ts';
import { createNodeClock } from '../core/ports/node/node-clock.ts';
import { createNodeDisk } from '../core/ports/node/node-disk.ts';
import { createNodeRandom } from '../core/ports/node/node-random.ts';
import type { Logger, Ports } from '../core/ports/index.ts';
