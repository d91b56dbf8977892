import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sql } from '../../electron/core/db/index.ts';
import { acceptLoss } from '../../electron/core/features/vault/accept-loss.ts';
import { checkVault, type OpenVault } from '../../electron/core/features/vault/index.ts';
import { setMeta } from '../../electron/core/features/vault/meta.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import type { Disk, Ports } from '../../electron/core/ports/index.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { addCase, codeOf, create, unlock } from './support/vaults.ts';

/** What an insider with the key, a second program, or a crash at the wrong moment could do. */

let base: ReturnType<typeof freshFolder>;
let open: OpenVault | null = null;

beforeEach(() => {
  base = freshFolder();
});
afterEach(async () => {
  await open?.close();
  open = null;
  base.remove();
});

const findings = async (vault: OpenVault): Promise<readonly string[]> => {
  const signal = new AbortController().signal;
  const verdict = await checkVault(vault, { objects: 'presence', progress: () => undefined, signal });
  return verdict.findings.map(({ code }) => code);
};

describe('creation', () => {
  /** Ports whose passphrase derivation gives somebody else time to use the folder. */
  const whileDeriving = (meanwhile: () => void): Ports => {
    const ports = realPorts();
    const { crypto } = ports;
    const argon2id13: typeof crypto.argon2id13 = (...input) => {
      meanwhile();
      return crypto.argon2id13(...input);
    };
    return { ...ports, crypto: { ...crypto, argon2id13 } };
  };

  test.each(['vault.json', 'vault.anchor', 'notes.txt'])(
    'a %s that somebody put into the folder meanwhile is neither replaced nor removed',
    async (name) => {
      const stranger = join(base.path, 'vault', name);
      const ports = whileDeriving(() => {
        writeFileSync(stranger, 'not ours');
      });
      expect(await codeOf(() => create(ports, base.path))).not.toBeNull();
      expect(readFileSync(stranger, 'utf8')).toBe('not ours');
    },
  );

  test('a folder that was made anew with private access is made durable in the folder above', async () => {
    const folder = join(base.path, 'vault');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    const disk = createNodeDisk();
    const synced: string[] = [];
    const recording: Disk = {
      ...disk,
      syncFolder: (path) => {
        synced.push(path);
        return disk.syncFolder(path);
      },
    };
    open = await create(realPorts({ disk: recording }), base.path);
    expect(synced).toContain(dirname(folder));
  });

  test('no second copy of a drawn key stays in memory', async () => {
    const ports = realPorts();
    const drawn: Buffer[] = [];
    const random = {
      bytes: (count: number): Buffer => {
        const bytes = ports.random.bytes(count);
        if (count === 32) drawn.push(bytes);
        return bytes;
      },
    };
    open = await create({ ...ports, random }, base.path);
    // Master key and slot secret; the places of the slots are drawn 32 bytes at a time too and are no secret.
    expect(drawn.length).toBeGreaterThanOrEqual(3);
    expect(drawn.slice(0, 2).map((bytes) => bytes.every((byte) => byte === 0))).toEqual([true, true]);
    const scratch = Buffer.from(open.keys.scratch);
    await open.close();
    expect(drawn.filter((bytes) => bytes.equals(scratch))).toEqual([]);
  });
});

test('locking wipes every key, also where a step of it fails', async () => {
  const disk = createNodeDisk();
  const failing: Disk = {
    ...disk,
    syncFileSync: () => {
      throw Object.assign(new Error('pulled out'), { code: 'EIO' });
    },
  };
  const vault = await create(realPorts({ disk: failing }), base.path);
  addCase(vault, 'a', 'C-1');
  const { wrap, scratch } = vault.keys;
  const { boxSecret, signSecret } = vault.slot;
  const keys = [wrap, scratch, boxSecret, signSecret, vault.headerKey, vault.noteKey];
  const gone = (): boolean[] => keys.map((key) => key.every((byte) => byte === 0));
  expect(gone()).toEqual(keys.map(() => false));
  await vault.close();
  expect(gone()).toEqual(keys.map(() => true));
  expect(await codeOf(() => addCase(vault, 'b', 'C-2'))).toBe('call.locked');
});

