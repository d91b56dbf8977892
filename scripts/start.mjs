import { existsSync, readFileSync, statSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { noCoreDumps } from './lib/limits.mjs';
import { heading, root, run, runNode } from './lib/run.mjs';

/*
 * Opens the application: in Electron where its program is there or can be had, otherwise in preview on an
 * installed Chromium, Chrome or Edge. Preview opens practice vaults only.
 */

const DAY_MS = 86_400_000;
const electronFolder = join(root, 'node_modules', 'electron');
const tried = join(root, '.build', 'electron-download-tried');

const electronProgram = () => {
  try {
    const name = readFileSync(join(electronFolder, 'path.txt'), 'utf8').trim();
    const program = join(electronFolder, 'dist', name);
    return existsSync(program) ? program : null;
  } catch {
    return null;
  }
};

/** The terminal stays with the window: whoever looks at it must know that nothing hangs. */
const tellOpen = () =>
  process.stdout.write(
    'Resguardo se abre en su ventana. Para terminar, ciérrala; esta terminal espera mientras tanto.\n' +
      'Resguardo opens in its window. To end it, close that; this terminal waits meanwhile.\n',
  );

/** Installation never downloads it; only this command, that a person gave, tries to, once a day at most. */
const fetchElectron = async () => {
  if (process.env.CI === 'true' || process.argv.includes('--preview')) return;
  if (existsSync(tried) && Date.now() - statSync(tried).mtimeMs < DAY_MS) return;
  heading('downloading Electron / descargando Electron');
  const { code } = await runNode(join(electronFolder, 'install.js'), [], { timeoutMs: 180_000, quiet: true });
  if (code !== 0) {
    mkdirSync(join(root, '.build'), { recursive: true });
    writeFileSync(tried, '');
    process.stdout.write('It could not be downloaded. / No se pudo descargar.\n');
  }
};

const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);

noCoreDumps();
await ensureInstalled();
if (!hasDisplay()) {
  process.stderr.write(
    'Aquí no hay pantalla: la aplicación no puede abrir su ventana. «npm run demo» hace el trabajo principal sin ella.\n' +
      'There is no display here, so the application cannot open its window. "npm run demo" does the main job without one.\n',
  );
  process.exit(1);
}
if (!(await buildAll())) process.exit(1);

if (electronProgram() === null) await fetchElectron();
const program = process.argv.includes('--preview') ? null : electronProgram();
if (program !== null) {
  tellOpen();
  process.exit((await run(program, [root])).code);
}
process.stdout.write(
  'Se abre en vista previa, sobre un Chromium, Chrome o Edge instalado: solo bóvedas de práctica.\n' +
    'Opening in preview, on an installed Chromium, Chrome or Edge: practice vaults only.\n' +
    'Falta el programa de Electron; con red, «node node_modules/electron/install.js» lo trae.\n' +
    'The program of Electron is missing; with a network, "node node_modules/electron/install.js" brings it.\n',
);
tellOpen();
process.exit((await runNode(join(root, 'out', 'main', 'preview.js'))).code);
