import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { targetIdSchema, type TargetId } from '#shared/model/ids.ts';
import { parseHeader } from '../../electron/core/crypto/header.ts';
import { deriveSnapshotKey, deriveVaultKeys } from '../../electron/core/crypto/key-hierarchy.ts';
import { unwrapObjectKey } from '../../electron/core/crypto/object-format.ts';
import { sql } from '../../electron/core/db/index.ts';
import { openDatabase } from '../../electron/core/db/open.ts';
import { Bench, PASSPHRASE } from '../integration/harness.ts';
import { addPerson, becomes, passphraseOf, takeOut } from '../integration/people.ts';
import { codeOf } from './support/vaults.ts';
import { masterOf } from './support/slots.ts';
import { freshFolder } from './support/ports.ts';

const LUIS = passphraseOf('Luis Cano');

let bench: Bench;
beforeEach(async () => {
  bench = await new Bench().create();
});
afterEach(async () => {
  await bench.end();
});

const paste = async (text: string): Promise<string> => {
  const taken = await bench.call('evidence.takePasted', { name: `${text}.txt`, bytes: Buffer.from(text) });
  return taken.id;
};

const folderTarget = (path: string): TargetId => {
  const id = targetIdSchema.parse(bench.ports.random.bytes(16).toString('hex'));
  bench.core.grant({ id, kind: 'folder', path, name: 'usb', sizeBytes: 0 });
  return id;
};

const keyRows = z.object({
  object_id: z.instanceof(Uint8Array),
  generation: z.number(),
  nonce: z.instanceof(Uint8Array),
  wrapped: z.instanceof(Uint8Array),
});

/**
 * Luis prepared his leaving: a copy of the whole folder, the header of that day, his passphrase, and everything that
 * the database held, keys included. After he is out, he gets whatever the organisation has then.
 */
