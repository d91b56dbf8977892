import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { filesBelow, foundIn, has, outside, readingsOf, unzip } from './outside.ts';
import type { Truth } from './truth.ts';

const MANIFESTS = ['manifest-sha256.txt', 'tagmanifest-sha256.txt'] as const;

/** The folder inside the unpacked archive that holds the lists of checksums. */
const bagFolder = (folder: string): string | null => {
  const list = filesBelow(folder).find((path) => path.endsWith('/tagmanifest-sha256.txt'));
  return list === undefined ? null : dirname(list);
};

const checkIntegrity = (truth: Truth, bag: string, publicKey: string | null): void => {
  for (const list of MANIFESTS) {
    const outcome = outside('sha256sum', ['--check', '--strict', list], bag);
    if (outcome === null) truth.missing('sha256sum', list);
    else truth.claim(`sha256sum -c ${list}`, outcome.code === 0, outcome.output);
  }
  const signature = join(bag, 'tagmanifest-sha256.txt.minisig');
  if (publicKey === null) {
    truth.claim('sin firma, como pide este perfil', !existsSync(signature));
    return;
  }
  if (!has('minisign') && outside('minisign', ['-v']) === null) {
    truth.missing('minisign', 'la firma');
    return;
  }
  const good = outside('minisign', ['-V', '-P', publicKey, '-m', 'tagmanifest-sha256.txt'], bag);
  truth.claim('minisign -V con la clave pública', good?.code === 0, good?.output);
};

const checkPdfs = (truth: Truth, paths: readonly string[]): void => {
  for (const path of paths.filter((one) => one.endsWith('.pdf'))) {
    const outcome = outside('qpdf', ['--check', path]);
    if (outcome === null) truth.missing('qpdf', relative('.', path));
    else truth.claim(`qpdf --check ${path.split('/').at(-1) ?? ''}`, outcome.code === 0, outcome.output);
  }
};

/** Searches the finished package, by all outside means at hand, for what must not be in it. */
export const checkNothingLeaks = (
  truth: Truth,
  paths: readonly string[],
  withheld: readonly string[],
  scratch: string,
): void => {
  mkdirSync(scratch, { recursive: true });
  const found = paths.flatMap((path) =>
    readingsOf(path, scratch).flatMap((reading) =>
      foundIn(reading, withheld).map(
        (value) => `«${value}» en ${path.split('/').at(-1) ?? ''} (${reading.by})`,
      ),
    ),
  );
  truth.claim(
    `ninguno de los ${withheld.length} valores que no deben salir está en los ${paths.length} archivos`,
    found.length === 0,
    found.slice(0, 12).join('; '),
  );
};

/** Shows first that the search can find: the originals do hold what is searched for. */
export const checkSearchWorks = (
  truth: Truth,
  originals: readonly { readonly path: string; readonly hides: readonly string[] }[],
  scratch: string,
): void => {
  mkdirSync(scratch, { recursive: true });
  for (const { path, hides } of originals) {
    const readings = readingsOf(path, scratch);
    const missed = hides.filter((value) => !readings.some((reading) => foundIn(reading, [value]).length > 0));
    truth.claim(
      `control: en el original ${path.split('/').at(-1) ?? ''} sí se encuentra lo que esconde`,
      missed.length === 0,
      missed.join(', '),
    );
  }
};

/** Checks one released package with programs of others. Gives its files. */
export const checkPackage = (
  truth: Truth,
  released: { readonly folder: string; readonly files: readonly string[]; readonly publicKey: string | null },
  withheld: readonly string[],
  scratch: string,
): string[] => {
  const unpacked = join(scratch, 'unpacked');
  rmSync(scratch, { recursive: true, force: true });
  const archives = released.files.filter((path) => path.endsWith('.zip'));
  for (const archive of archives) {
    truth.claim(`python3 -m zipfile abre ${archive.split('/').at(-1) ?? ''}`, unzip(archive, unpacked));
  }
  const bag = bagFolder(archives.length > 0 ? unpacked : released.folder);
  truth.claim('el paquete trae sus listas de sumas', bag !== null);
  if (bag === null) return [];
  const inside = filesBelow(bag);
  checkIntegrity(truth, bag, released.publicKey);
  checkPdfs(truth, inside);
  checkNothingLeaks(truth, [...inside, ...archives], withheld, join(scratch, 'readings'));
  return inside;
};
