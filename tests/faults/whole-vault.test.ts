import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { arrangeSlots } from '../../electron/core/crypto/slots.ts';
import { encodeHeader, headerHash, parseHeader } from '../../electron/core/crypto/header.ts';
import { acceptLoss } from '../../electron/core/features/vault/accept-loss.ts';
import { checkVault, type OpenVault } from '../../electron/core/features/vault/index.ts';
import { metaNumber } from '../../electron/core/features/vault/meta.ts';
import { readHeaderFile } from '../../electron/core/features/vault/vault-files.ts';
import { writeFileAtomically } from '../../electron/core/files/atomic-write.ts';
import type { Ports } from '../../electron/core/ports/index.ts';
import { fileNamed } from './support/copies.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { SessionProcess } from './support/session-process.ts';
import { addCase, codeOf, create, unlock } from './support/vaults.ts';

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

const findings = async (vault: OpenVault): Promise<readonly unknown[]> => {
  const signal = new AbortController().signal;
  return (await checkVault(vault, { objects: 'presence', progress: () => undefined, signal })).findings;
};

describe('a whole folder that went back', () => {
  const older = (): string => join(base.path, 'older');
  const goBack = async (ports: Ports): Promise<void> => {
    const vault = await create(ports, base.path);
    addCase(vault, 'a', 'C-1');
    await vault.close();
    cpSync(join(base.path, 'vault'), older(), { recursive: true });
    const later = await unlock(ports, base.path);
    addCase(later, 'b', 'C-2');
    addCase(later, 'c', 'C-3');
    await later.close();
    rmSync(join(base.path, 'vault'), { recursive: true });
    cpSync(older(), join(base.path, 'vault'), { recursive: true });
  };

  test('is recognised on a computer that saw a newer one', async () => {
    const ports = realPorts({ platform: { profileFolder: base.path } });
    await goBack(ports);
    open = await unlock(ports, base.path);
    expect(open.db.readOnlyBecause).toBe('vault.changesMissing');
    // unlock, two cases; the copy ends with the entry before.
    expect(open.missingChanges).toBe(3);
  });

  test('is not recognised on a computer that never saw it: nothing in the folder could tell', async () => {
    const ports = realPorts();
    await goBack(ports);
    open = await unlock(ports, base.path);
    expect(open.db.readOnlyBecause).toBeNull();
  });

  test('the profile does not tell which vaults were open here', async () => {
    const ports = realPorts({ platform: { profileFolder: base.path } });
    open = await create(ports, base.path);
    await open.close();
    const [name = ''] = await ports.disk.list(join(base.path, 'anchors'));
    expect(name).toMatch(/^[0-9a-f]{32}$/u);
    expect(name).not.toBe(open.vaultId.toString('hex'));
  });
});

describe('a loss', () => {
  const lose = async (ports: Ports): Promise<void> => {
    await (await create(ports, base.path)).close();
    const session = await SessionProcess.start(base.path);
    await session.next();
    for (const id of ['x', 'y']) expect((await session.ask(`write ${id}`)).code).toBeNull();
    await session.kill();
    rmSync(fileNamed(base.path, '.db-wal'));
  };

  test('opens to look only, until a coordinator takes note of it; then a new chain begins', async () => {
    const ports = realPorts();
    await lose(ports);
    open = await unlock(ports, base.path);
    const vault = open;
    expect(vault.db.readOnlyBecause).toBe('vault.changesMissing');
    expect(vault.missingChanges).toBe(3);
    expect(await codeOf(() => addCase(vault, 'z', 'C-9'))).toBe('vault.readOnly');
    const before = vault.journal.incarnation;
    await acceptLoss(vault);
    expect(vault.db.readOnlyBecause).toBeNull();
    expect(vault.journal.incarnation.equals(before)).toBe(false);
    expect(vault.journal.head.seq).toBe(1);
    addCase(vault, 'z', 'C-9');
    expect(await findings(vault)).toEqual([]);
    await vault.close();

    open = await unlock(ports, base.path);
    expect(open.db.readOnlyBecause).toBeNull();
    expect(open.journal.head.seq).toBe(3);
    expect(await findings(open)).toEqual([]);
    const opened = open;
    expect(await codeOf(() => acceptLoss(opened))).toBe('vault.readOnly');
  });

  test('stays named however often the vault is only looked at', async () => {
    const ports = realPorts();
    await lose(ports);
    for (let n = 0; n < 3; n += 1) {
      const vault = await unlock(ports, base.path);
      expect(vault.db.readOnlyBecause).toBe('vault.changesMissing');
      await vault.close();
    }
  });
});

