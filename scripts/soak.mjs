import { join } from 'node:path';
import { ensureOutsideCommands } from './lib/debian.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { root, runNode } from './lib/run.mjs';

/*
 * The fault tests at full length (RESGUARDO_SOAK=1 is what each of them asks for): more kills, more damaged
 * bytes, more runs of every property. Hours, not minutes.
 */

await ensureInstalled();
await ensureOutsideCommands();
const { code } = await runNode(
  join(root, 'node_modules', 'vitest', 'vitest.mjs'),
  ['run', '--project', 'faults', '--testTimeout', String(6 * 3_600_000), ...process.argv.slice(2)],
  { env: { RESGUARDO_SOAK: '1' } },
);
process.exit(code);
