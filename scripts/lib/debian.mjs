import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { heading, run } from './run.mjs';

/** Commands that the tests and the demo compare Resguardo with, and the Debian package of each. */
export const OUTSIDE_COMMANDS = {
  chromium: 'chromium',
  age: 'age',
  minisign: 'minisign',
  qpdf: 'qpdf',
  pdftotext: 'poppler-utils',
  exiftool: 'libimage-exiftool-perl',
  soffice: 'libreoffice-writer-nogui',
  strace: 'strace',
  bwrap: 'bubblewrap',
  xvfb: 'xvfb',
  'heif-enc': 'libheif-examples',
  unshare: 'util-linux',
  ip: 'iproute2',
  unzip: 'unzip',
  'dbus-run-session': 'dbus',
  // Not `convert`: another program of that name may stand in its place.
  identify: 'imagemagick',
};

const onPath = (name) => {
  const names = name === 'xvfb' ? ['Xvfb', 'xvfb-run'] : [name];
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => names.some((one) => existsSync(join(folder, one))));
};

/** Python modules that the second implementation and the canary scan use, and the Debian package of each. */
const PYTHON_MODULES = {
  nacl: 'python3-nacl',
  brotli: 'python3-brotli',
  zstandard: 'python3-zstandard',
  snappy: 'python3-snappy',
};

/** Debian's packages serve Debian's Python, which need not be the first one on the path. */
const hasModule = async (name) => {
  for (const python of ['/usr/bin/python3', 'python3']) {
    if ((await run(python, ['-c', `import ${name}`], { quiet: true })).code === 0) return true;
  }
  return false;
};

/** Debian packages that are not there yet. */
export const missingPackages = async () => {
  const missing = Object.entries(OUTSIDE_COMMANDS)
    .filter(([name]) => !onPath(name))
    .map(([, packageName]) => packageName);
  for (const [name, packageName] of Object.entries(PYTHON_MODULES)) {
    if (!(await hasModule(name))) missing.push(packageName);
  }
  return missing;
};

const isDebian = () => {
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/mu.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
};

/**
 * Installs what is missing on Debian or Ubuntu as root; elsewhere says what will be skipped for want of it.
 * Never fails by itself: each test says what it needs, and under CI=true fails without it.
 */
export const ensureOutsideCommands = async () => {
  const missing = await missingPackages();
  if (missing.length === 0) return;
  if (isDebian() && process.getuid?.() === 0) {
    heading(`apt-get install ${missing.join(' ')}`);
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], { env, quiet: true });
    const { code } = await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], {
      env,
    });
    if (code === 0) return;
    process.stdout.write('apt-get could not install them; the tests that need them will say so.\n');
    return;
  }
  process.stdout.write(
    `Missing tools that the product is compared with: ${missing.join(', ')}.\n` +
      (isDebian()
        ? `Install them with: sudo apt-get install ${missing.join(' ')}\n`
        : 'On Debian or Ubuntu these are the names of their packages.\n') +
      'Tests that need one of them are skipped, each by its name.\n',
  );
};