test('a loss that was accepted stays accepted on this computer, also when the session then dies', async () => {
  const profileFolder = join(base.path, 'profile');
  mkdirSync(profileFolder);
  const ports = realPorts({ platform: { profileFolder } });
  const vault = await create(ports, base.path);
  cpSync(join(base.path, 'vault'), join(base.path, 'older'), { recursive: true });
  addCase(vault, 'a', 'C-1');
  await vault.close();
  rmSync(join(base.path, 'vault'), { recursive: true });
  cpSync(join(base.path, 'older'), join(base.path, 'vault'), { recursive: true });
  rmSync(join(base.path, 'older'), { recursive: true });

  open = await unlock(ports, base.path);
  expect(open.db.readOnlyBecause).toBe('vault.changesMissing');
  await acceptLoss(open);
  addCase(open, 'b', 'C-2');
  // What a killed process leaves, beside the same profile.
  const later = freshFolder();
  try {
    cpSync(join(base.path, 'vault'), join(later.path, 'vault'), { recursive: true });
    const again = await unlock(ports, later.path);
    const because = again.db.readOnlyBecause;
    await again.close();
    expect(because).toBeNull();
  } finally {
    later.remove();
  }
});

describe('old pages put back together', () => {
  test('a retired person whose row and its last note went back does not get in', async () => {
    const ports = realPorts();
    const vault = await create(ports, base.path);
    const id = vault.actor.slotId;
    vault.db.write('people.retire', (tx) => {
      tx.run(sql`UPDATE roster SET retired_at_seq = 2 WHERE id = ${id}`);
      tx.journal({ table: 'roster', id, payload: { retired: true } });
    });
    const { connection } = vault.db;
    connection.exec('DROP TRIGGER journal_row_no_delete');
    connection.run(
      sql`DELETE FROM journal_row WHERE row_table = 'roster' AND row_id = ${id} AND position = 2`,
    );
    connection.run(sql`UPDATE roster SET retired_at_seq = NULL WHERE id = ${id}`);
    await vault.close();
    expect(await codeOf(() => unlock(ports, base.path))).toBe('vault.rosterDamaged');
  });

  test.each(['incarnation', 'device'] as const)(
    'the %s of another chain: to look only, so that no entry continues the wrong chain',
    async (key) => {
      const ports = realPorts();
      const vault = await create(ports, base.path);
      addCase(vault, 'a', 'C-1');
      setMeta(vault.db.connection, key, Buffer.alloc(16, 7));
      await vault.close();
      open = await unlock(ports, base.path);
      expect(open.db.readOnlyBecause).toBe('vault.journalDamaged');
      expect(await findings(open)).toContain('vault.journalDamaged');
    },
  );
});

test('a note of a row that no signed entry answers for is named by the check', async () => {
  open = await create(realPorts(), base.path);
  addCase(open, 'a', 'C-1');
  expect(await findings(open)).toEqual([]);
  open.db.connection.run(sql`INSERT INTO journal_row (row_table, row_id, position, after, listed)
    VALUES ('consent', 'b', 2, ${Buffer.alloc(32, 1)}, 1)`);
  expect(await findings(open)).toContain('vault.journalDamaged');
});

test('reads that could not be written down are not forgotten', async () => {
  const disk = createNodeDisk();
  let broken = false;
  const failing: Disk = {
    ...disk,
    writeInPlaceSync: (path, bytes, position) => {
      if (broken) throw Object.assign(new Error('pulled out'), { code: 'EIO' });
      disk.writeInPlaceSync(path, bytes, position);
    },
  };
  open = await create(realPorts({ disk: failing }), base.path);
  const vault = open;
  vault.reads.note('cases.open', 'case_file', 'a');
  vault.reads.note('persons.get', 'person', 'b');
  broken = true;
  addCase(vault, 'a', 'C-1');
  expect(await codeOf(() => vault.reads.flush())).toBe('disk.notWritable');
  broken = false;
  vault.reads.note('persons.get', 'person', 'b');
  vault.reads.flush();
  const written = vault.db.read((db) =>
    db.all(
      sql`SELECT method, json_extract(CAST(payload AS TEXT), '$.count') AS count FROM journal
          JOIN journal_payload USING (position) WHERE CAST(payload AS TEXT) LIKE '%"count":%' ORDER BY method`,
      z.object({ method: z.string(), count: z.number() }),
    ),
  );
  expect(written).toEqual([
    { method: 'cases.open', count: 1 },
    { method: 'persons.get', count: 2 },
  ]);
});
