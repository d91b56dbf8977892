import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkVault } from '../../electron/core/features/vault/index.ts';
import type { OpenVault } from '../../electron/core/features/vault/index.ts';
import { freshFolder, PASSPHRASE, realPorts } from '../faults/support/ports.ts';
import { addCase, codeOf, create, unlock } from '../faults/support/vaults.ts';

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

const check = (vault: OpenVault) =>
  checkVault(vault, { objects: 'content', progress: () => undefined, signal: new AbortController().signal });

describe('a vault from creation to lock', () => {
  test('keeps what was written, and its check finds nothing', async () => {
    const ports = realPorts();
    open = await create(ports, base.path);
    addCase(open, 'a', 'C-1');
    addCase(open, 'b', 'C-2');
    await open.close();

    open = await unlock(ports, base.path);
    expect(open.db.readOnlyBecause).toBeNull();
    expect(open.journal.head.seq).toBe(4); // create, two cases, unlock
    const verdict = await check(open);
    expect(verdict.findings).toEqual([]);
    expect(verdict.ok).toBe(true);
    expect(verdict.checked.rows).toBe(3);
    expect(verdict.checked.pages).toBeGreaterThan(10);
  });

  test('all files are for this user alone', async () => {
    open = await create(realPorts(), base.path);
    const folder = join(base.path, 'vault');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) {
      expect([name, statSync(join(folder, name)).mode & 0o077]).toEqual([name, 0]);
    }
  });

  test('refuses a wrong passphrase, a full folder, a real vault in preview', async () => {
    const ports = realPorts();
    open = await create(ports, base.path);
    await open.close();
    open = null;
    expect(await codeOf(() => unlock(ports, base.path, `${PASSPHRASE}.`))).toBe('vault.wrongPassphrase');
    expect(await codeOf(() => create(ports, base.path))).toBe('vault.exists');
    const other = freshFolder();
    try {
      expect(await codeOf(() => create(ports, other.path, 'real'))).toBe('vault.practiceOnly');
      expect(readdirSync(other.path)).toEqual([]);
    } finally {
      other.remove();
    }
  });
});