describe('header and database', () => {
  /** Writes a header that is ours in every byte, with another number. */
  const rewrite = async (vault: OpenVault, step: number, forgetPrevious = false): Promise<void> => {
    const { crypto, disk, random } = vault.ports;
    const current = parseHeader(await readHeaderFile(disk, vault.folder)).verify(crypto, vault.headerKey);
    const next = encodeHeader(
      crypto,
      {
        ...current.body,
        seq: current.body.seq + step,
        prev: forgetPrevious ? Buffer.alloc(32, 1) : headerHash(crypto, current.bodyBytes),
        slots: arrangeSlots(random, current.body.slots.slice(0, 16)),
      },
      vault.headerKey,
    );
    await writeFileAtomically(vault.ports, join(vault.folder, 'vault.json'), next.file);
  };

  test('a header change that was cut off before the database heard of it is finished', async () => {
    const ports = realPorts();
    open = await create(ports, base.path);
    await rewrite(open, 1);
    await open.close();
    open = await unlock(ports, base.path);
    expect(open.db.readOnlyBecause).toBeNull();
    expect(metaNumber(open.db.connection, 'header_seq')).toBe(2);
    expect(await findings(open)).toEqual([]);
  });

  test.each([
    ['two steps ahead', 2, false],
    ['the right number after another header', 1, true],
    ['the same number with other bytes', 0, false],
  ])('a header that is %s belongs to another database: to look only', async (_name, step, forget) => {
    const ports = realPorts();
    open = await create(ports, base.path);
    await rewrite(open, step, forget);
    await open.close();
    open = await unlock(ports, base.path);
    expect(open.db.readOnlyBecause).toBe('vault.headerMismatch');
    const opened = open;
    expect(await codeOf(() => acceptLoss(opened))).toBe('vault.readOnly');
  });

  test('the header of another vault', async () => {
    const ports = realPorts();
    const other = freshFolder();
    try {
      await (await create(ports, base.path)).close();
      await (await create(ports, other.path)).close();
      cpSync(join(other.path, 'vault', 'vault.json'), join(base.path, 'vault', 'vault.json'));
      expect(await codeOf(() => unlock(ports, base.path))).toBe('vault.databaseMissing');
    } finally {
      other.remove();
    }
  });
});

describe('one derivation for each attempt', () => {
  const counting = (): { ports: Ports; count: () => number } => {
    const ports = realPorts();
    let count = 0;
    const crypto = Object.create(ports.crypto) as Ports['crypto'];
    crypto.argon2id13 = (...args) => {
      count += 1;
      return ports.crypto.argon2id13(...args);
    };
    return { ports: { ...ports, crypto }, count: () => count };
  };

  test('right or wrong, one', async () => {
    await (await create(realPorts(), base.path)).close();
    const right = counting();
    await (await unlock(right.ports, base.path)).close();
    const wrong = counting();
    expect(await codeOf(() => unlock(wrong.ports, base.path, 'otra frase muy distinta'))).toBe(
      'vault.wrongPassphrase',
    );
    expect([right.count(), wrong.count()]).toEqual([1, 1]);
  });

  test('none for a real vault in preview, before anything of the passphrase is touched', async () => {
    const real = realPorts({ platform: { practiceOnly: false, host: 'application' } });
    await (await create(real, base.path, 'real')).close();
    const preview = counting();
    expect(await codeOf(() => unlock(preview.ports, base.path))).toBe('vault.practiceOnly');
    expect(preview.count()).toBe(0);
    open = await unlock(real, base.path);
    expect(open.use).toBe('real');
  });
});
