import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

/* Uses nothing outside Node: it runs before any package is installed. */

const OLDEST_NODE = [20, 19];

/** Ends the run with a sentence that helps where this Node is too old. */
export const checkNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    process.stderr.write(
      `Resguardo needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.\n` +
        `Resguardo necesita Node ${OLDEST_NODE.join('.')} o más nuevo; éste es ${process.versions.node}.\n`,
    );
    process.exit(1);
  }
};

const packagesOf = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
};

/** Whether everything that the lock asks for (optional parts aside) is installed in just that version. */
export const installed = (folder = root) => {
  const wanted = packagesOf(join(folder, 'package-lock.json'));
  /* npm notes what it installed in this file. */
  const present = packagesOf(join(folder, 'node_modules', '.package-lock.json'));
  if (wanted === null || present === null) return false;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      (present[path] === undefined
        ? entry.optional === true || entry.devOptional === true
        : present[path].version === entry.version && existsSync(join(folder, path))),
  );
};

/** Installs the packages of the lock where they are missing or the lock has changed. */
export const ensureInstalled = async () => {
  checkNode();
  if (installed()) return;
  /* On stderr: the first command of all may be one whose answer goes into a file. */
  process.stderr.write('\n=== npm ci\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const cli = process.env.npm_execpath;
  /* Errors only: some packages ask for a newer Node than the oldest one here, on which everything is tested. */
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  /* From `npm test` the path of npm's own code is known, which also spares Windows a shell. */
  const { code } =
    cli !== undefined && /npm-cli\.js$/u.test(cli)
      ? await run(process.execPath, [cli, ...args], { aside: true })
      : await run(npm, args, { aside: true });
  if (code !== 0) {
    process.stderr.write('npm ci failed: nothing else can run. / npm ci falló: no se puede continuar.\n');
    process.exit(1);
  }
};
