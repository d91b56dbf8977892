import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import type { Disk, DiskFile } from '../../electron/core/ports/index.ts';
import type { CallInput } from '#shared/contract/index.ts';
import { PRESETS } from '#shared/model/roster.ts';
import { Bench, PASSPHRASE } from '../integration/harness.ts';

/*
 * The computer dies before each thing that our code asks of the disk while slots change. Every such state is
 * copied as it lies there, opened, and checked.
 */

const NEWER = 'puente limonada invierno tractor nube';
const LUIS = 'ventana lluvia motor azul cuchara';

/** Real disk that calls `before` ahead of every step in the vault. */
const watched = (before: (doing: 'look' | 'change') => void): Disk => {
  const real = createNodeDisk();
  const file = (opened: DiskFile): DiskFile => ({
    read: (buffer, position) => opened.read(buffer, position),
    write: (buffer, position) => {
      before('change');
      return opened.write(buffer, position);
    },
    sync: () => {
      before('change');
      return opened.sync();
    },
    stat: () => opened.stat(),
    setTimes: (seconds) => opened.setTimes(seconds),
    close: async () => {
      // A descriptor goes back to the system whatever closing says.
      await opened.close();
      before('change');
    },
  });
  return {
    open: async (path, mode) => {
      if (mode === 'read') return real.open(path, mode);
      before('change');
      return file(await real.open(path, mode));
    },
    stat: (path) => real.stat(path),
    list: (folder) => real.list(folder),
    makeFolder: (path) => real.makeFolder(path),
    rename: (from, to) => {
      before('change');
      return real.rename(from, to);
    },
    remove: (path) => real.remove(path),
    removeFolder: (path) => real.removeFolder(path),
    syncFolder: (path) => {
      before('change');
      return real.syncFolder(path);
    },
    freeBytes: (path) => real.freeBytes(path),
    fileSystemType: (path) => real.fileSystemType(path),
    writeInPlaceSync: (path, bytes, position) => {
      before('change');
      real.writeInPlaceSync(path, bytes, position);
    },
    // Asked before every transaction: the state between two of them.
    readInPlaceSync: (path, buffer, position) => {
      before('look');
      return real.readInPlaceSync(path, buffer, position);
    },
    syncFileSync: (path) => {
      before('change');
      real.syncFileSync(path);
    },
  };
};

let bench: Bench;
let copies: string;
let taken = 0;
let watching = false;

beforeEach(async () => {
  copies = mkdtempSync(join(tmpdir(), 'resguardo-crash-'));
  taken = 0;
  watching = false;
  bench = new Bench({
    ports: {
      disk: watched(() => {
        if (!watching) return;
        mkdirSync(join(copies, String(taken)));
        cpSync(bench.vaultFolder, join(copies, String(taken), 'vault'), { recursive: true });
        taken += 1;
      }),
    },
  });
  await bench.create();
});
afterEach(async () => {
  watching = false;
  await bench.end();
  rmSync(copies, { recursive: true, force: true });
});

const watch = async (work: () => Promise<unknown>): Promise<number> => {
  watching = true;
  try {
    await work();
  } finally {
    watching = false;
  }
  mkdirSync(join(copies, String(taken)));
  cpSync(bench.vaultFolder, join(copies, String(taken), 'vault'), { recursive: true });
  return (taken += 1);
};

interface After {
  readonly opens: boolean;
  readonly code: string | null;
  readonly findings: readonly string[];
  readonly names: readonly string[];
}

/** What one state comes to with one passphrase. The copy is left as it was. */
const tryState = async (state: number, passphrase: string): Promise<After> => {
  const place = mkdtempSync(join(copies, 'try-'));
  cpSync(join(copies, String(state), 'vault'), join(place, 'vault'), { recursive: true });
  const again = new Bench({ folder: place });
  try {
    await again.unlock(passphrase);
    const status = await again.call('vault.status', {});
    const { findings } = await again.call('vault.check', {});
    const { rows } = await again.call('slots.list', {});
    return {
      opens: true,
      code: status.readOnlyBecause ?? null,
      findings: findings.map((found) => `${found.part} ${found.code} ${found.subject}`),
      names: rows.map((row) => row.name).sort(),
    };
  } catch (thrown) {
    return { opens: false, code: (thrown as { code: string }).code, findings: [], names: [] };
  } finally {
    await again.end();
  }
};

