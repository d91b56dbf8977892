import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PRESETS } from '#shared/model/roster.ts';
import { sql } from '../../electron/core/db/index.ts';
import { openDatabase } from '../../electron/core/db/open.ts';
import { deriveVaultKeys } from '../../electron/core/crypto/key-hierarchy.ts';
import {
  reviewRotation,
  ROTATION_ORDER,
  rotateVault,
  type RotationStage,
} from '../../electron/core/features/rotation/index.ts';
import { checkVault, type OpenVault } from '../../electron/core/features/vault/index.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import type { Disk, Ports } from '../../electron/core/ports/index.ts';
import { dyingDisk } from './support/dying-disk.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { addSlot, masterOf } from './support/slots.ts';
import { addCase, codeOf, create, unlock } from './support/vaults.ts';

const LUIS = 'siete cuervos sobre el trigo';
const WORDS = Buffer.alloc(32, 7);

let base: ReturnType<typeof freshFolder>;

beforeEach(() => {
  base = freshFolder();
});
afterEach(() => {
  base.remove();
});

const watch = { signal: new AbortController().signal, progress: () => undefined };

/** Takes Luis out, as a coordinator who confirmed the list. */
const removeLuis = async (
  vault: OpenVault,
  luis: string,
  steps: readonly RotationStage[] = ROTATION_ORDER,
): Promise<void> => {
  const { digest } = await reviewRotation(vault);
  await rotateVault(vault, { remove: [luis], immediate: false, reason: '', confirmed: digest }, watch, steps);
};

/** A vault of Ana and Luis with recovery words and two cases; closed. */
const makeVault = async (ports: Ports, at: string): Promise<{ luis: string; head: number }> => {
  const vault = await create(ports, at);
  addCase(vault, 'a', 'C-1');
  const luis = await addSlot(vault, 'Luis', { kind: 'passphrase', passphrase: LUIS });
  await addSlot(vault, 'Palabras', { kind: 'words', secret: WORDS }, PRESETS.coordination);
  addCase(vault, 'b', 'C-2');
  const head = vault.journal.head.position;
  await vault.close();
  return { luis, head };
};

const findings = async (vault: OpenVault): Promise<readonly unknown[]> =>
  (await checkVault(vault, { objects: 'presence', ...watch })).findings;

const caseIds = (vault: OpenVault): string[] =>
  vault.db
    .read((db) => db.all(sql`SELECT id FROM case_file ORDER BY id`, z.object({ id: z.string() })))
    .map((row) => row.id);

const databases = (at: string): string[] =>
  readdirSync(join(at, 'vault')).filter((name) => /^vault-.*\.db/u.test(name) && !name.endsWith('-wal'));

/** What a folder comes to when it is opened after a death: which generation, and whether all is well. */
const afterDeath = async (at: string): Promise<Record<string, unknown>> => {
  const ports = realPorts();
  const vault = await unlock(ports, at);
  try {
    const head = vault.db.read((db) =>
      db.all(sql`SELECT method FROM journal ORDER BY position`, z.object({ method: z.string() })),
    );
    return {
      generation: vault.generation,
      readOnly: vault.db.readOnlyBecause,
      cases: caseIds(vault),
      findings: await findings(vault),
      files: databases(at).length,
      rotations: head.filter((entry) => entry.method === 'rotation.run').length,
      luis: await codeOf(() =>
        masterOf(ports, readFileSync(join(at, 'vault', 'vault.json')), {
          kind: 'passphrase',
          passphrase: LUIS,
        }),
      ),
    };
  } finally {
    await vault.close();
  }
};

const OLD = {
  generation: 1,
  readOnly: null,
  cases: ['a', 'b'],
  findings: [],
  files: 1,
  rotations: 0,
  luis: null,
};
const NEW = { ...OLD, generation: 2, rotations: 1, luis: 'vault.wrongPassphrase' };

interface Death {
  readonly name: string;
  readonly killed: Record<string, unknown>;
  readonly unpowered: Record<string, unknown>;
}

/** Rotates a copy of the vault on a disk that dies at its call number `at`; null where it lives to the end. */
const dieAt = async (
  at: number,
  luis: string,
  steps: readonly RotationStage[] = ROTATION_ORDER,
): Promise<Death | null> => {
  const run = freshFolder();
  try {
    const live = join(run.path, 'live');
    const images = { killed: join(run.path, 'killed'), unpowered: join(run.path, 'unpowered') };
    cpSync(base.path, live, { recursive: true });
    const dying = dyingDisk(at, live, images);
    const vault = await unlock(realPorts({ disk: dying.disk }), live);
    dying.arm();
    await removeLuis(vault, luis, steps).catch(() => undefined);
    await vault.close();
    const name = dying.names[at];
    if (name === undefined || !existsSync(images.killed)) return null;
    return { name, killed: await afterDeath(images.killed), unpowered: await afterDeath(images.unpowered) };
  } finally {
    run.remove();
  }
};

