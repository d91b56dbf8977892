import { buildAll } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';

await ensureInstalled();
process.exit((await buildAll()) ? 0 : 1);
