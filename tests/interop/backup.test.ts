import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { parseCatalogue } from '../../electron/core/crypto/backup-catalogue.ts';
import { deriveSnapshotKey, deriveVaultKeys } from '../../electron/core/crypto/key-hierarchy.ts';
import { createSodiumCrypto } from '../../electron/core/crypto/sodium-crypto.ts';
import { BackupBench } from '../faults/support/backups.ts';
import { PASSPHRASE } from '../faults/support/ports.ts';
import { describeWith, scratch, tryRun } from './outside-command.ts';
import { sequence } from '../../electron/core/crypto/test-support/sequence.ts';

const SCRIPT = join(import.meta.dirname, 'rsg_formats.py');
const PYTHON =
  ['python3', '/usr/bin/python3'].find((name) => tryRun(name, ['-c', 'import nacl.bindings']).code === 0) ??
  'python3-nacl';
const crypto = createSodiumCrypto();
const folder = scratch();
afterAll(() => folder.dispose());

const python = (command: string, order: unknown): unknown =>
  JSON.parse(execFileSync(PYTHON, [SCRIPT, command], { input: JSON.stringify(order), encoding: 'utf8' }));

const openedSchema = z.object({
  vault: z.string(),
  hash: z.string(),
  snapshots: z.array(z.object({ id: z.string(), file: z.string(), key: z.string(), sha256: z.string() })),
});
const headerSchema = z.object({ master: z.string() });

describeWith([PYTHON], 'backups against a second implementation in Python', () => {
  test('a list that Python wrote is read, one key in another order, and not under another key', () => {
    const path = join(folder.path, 'catalogue.json');
    const body = {
      snapshots: [],
      header: '3.json',
      generation: 1,
      time: 5,
      prev: sequence(0x10, 32).toString('hex'),
      n: 2,
      target: sequence(0x70, 16).toString('hex'),
      vault: sequence(0x40, 16).toString('hex'),
    };
    const made = python('make-catalogue', { path, body, master: sequence(0x80, 32).toString('hex') });
    const keys = deriveVaultKeys(crypto, sequence(0x80, 32));
    const read = parseCatalogue(readFileSync(path)).verify(crypto, keys.backup);
    expect(read.body.n).toBe(2);
    expect({ hash: read.hash.toString('hex') }).toEqual(made);
    const other = deriveVaultKeys(crypto, sequence(0x81, 32));
    expect(() => parseCatalogue(readFileSync(path)).verify(crypto, other.backup)).toThrow(
      'backup.catalogueDamaged',
    );
  });

  test('a backup that we made is opened by Python with the passphrase alone', async () => {
    const bench = new BackupBench();
    try {
      await bench.create();
      await bench.openCase('P-1');
      await bench.run();
      const [headerName = ''] = readdirSync(join(bench.usb, 'headers'));
      const opened = headerSchema.parse(
        python('open-header', {
          file: readFileSync(join(bench.usb, 'headers', headerName), 'utf8'),
          passphrase: PASSPHRASE,
          factor: '00',
        }),
      );
      const list = openedSchema.parse(
        python('open-catalogue', { path: join(bench.usb, 'catalogue.json'), master: opened.master }),
      );
      expect(list.snapshots).toHaveLength(1);
      const [snapshot] = list.snapshots;
      const keys = deriveVaultKeys(crypto, Buffer.from(opened.master, 'hex'));
      expect(snapshot?.key).toBe(
        deriveSnapshotKey(crypto, keys.backup, Buffer.from(snapshot?.id ?? '', 'hex')).toString('hex'),
      );
      const path = join(bench.usb, 'snapshots', snapshot?.file ?? '');
      // The first page of the database is authentic under that key, and under the vault's own it is not.
      expect(python('open-snapshot', { path, key: snapshot?.key })).toMatchObject({ fits: true });
      expect(python('open-snapshot', { path, key: keys.database.toString('hex') })).toMatchObject({
        fits: false,
      });
    } finally {
      await bench.end();
    }
  });
});
