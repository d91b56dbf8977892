import { describe, expect, it } from 'vitest';
import { textOf } from './source-files.ts';

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
type Packages = Readonly<Record<string, LockEntry>>;

const lock = JSON.parse(textOf('package-lock.json')) as { lockfileVersion: number; packages: Packages };
const manifest = JSON.parse(textOf('package.json')) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

/** Where Node would look for `name` from the package at `path`, nearest first. */
const places = (path: string, name: string): string[] => {
  const found = [`${path === '' ? '' : `${path}/`}node_modules/${name}`];
  let rest = path;
  while (rest !== '') {
    const cut = rest.lastIndexOf('node_modules/');
    rest = cut <= 0 ? '' : rest.slice(0, cut - 1);
    found.push(`${rest === '' ? '' : `${rest}/`}node_modules/${name}`);
  }
  return found;
};

/** A platform package left out of the lock makes `npm ci` fail on the computer that has that platform. */
const missingOptional = (packages: Packages): string[] =>
  Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !places(path, name).some((place) => place in packages))
      .map((name) => `${path} needs ${name}`),
  );

describe('package-lock.json', () => {
  it('holds every optional dependency of every entry', () => {
    expect(Object.keys(lock.packages).length).toBeGreaterThan(200);
    expect(missingOptional(lock.packages)).toEqual([]);
  });

  it('the check finds a missing one, and accepts nested and hoisted ones', () => {
    const packages = { '': {}, 'node_modules/a': { optionalDependencies: { 'a-linux': '1', 'a-win': '1' } } };
    expect(missingOptional({ ...packages, 'node_modules/a-linux': {} })).toEqual([
      'node_modules/a needs a-win',
    ]);
    expect(
      missingOptional({ ...packages, 'node_modules/a-linux': {}, 'node_modules/a/node_modules/a-win': {} }),
    ).toEqual([]);
  });

  it('names no place to download from, so that it works with any registry', () => {
    expect(Object.values(lock.packages).filter((entry) => entry.resolved !== undefined)).toEqual([]);
  });

  it('has a checksum for every package', () => {
    const without = Object.entries(lock.packages).filter(
      ([path, entry]) => path !== '' && entry.link !== true && !/^sha512-/u.test(entry.integrity ?? ''),
    );
    expect(without.map(([path]) => path)).toEqual([]);
  });

  it('package.json pins exact versions and agrees with the lock', () => {
    for (const [name, wanted] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(wanted, name).toMatch(/^(npm:[^@]+@)?\d+\.\d+\.\d+$/u);
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(wanted.replace(/^npm:[^@]+@/u, ''));
    }
  });

  it('the package runs nothing at installation, and asks npm to run nothing of others', () => {
    for (const name of [
      'preinstall',
      'install',
      'postinstall',
      'prepare',
      'prepublish',
      'preprepare',
      'postprepare',
    ]) {
      expect(manifest.scripts).not.toHaveProperty(name);
    }
    expect(textOf('.npmrc')).toMatch(/^ignore-scripts=true$/mu);
  });
});