describe('death at every call of ours to the disk', () => {
  test(
    'leaves exactly the vault before or the vault after, whole, without a file of the other key',
    { timeout: 600_000 },
    async () => {
      const { luis } = await makeVault(realPorts(), base.path);
      const deaths: Death[] = [];
      for (let at = 0; ; at += 1) {
        const death = await dieAt(at, luis);
        if (death === null) break;
        deaths.push(death);
      }
      expect(deaths.map((death) => death.name).filter((name) => name.endsWith('vault.json'))).toEqual([
        'open read vault.json',
        'rename to vault.json',
      ]);
      expect(deaths.length).toBeGreaterThan(15);
      const commit = deaths.findIndex((death) => death.name === 'rename to vault.json') + 1;
      deaths.forEach((death, index) => {
        expect([death.name, death.killed]).toEqual([death.name, index < commit ? OLD : NEW]);
        // Until the folder is synced either header may be there.
        expect([OLD, NEW]).toContainEqual(death.unpowered);
        if (index < commit) expect([death.name, death.unpowered]).toEqual([death.name, OLD]);
        if (index > commit) expect([death.name, death.unpowered]).toEqual([death.name, NEW]);
      });
    },
  );

  test(
    'with the header replaced before the copy is durable, a power cut destroys the vault: the test can fail',
    { timeout: 300_000 },
    async () => {
      const { luis } = await makeVault(realPorts(), base.path);
      const wrong: RotationStage[] = [
        'room',
        'copy',
        'rewrap',
        'record',
        'verify',
        'header',
        'settle',
        'move',
        'clear',
      ];
      const outcomes: string[] = [];
      // Nothing before the header differs from the right order.
      for (let at = 8; ; at += 1) {
        const code = await codeOf(async () => {
          if ((await dieAt(at, luis, wrong)) === null) throw Object.assign(new Error(), { code: 'end' });
        });
        if (code === 'end') break;
        outcomes.push(code ?? 'opens');
        if (code === 'vault.databaseDamaged') break;
      }
      expect(outcomes).toContain('vault.databaseDamaged');
    },
  );

  test('with the header replaced before the copy is read back, a damaged copy takes the place of the vault', async () => {
    const { luis } = await makeVault(realPorts(), base.path);
    /** `share`: how far into the file the byte lies that is spoiled. */
    const damaging = (stage: RotationStage, order: readonly RotationStage[], share: number) => async () => {
      const run = freshFolder();
      try {
        const live = join(run.path, 'live');
        cpSync(base.path, live, { recursive: true });
        const vault = await unlock(realPorts(), live);
        const before = new Set(databases(live));
        const { digest } = await reviewRotation(vault);
        const spoil = (): void => {
          const copy = databases(live).find((name) => !before.has(name));
          if (copy === undefined) return;
          const path = join(live, 'vault', copy);
          const bytes = readFileSync(path);
          const place = 4096 * Math.floor((bytes.length / 4096) * share) + 200;
          bytes[place] = (bytes[place] ?? 0) ^ 1;
          writeFileSync(path, bytes);
        };
        const code = await codeOf(() =>
          rotateVault(
            vault,
            { remove: [luis], immediate: false, reason: '', confirmed: digest },
            {
              signal: watch.signal,
              progress: (now) => {
                if (now === stage) spoil();
              },
            },
            order,
          ),
        );
        await vault.close();
        const again = await unlock(realPorts(), live);
        const found = await findings(again);
        const generation = again.generation;
        await again.close();
        if (code !== 'vault.copyDamaged' || generation !== 1 || found.length > 0) {
          throw Object.assign(new Error(), {
            code: `generation ${generation}, ${found.length > 0 ? 'damaged' : 'whole'}`,
          });
        }
      } finally {
        run.remove();
      }
    };
    // Well behind the first pages, which opening reads anyway. Some of these the rotation itself reads on its way, and
    // which ones depends on how the tables lie.
    const shares = [0.35, 0.5, 0.6, 0.7, 0.8, 0.9];
    // As it is: the copy is refused wherever it is damaged, and the vault goes on as it was.
    for (const share of shares) expect(await codeOf(damaging('verify', ROTATION_ORDER, share))).toBeNull();
    // The wrong way round it is noticed too late.
    const wrong: RotationStage[] = [
      'room',
      'copy',
      'rewrap',
      'record',
      'settle',
      'header',
      'verify',
      'move',
      'clear',
    ];
    const late: (string | null)[] = [];
    for (const share of shares) late.push(await codeOf(damaging('settle', wrong, share)));
    // Where the rotation reads the page itself it stops in time all the same; nowhere else.
    const unharmed = late.filter((code) => code === 'generation 1, whole');
    const taken = late.filter((code) =>
      ['generation 2, damaged', 'vault.alreadyOpen', 'vault.databaseDamaged'].includes(code ?? ''),
    );
    expect(unharmed.length + taken.length, late.join(' ')).toBe(shares.length);
    expect(taken.length, late.join(' ')).toBeGreaterThan(0);
  });
});

