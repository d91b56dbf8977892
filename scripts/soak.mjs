import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { ensureOutsideCommands } from './lib/debian.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { propertyTests } from './lib/property-tests.mjs';
import { heading, root, runNode } from './lib/run.mjs';
import { clearTallies, tallyTable } from './lib/tally.mjs';

/*
 * The fault and fuzz tests at full length (RESGUARDO_SOAK=1 is what each of them asks for): more kills, more
 * damaged bytes, more executions of the readers; and every property on fresh examples, round after round. Hours,
 * not minutes. `npm run soak -- faults` runs one of the three; words behind it name test files.
 */

const KINDS = ['faults', 'parser', 'properties'];
const PROPERTY_ROUNDS = 20;

await ensureInstalled();
await ensureOutsideCommands();
clearTallies();
const [first, ...rest] = process.argv.slice(2);
const kinds = KINDS.includes(first) ? [first] : KINDS;
const more = KINDS.includes(first) ? rest : process.argv.slice(2);
let worst = 0;

const vitest = async (args, env) => {
  const { code } = await runNode(join(root, 'node_modules', 'vitest', 'vitest.mjs'), ['run', ...args], {
    env,
  });
  worst = Math.max(worst, code);
};

for (const kind of kinds.filter((one) => one !== 'properties')) {
  await vitest(['--project', kind, '--testTimeout', String(6 * 3_600_000), ...more], { RESGUARDO_SOAK: '1' });
}
if (kinds.includes('properties')) {
  const files = propertyTests().filter(
    (path) => more.length === 0 || more.some((word) => path.includes(word)),
  );
  for (let round = 1; files.length > 0 && round <= PROPERTY_ROUNDS; round += 1) {
    const seed = randomInt(1, 2 ** 31);
    heading(`properties, round ${String(round)}, RESGUARDO_PROPERTY_SEED=${String(seed)}`);
    await vitest(['--reporter=dot', ...files], { RESGUARDO_PROPERTY_SEED: String(seed) });
  }
}
process.stdout.write(`\n${tallyTable()}\n`);
process.exit(worst);
