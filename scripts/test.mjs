import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { add, lastLine, none, playwrightCounts, readCounts, vitestCounts } from './lib/counts.mjs';
import { ensureOutsideCommands } from './lib/debian.mjs';
import { failureLines, playwrightFailures, readFailures, vitestFailures } from './lib/failures.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { heading, root, runNode } from './lib/run.mjs';
import { clearTallies, tallyTable } from './lib/tally.mjs';

/*
 * Everything that can be checked, one step after the other, each to its end even where one before it failed.
 * `npm test -- unit faults` runs only those vitest projects; `npm test -- static` only the static checks.
 */

const asked = process.argv.slice(2);
const wants = (name) => asked.length === 0 || asked.includes(name);
const bin = (path) => join(root, 'node_modules', path);
const reports = join(root, '.build', 'reports');

await ensureInstalled();
await ensureOutsideCommands();
mkdirSync(reports, { recursive: true });
clearTallies();

let total = none();
const summary = [];
const failures = [];
const repeated = [];
const record = (name, counts, startedAt) => {
  total = add(total, counts);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
  summary.push(`${counts.failed === 0 ? 'ok    ' : 'FAILED'} ${name}: ${lastLine(counts)} (${seconds} s)`);
};

const check = async (name, file, args, env = {}) => {
  heading(name);
  const startedAt = Date.now();
  const { code } = await runNode(file, args, { env });
  record(name, code === 0 ? { ...none(), passed: 1 } : { ...none(), failed: 1 }, startedAt);
  return code === 0;
};

if (wants('static')) {
  await check('format', bin('prettier/bin/prettier.cjs'), ['--check', '--log-level', 'warn', '.']);
  await check('lint', bin('eslint/bin/eslint.js'), ['.', '--quiet']);
  await check('types', bin('typescript7/bin/tsc'), ['-b']);
  await check('structure', bin('dependency-cruiser/bin/dependency-cruise.mjs'), [
    '--config',
    '.dependency-cruiser.cjs',
    'electron',
    'renderer',
    'shared',
    'tests',
  ]);
}

if (asked.length === 0 || asked.some((name) => name !== 'static')) {
  await check('build', join(root, 'scripts', 'build.mjs'), []);
}

const PROJECTS = ['unit', 'renderer', 'architecture', 'integration', 'parser', 'faults', 'interop'];
for (const project of PROJECTS.filter(wants)) {
  heading(`tests: ${project}`);
  const startedAt = Date.now();
  const report = join(reports, `${project}.json`);
  rmSync(report, { force: true });
  const { code } = await runNode(bin('vitest/vitest.mjs'), [
    'run',
    '--project',
    project,
    '--passWithNoTests',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const counts = readCounts(report, code, vitestCounts);
  record(`tests: ${project}`, counts, startedAt);
  if (counts.failed > 0) failures.push(...readFailures(`tests: ${project}`, report, code, vitestFailures));
}

if (wants('e2e') && existsSync(join(root, 'tests', 'e2e'))) {
  heading('tests: e2e');
  const startedAt = Date.now();
  const report = join(reports, 'e2e.json');
  rmSync(report, { force: true });
  const { code } = await runNode(bin('@playwright/test/cli.js'), ['test', '--reporter=list,json'], {
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  const counts = readCounts(report, code, playwrightCounts);
  record('tests: e2e', counts, startedAt);
  const named = readFailures('tests: e2e', report, code, playwrightFailures);
  if (counts.failed > 0) failures.push(...named);
  else repeated.push(...named);
}

const tallies = tallyTable();
if (tallies !== '') {
  heading('counted');
  process.stdout.write(`${tallies}\n`);
}

heading('summary');
process.stdout.write(`${summary.join('\n')}\n`);
// Behind the table and before the last line: of a long run often only its last lines are kept.
if (repeated.length > 0) process.stdout.write(`\nto be looked at:\n${failureLines(repeated).join('\n')}\n`);
if (failures.length > 0) process.stdout.write(`\nfailed:\n${failureLines(failures).join('\n')}\n`);
process.stdout.write(`\n${lastLine(total)}\n`);
process.exit(total.failed === 0 ? 0 : 1);