describe('a disk that fails at the header and does not tell what it has', () => {
  for (const replaced of [true, false]) {
    test(`neither database goes, nothing is written, the next opening decides (replaced: ${String(replaced)})`, async () => {
      const { luis } = await makeVault(realPorts(), base.path);
      const real = createNodeDisk();
      const header = join(base.path, 'vault', 'vault.json');
      let armed = false;
      let broken = false;
      const failing: Disk = {
        ...real,
        rename: async (from, to) => {
          if (!armed || to !== header) return real.rename(from, to);
          if (replaced) await real.rename(from, to);
          broken = true;
          throw Object.assign(new Error('EIO'), { code: 'EIO' });
        },
        open: (path, mode) =>
          broken && path === header
            ? Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))
            : real.open(path, mode),
      };
      const vault = await unlock(realPorts({ disk: failing }), base.path);
      armed = true;
      expect(await codeOf(() => removeLuis(vault, luis))).toBe('rotation.unknown');
      expect(vault.db.readOnlyBecause).toBe('vault.headerMismatch');
      expect(databases(base.path)).toHaveLength(2);
      expect(await codeOf(() => Promise.resolve(addCase(vault, 'lost', 'C-9')))).not.toBeNull();
      await vault.close();
      expect(databases(base.path)).toHaveLength(2);
      expect(await afterDeath(base.path)).toEqual(replaced ? NEW : OLD);
    });
  }
});

describe('no room', () => {
  test('is said beforehand with numbers, and nothing is changed', async () => {
    const real = createNodeDisk();
    const { luis } = await makeVault(realPorts(), base.path);
    const ports = realPorts({ disk: { ...real, freeBytes: () => Promise.resolve(3_500_000) } });
    const vault = await unlock(ports, base.path);
    const thrown: unknown = await removeLuis(vault, luis).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'vault.noRoomToRotate', params: { free: 4 } });
    addCase(vault, 'c', 'C-3');
    await vault.close();
    expect(await afterDeath(base.path)).toEqual({ ...OLD, cases: ['a', 'b', 'c'] });
  });

  const canMount = ((): boolean => {
    const probe = freshFolder();
    const done = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe.path]).status === 0;
    if (done) spawnSync('umount', [probe.path]);
    probe.remove();
    return done;
  })();

  test.skipIf(!canMount)(
    'at any write of SQLite or of ours leaves the vault as it was, and the same session goes on (needs root and mount)',
    { timeout: 300_000 },
    async () => {
      const { luis } = await makeVault(realPorts(), base.path);
      const small = freshFolder();
      const mount = (...options: string[]): number =>
        spawnSync('mount', ['-t', 'tmpfs', '-o', [...options, 'mode=700'].join(','), 'tmpfs', small.path])
          .status ?? 1;
      expect(mount('size=32m')).toBe(0);
      let vault: OpenVault | null = null;
      try {
        cpSync(base.path, small.path, { recursive: true });
        // The check beforehand would refuse each of these: it is told that there is room.
        const disk: Disk = { ...createNodeDisk(), freeBytes: () => Promise.resolve(1e12) };
        vault = await unlock(realPorts({ disk }), small.path);
        const codes: string[] = [];
        const used = (): number => {
          const out =
            spawnSync('df', ['--output=used', '-B1', small.path]).stdout.toString().split('\n')[1] ?? '0';
          return Number(out);
        };
        for (let extra = 16; extra <= 2_048; extra += 64) {
          expect(mount('remount', `size=${Math.ceil(used() / 1024) + extra}k`)).toBe(0);
          const session: OpenVault = vault;
          const code = await codeOf(() => removeLuis(session, luis));
          codes.push(code ?? 'done');
          if (code === null) break;
          expect(databases(small.path).length).toBe(1);
          expect(vault.generation).toBe(1);
          expect(mount('remount', 'size=32m')).toBe(0);
          expect(await findings(vault)).toEqual([]);
        }
        expect(new Set(codes)).toEqual(new Set(['disk.full', 'done']));
        expect(codes.length).toBeGreaterThan(8);
        expect(mount('remount', 'size=32m')).toBe(0);
        addCase(vault, 'c', 'C-3');
        await vault.close();
        vault = await unlock(realPorts(), small.path);
        expect(await findings(vault)).toEqual([]);
        expect(caseIds(vault)).toEqual(['a', 'b', 'c']);
        await vault.close();
      } finally {
        await vault?.close();
        spawnSync('umount', [small.path]);
        small.remove();
      }
    },
  );
});