const ticket = async (input: CallInput<'slots.prepare'>): Promise<string> =>
  (await bench.call('slots.prepare', input)).ticket;
const own = { passphrase: PASSPHRASE };

describe('the computer dies while', () => {
  test('somebody changes their passphrase: exactly one of the two opens, and nothing is left over', async () => {
    const id = await ticket({ purpose: 'slots.change' });
    const states = await watch(() =>
      bench.call('slots.change', { ticket: id, own, fresh: { passphrase: NEWER } }),
    );
    expect(states).toBeGreaterThan(8);
    const openedBy = { before: 0, after: 0 };
    for (let state = 0; state < states; state += 1) {
      const [before, after] = [await tryState(state, PASSPHRASE), await tryState(state, NEWER)];
      expect([state, before.opens, after.opens]).toEqual([state, !after.opens, after.opens]);
      const good = before.opens ? before : after;
      expect([state, good]).toEqual([
        state,
        { opens: true, code: null, findings: [], names: ['Julia Bermejo Anaya'] },
      ]);
      expect((before.opens ? after : before).code).toBe('vault.wrongPassphrase');
      openedBy[before.opens ? 'before' : 'after'] += 1;
    }
    // Both sides of the one commit point were seen, the one after it more than once.
    expect(openedBy.before).toBeGreaterThan(3);
    expect(openedBy.after).toBeGreaterThan(1);
  });

  test('a person is let in: either they are in, or nothing happened', async () => {
    const id = await ticket({ purpose: 'slots.add', name: 'Luis', powers: [...PRESETS.team] });
    const states = await watch(() =>
      bench.call('slots.add', { ticket: id, own, fresh: { passphrase: LUIS } }),
    );
    const seen = new Set<boolean>();
    for (let state = 0; state < states; state += 1) {
      const luis = await tryState(state, LUIS);
      const founder = await tryState(state, PASSPHRASE);
      seen.add(luis.opens);
      const names = luis.opens ? ['Julia Bermejo Anaya', 'Luis'] : ['Julia Bermejo Anaya'];
      expect([state, founder]).toEqual([state, { opens: true, code: null, findings: [], names }]);
      if (luis.opens) expect([state, luis.findings]).toEqual([state, []]);
      else expect(luis.code).toBe('vault.wrongPassphrase');
    }
    expect(seen).toEqual(new Set([true, false]));
  });
});

describe('the disk refuses', () => {
  /** A vault on a disk whose n-th write step fails once. */
  const failingAt = async (step: number): Promise<{ code: string | null; steps: number }> => {
    let count = -1;
    let armed = false;
    const failing = new Bench({
      ports: {
        disk: watched((doing) => {
          if (!armed || doing === 'look') return;
          count += 1;
          if (count === step) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
        }),
      },
    });
    try {
      await failing.create();
      const { ticket: id } = await failing.call('slots.prepare', { purpose: 'slots.change' });
      armed = true;
      let code: string | null = null;
      try {
        await failing.call('slots.change', { ticket: id, own, fresh: { passphrase: NEWER } });
      } catch (thrown) {
        ({ code } = thrown as { code: string });
      }
      armed = false;
      // The session goes on, whichever key it has now: it can still sign. An anchor that could not be written is
      // made up for with the next write.
      await failing.call('preferences.set', { language: 'en' });
      await failing.call('slots.list', {});
      expect(
        (await failing.call('vault.check', {})).findings.filter((found) => found.part !== 'anchor'),
      ).toEqual([]);
      await failing.call('vault.lock', {});
      await failing.unlock(code === null ? NEWER : PASSPHRASE);
      expect(await failing.call('vault.status', {})).not.toHaveProperty('readOnlyBecause');
      expect((await failing.call('vault.check', {})).findings).toEqual([]);
      expect((await failing.call('slots.list', {})).rows).toHaveLength(1);
      return { code, steps: count + 1 };
    } finally {
      await failing.end();
    }
  };

  test('any one step of a change: the answer says which passphrase holds, and that one does', async () => {
    const whole = await failingAt(Number.MAX_SAFE_INTEGER);
    expect(whole.code).toBeNull();
    const codes: (string | null)[] = [];
    for (let step = 0; step < whole.steps; step += 1) codes.push((await failingAt(step)).code);
    expect(codes).toContain('disk.full');
    expect(codes.length).toBeGreaterThan(6);
  });
});
