import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { loadCrypto } from '../../electron/core/crypto/load-crypto.ts';
import {
  createSeriesKey,
  publicKeyFile,
  publicKeyLine,
} from '../../electron/core/features/filings/package/index.ts';
import { collect, samplePackage } from '../interop/sample-package.ts';
import { seededRandom } from '../interop/seeded-random.ts';
import { BuiltCommand } from '../support/built-command.ts';
import { unzip } from './export-case.ts';

/* What the built command tells of a signed package to whoever received it. */

vi.setConfig({ testTimeout: 120_000 });

/** An age key of nobody: what its owner would need is kept nowhere. */
const AGE_KEY = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';

let command: BuiltCommand;
let archive = '';
let key = '';
let stranger = '';

beforeAll(async () => {
  command = await BuiltCommand.make('verify-command', 'es_MX.UTF-8');
  const crypto = await loadCrypto();
  const signed = await samplePackage(crypto, seededRandom('signed'));
  if (signed.key === null) throw new Error('unsigned');
  key = publicKeyLine(crypto, signed.key.publicKey);
  stranger = publicKeyLine(crypto, createSeriesKey(crypto, seededRandom('stranger')).publicKey);
  archive = join(command.folder, 'paquete.zip');
  writeFileSync(archive, await collect(signed.bag.zip()));
  writeFileSync(join(command.folder, 'serie.pub'), publicKeyFile(crypto, signed.key.publicKey));
}, 120_000);
afterAll(() => {
  command.end();
});

it('takes the key as it is typed, and as the file that minisign writes', async () => {
  for (const given of [key, 'serie.pub']) {
    const ran = await command.run(['verify', archive, '--key', given]);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toContain('La firma corresponde a la llave dada');
  }
});

it.each(['no-hay.pub', AGE_KEY, 'paquete.zip', '.'])(
  'says of %s that it is no key of minisign',
  async (bad) => {
    const ran = await command.run(['verify', archive, '--key', bad]);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain('minisign');
    expect(ran.stderr).not.toContain('destinatari');
  },
);

it('says whose the signature is where files were changed after it, and what became of each', async () => {
  const into = join(command.folder, 'abierto');
  unzip(archive, into);
  const opened = join(into, readdirSync(into)[0] ?? '');
  appendFileSync(join(opened, 'data/filing.txt'), 'x');
  const ran = await command.run(['verify', opened, '--key', key]);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toMatch(/^NO está íntegro/u);
  expect(ran.stdout).toContain('La firma SÍ es de la llave dada');
  expect(ran.stdout).toMatch(/^ {2}data\/filing\.txt: cambió después de hecho el paquete/mu);
  expect(ran.stdout).not.toMatch(/altered|oxum/u);
  const told = await command.run(['verify', opened, '--key', key, '--json']);
  expect(JSON.parse(told.stdout)).toMatchObject({ intact: false, authentic: false, signature: 'valid' });
  const english = await command.run(['verify', opened, '--key', key, '--language', 'en']);
  expect(english.stdout).toContain('The signature IS of the given key');
});

it('says of another key that the signature is not of it', async () => {
  const ran = await command.run(['verify', archive, '--key', stranger]);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toMatch(/^Íntegro/u);
  expect(ran.stdout).toContain('La firma NO es de la llave dada');
  expect(ran.stdout).not.toContain('signatureOtherKey');
});