describe('cancelled', () => {
  test('at each step before the header it leaves the vault as it was, and can be begun again', async () => {
    const { luis } = await makeVault(realPorts(), base.path);
    const vault = await unlock(realPorts(), base.path);
    for (const stop of ROTATION_ORDER.slice(0, ROTATION_ORDER.indexOf('header'))) {
      const { digest } = await reviewRotation(vault);
      const abort = new AbortController();
      const code = await codeOf(() =>
        rotateVault(
          vault,
          { remove: [luis], immediate: false, reason: '', confirmed: digest },
          {
            signal: abort.signal,
            progress: (stage) => {
              if (stage === stop) abort.abort();
            },
          },
        ),
      );
      expect([stop, code, vault.generation, databases(base.path).length]).toEqual([
        stop,
        'call.cancelled',
        1,
        1,
      ]);
    }
    addCase(vault, 'c', 'C-3');
    await removeLuis(vault, luis);
    addCase(vault, 'd', 'C-4');
    expect(await findings(vault)).toEqual([]);
    await vault.close();
    expect(await afterDeath(base.path)).toEqual({ ...NEW, cases: ['a', 'b', 'c', 'd'] });
  });

  test('a session that ends meanwhile ends the rotation too', async () => {
    const { luis } = await makeVault(realPorts(), base.path);
    for (const at of ['rewrap', 'verify', 'header', 'move'] as const) {
      const run = freshFolder();
      cpSync(base.path, run.path, { recursive: true });
      const vault = await unlock(realPorts(), run.path);
      const { digest } = await reviewRotation(vault);
      const closing: Promise<void>[] = [];
      await codeOf(() =>
        rotateVault(
          vault,
          { remove: [luis], immediate: false, reason: '', confirmed: digest },
          {
            signal: watch.signal,
            progress: (stage) => {
              if (stage === at && closing.length === 0) closing.push(vault.close());
            },
          },
        ),
      );
      await Promise.all(closing);
      const after = await afterDeath(run.path);
      expect([at, [OLD, NEW].some((one) => JSON.stringify(one) === JSON.stringify(after))]).toEqual([
        at,
        true,
      ]);
      run.remove();
    }
  });

  test('nothing is written beside it: a write in between is refused and nothing of it is lost', async () => {
    const { luis } = await makeVault(realPorts(), base.path);
    const vault = await unlock(realPorts(), base.path);
    const { digest } = await reviewRotation(vault);
    const codes: (string | null)[] = [];
    const waiting: Promise<void>[] = [];
    await rotateVault(
      vault,
      { remove: [luis], immediate: false, reason: '', confirmed: digest },
      {
        signal: watch.signal,
        progress: (stage) => {
          waiting.push(
            codeOf(() => addCase(vault, `x-${stage}`, `X-${stage}`)).then((code) => {
              codes.push(code);
            }),
          );
        },
      },
    );
    await Promise.all(waiting);
    expect(new Set(codes)).toEqual(new Set(['vault.busy']));
    await vault.close();
    expect(await afterDeath(base.path)).toEqual(NEW);
  });
});

describe('the key that the leaver has', () => {
  test('opens what he kept, and nothing that came after', async () => {
    const ports = realPorts();
    const { luis } = await makeVault(ports, base.path);
    const kept = freshFolder();
    cpSync(base.path, kept.path, { recursive: true });
    const vault = await unlock(ports, base.path);
    await removeLuis(vault, luis);
    addCase(vault, 'c', 'C-3');
    await vault.close();

    const old = await masterOf(ports, readFileSync(join(kept.path, 'vault', 'vault.json')), {
      kind: 'passphrase',
      passphrase: LUIS,
    });
    const keys = deriveVaultKeys(ports.crypto, old.masterKey);
    const [name = ''] = databases(base.path);
    expect(await codeOf(() => openDatabase(join(base.path, 'vault', name), keys.database))).toBe(
      'vault.databaseDamaged',
    );
    // His copy still opens, whatever is done here: nobody may promise more.
    const his = await unlock(ports, kept.path, LUIS);
    expect(caseIds(his)).toEqual(['a', 'b']);
    await his.close();
    kept.remove();
  });
});
