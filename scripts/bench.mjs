import { join } from 'node:path';
import { buildCommandLine, bundle } from './lib/build.mjs';
import { ensureOutsideCommands } from './lib/debian.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { root, runNode } from './lib/run.mjs';

/*
 * Measures the product against plain tools in the same run; prints a table and writes .build/bench.json.
 * Sizes: RESGUARDO_BENCH_FILE_MB, RESGUARDO_BENCH_INCIDENTS, RESGUARDO_BENCH_CASES; `--quick` for small ones.
 */

await ensureInstalled();
await ensureOutsideCommands();
if (!(await buildCommandLine())) process.exit(1);
if (!(await bundle({ bench: 'tests/bench/index.ts' }, '.build/bench'))) process.exit(1);
process.exit((await runNode(join(root, '.build', 'bench', 'bench.js'), process.argv.slice(2))).code);
