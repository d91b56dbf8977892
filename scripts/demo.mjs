import { join } from 'node:path';
import { buildCommandLine, bundle } from './lib/build.mjs';
import { commandLineIsCurrent } from './lib/current.mjs';
import { ensureOutsideCommands } from './lib/debian.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { root, runNode } from './lib/run.mjs';

/* The main job without a window, from an empty folder to packages that outside tools have checked. */

await ensureInstalled();
await ensureOutsideCommands();
if (!commandLineIsCurrent() && !(await buildCommandLine())) process.exit(1);
if (!(await bundle({ demo: 'electron/cli/demo/index.ts' }, '.build/demo'))) process.exit(1);
process.exit((await runNode(join(root, '.build', 'demo', 'demo.js'), process.argv.slice(2))).code);
