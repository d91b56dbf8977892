import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decrypter } from 'age-encryption';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCrypto } from '../../electron/core/crypto/load-crypto.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import { Bench } from './harness.ts';
import { codeOf } from './stix-sample.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let bench: Bench;
beforeAll(async () => {
  bench = await new Bench().create();
});
afterAll(async () => {
  await bench.end();
});

test.each([
  ['instalador.apk', Buffer.from('PK contenido cualquiera')],
  ['notas sueltas', Buffer.from('#!/bin/sh\nrm -rf ~\n')],
  ['foto.jpg', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(3_000_000, 7)])],
  ['informe.docm', Buffer.alloc(0)],
])('a program (%s) leaves inside an age file, in clear only where somebody says so', async (name, bytes) => {
  const from = join(bench.folder, name);
  writeFileSync(from, bytes);
  const { id } = await bench.call('evidence.take', { source: bench.fileTarget(from) });
  const out = join(bench.folder, `out-${name}`);
  mkdirSync(out);
  const target = bench.outTarget('targetFolder', out);
  const saved = await bench.call('evidence.save', { id, target });
  expect(saved).toMatchObject({ form: 'age', program: true, name: `${name}.age`, sha256: sha256(bytes) });
  expect(readdirSync(out)).toEqual([`${name}.age`]);
  const sealed = readFileSync(join(out, `${name}.age`));
  expect(sealed.subarray(0, 21).toString('latin1')).toBe('age-encryption.org/v1');
  if (bytes.length > 0) expect(sealed.includes(bytes.subarray(0, 64))).toBe(false);
  const opener = new Decrypter();
  opener.addPassphrase(saved.passphrase ?? '');
  expect(Buffer.from(await opener.decrypt(sealed)).equals(bytes)).toBe(true);
  // A name of ours that is taken is not written over, as nobody was asked about it.
  const chosen = join(out, name);
  expect(
    await codeOf(bench.call('evidence.save', { id, target: bench.outTarget('targetFile', chosen) })),
  ).toBe('disk.targetExists');
  const plain = await bench.call('evidence.save', { id, target, plain: true });
  expect(plain).toMatchObject({ form: 'plain', program: true, name, passphrase: null });
  expect(readFileSync(chosen).equals(bytes)).toBe(true);
  // Custody tells the one from the other; the passphrase is nowhere.
  const { custody, mime } = await bench.call('evidence.get', { id });
  expect(custody.map(({ action, detail }) => [action, detail])).toEqual([
    ['received', ''],
    ['copied', 'age'],
    ['copied', mime],
  ]);
  expect(JSON.stringify(await bench.call('evidence.get', { id }))).not.toContain(String(saved.passphrase));
});

test('where the disk gives out half way, no piece of what was to be sealed is left in memory', async () => {
  const real = await loadCrypto();
  const disk = createNodeDisk();
  const pieces: Uint8Array[] = [];
  const failing = new Bench({
    ports: {
      crypto: {
        ...real,
        sha256Stream: () => {
          const stream = real.sha256Stream();
          return {
            update: (piece) => {
              pieces.push(piece);
              stream.update(piece);
            },
            digest: () => stream.digest(),
          };
        },
      },
      disk: {
        ...disk,
        open: async (path, mode) => {
          const file = await disk.open(path, mode);
          if (!path.includes('/lleno/')) return file;
          const write = file.write.bind(file);
          return Object.assign(file, {
            write: (bytes: Buffer, position: number) =>
              position > 0
                ? Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }))
                : write(bytes, position),
          });
        },
      },
    },
  });
  try {
    await failing.create();
    const from = join(failing.folder, 'programa.exe');
    writeFileSync(from, Buffer.alloc(9_000_000, 7));
    const { id } = await failing.call('evidence.take', { source: failing.fileTarget(from) });
    const out = join(failing.folder, 'lleno');
    mkdirSync(out);
    pieces.length = 0;
    const target = failing.outTarget('targetFolder', out);
    expect(await codeOf(failing.call('evidence.save', { id, target }))).toBe('disk.full');
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.filter((piece) => piece.some((byte) => byte !== 0))).toHaveLength(0);
    expect(readdirSync(out)).toEqual([]);
  } finally {
    await failing.end();
  }
});