test(
  'what a leaver kept opens nothing that came after, and goes on opening what he copied',
  { timeout: 120_000 },
  async () => {
    const luis = await addPerson(bench, 'Luis Cano', 'team');
    const { ticket: wordsTicket } = await bench.call('slots.prepare', {
      purpose: 'slots.addWords',
      name: 'Sobre de la oficina',
      language: 'es',
    });
    const drawn = await bench.call('slots.draw', { ticket: wordsTicket, own: { passphrase: PASSPHRASE } });
    const wordAt = (place: { page: number; word: number }): string =>
      drawn.pages.find((page) => page.page === place.page)?.words[place.word - 1] ?? '';
    await bench.call('slots.confirm', {
      ticket: wordsTicket,
      asked: drawn.ask.map(wordAt),
      retyped:
        (drawn.pages.find((page) => page.page === drawn.retype) ?? drawn.pages[0])?.words.join(' ') ?? '',
    });
    await paste('de antes');
    await becomes(bench, LUIS);
    await bench.call('vault.lock', {});

    const kept = freshFolder();
    cpSync(bench.vaultFolder, join(kept.path, 'vault'), { recursive: true });
    const { ports } = bench;
    const oldHeader = readFileSync(join(kept.path, 'vault', 'vault.json'));
    const his = await masterOf(ports, oldHeader, { kind: 'passphrase', passphrase: LUIS });
    const hisKeys = deriveVaultKeys(ports.crypto, his.masterKey);

    await bench.unlock();
    await takeOut(bench, [luis]);
    const added = await paste('de despues');
    const backup = join(bench.folder, 'usb');
    mkdirSync(backup);
    await bench.call('backup.run', { target: bench.outTarget('targetFolder', backup) });
    await bench.call('vault.lock', {});

    // The header, with his passphrase and with his slot secret.
    const newHeader = readFileSync(join(bench.vaultFolder, 'vault.json'));
    expect(await codeOf(() => masterOf(ports, newHeader, { kind: 'passphrase', passphrase: LUIS }))).toBe(
      'vault.wrongPassphrase',
    );
    expect(await codeOf(() => parseHeader(newHeader).verify(ports.crypto, hisKeys.header))).toBe(
      'vault.headerDamaged',
    );
    const old = parseHeader(oldHeader);
    const shared = parseHeader(newHeader).slots.filter((slot) =>
      old.slots.some((other) => other.subarray(88).equals(slot.subarray(88))),
    );
    expect(shared).toEqual([]);
    // The old header in the place of the new one.
    const swapped = freshFolder();
    cpSync(bench.vaultFolder, join(swapped.path, 'vault'), { recursive: true });
    writeFileSync(join(swapped.path, 'vault', 'vault.json'), oldHeader);
    const tricked = new Bench({ folder: swapped.path });
    expect(await codeOf(() => tricked.unlock(LUIS))).toBe('vault.databaseMissing');
    await tricked.end();
    // The database with his key.
    const database = readdirSync(bench.vaultFolder).find((name) => name.endsWith('.db')) ?? '';
    expect(await codeOf(() => openDatabase(join(bench.vaultFolder, database), hisKeys.database))).toBe(
      'vault.databaseDamaged',
    );
    // Even the contents of the new database, should somebody hand them to him, hold no object key that his opens.
    await bench.unlock();
    const master = await masterOf(ports, newHeader, { kind: 'passphrase', passphrase: PASSPHRASE });
    const newKeys = deriveVaultKeys(ports.crypto, master.masterKey);
    await bench.call('vault.lock', {});
    const dump = openDatabase(join(bench.vaultFolder, database), newKeys.database);
    const rows = dump.all(sql`SELECT object_id, generation, nonce, wrapped FROM object_key`, keyRows);
    dump.close();
    expect(rows.length).toBe(2);
    for (const row of rows) {
      const ids = { vaultId: old.id, objectId: Buffer.from(row.object_id) };
      const sealed = {
        generation: row.generation,
        nonce: Buffer.from(row.nonce),
        sealed: Buffer.from(row.wrapped),
      };
      expect(await codeOf(() => unwrapObjectKey(ports.crypto, hisKeys.wrap, ids, sealed))).toBe(
        'evidence.objectDamaged',
      );
      // Positive control: the same row opens with the key of now.
      expect(unwrapObjectKey(ports.crypto, newKeys.wrap, ids, sealed).length).toBe(32);
    }
    // The new backup: neither his passphrase nor his backup key.
    const inspect = (secret: unknown) =>
      bench.core.dispatch({
        method: 'backup.inspect',
        input: { source: folderTarget(backup), secret },
        surface: 'unlock',
      });
    const refused = await inspect({ kind: 'passphrase', passphrase: LUIS });
    expect(refused.ok ? 'opens' : refused.error.code).toBe('vault.wrongPassphrase');
    const allowed = await inspect({ kind: 'passphrase', passphrase: PASSPHRASE });
    expect(allowed.ok ? 'opens' : allowed.error.code).toBe('opens');
    for (const name of readdirSync(join(backup, 'snapshots'))) {
      const id = Buffer.from(name.slice(0, 32), 'hex');
      const key = deriveSnapshotKey(ports.crypto, hisKeys.backup, id);
      expect(await codeOf(() => openDatabase(join(backup, 'snapshots', name), key))).not.toBeNull();
      const good = deriveSnapshotKey(ports.crypto, newKeys.backup, id);
      const opened = openDatabase(join(backup, 'snapshots', name), good);
      expect(opened.isOpen).toBe(true);
      opened.close();
    }

    // Words made before still open, with what came after.
    const words = drawn.pages[0]?.words.join(' ') ?? '';
    const withWords = await bench.core.dispatch({
      method: 'vault.unlock',
      input: { folder: bench.vaultTarget('open'), words },
      surface: 'unlock',
    });
    expect(withWords.ok ? 'opens' : withWords.error.code).toBe('opens');
    expect((await bench.call('evidence.verify', { id: added })).ok).toBe(true);
    expect((await bench.call('vault.check', {})).findings).toEqual([]);
    await bench.call('vault.lock', {});

    // His own copy still opens with his passphrase: nobody may promise more than that.
    const copy = new Bench({ folder: kept.path });
    await copy.unlock(LUIS);
    expect((await copy.call('evidence.list', {})).total).toBe(1);
    await copy.end();
    swapped.remove();
    kept.remove();
  },
);
