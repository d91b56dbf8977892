import { join } from 'node:path';
import { buildCommandLine, bundle } from './lib/build.mjs';
import { ensureOutsideCommands } from './lib/debian.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { root, run } from './lib/run.mjs';

/*
 * Measures the product against plain tools in the same run; prints a table and writes .build/bench.json.
 * Sizes: RESGUARDO_BENCH_FILE_MB, RESGUARDO_BENCH_INCIDENTS, RESGUARDO_BENCH_CASES; `--quick` for small ones.
 */

await ensureInstalled();
await ensureOutsideCommands();
if (!(await buildCommandLine())) process.exit(1);
if (!(await bundle({ bench: 'tests/bench/index.ts' }, '.build/bench'))) process.exit(1);
// As the shell starts the engine, whose part the bench plays.
const engineFlags = ['--max-semi-space-size=2'];
const program = join(root, '.build', 'bench', 'bench.js');
process.exit((await run(process.execPath, [...engineFlags, program, ...process.argv.slice(2)])).code);
