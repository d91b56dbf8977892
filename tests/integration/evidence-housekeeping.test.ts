import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '#shared/errors.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { bytesSource } from '../../electron/core/files/object-source.ts';
import { ObjectStore } from '../../electron/core/files/object-store.ts';
import { sql } from '../../electron/core/db/sql.ts';
import type { Clock, ParserLauncher } from '../../electron/core/ports/index.ts';
import { createNodeClock } from '../../electron/core/ports/node/node-clock.ts';
import { createNodeParserLauncher } from '../../electron/core/ports/node/node-parser-launcher.ts';
import { unlockVault } from '../../electron/core/features/vault/index.ts';
import { PARSER_BUNDLES } from '../setup/build-parser.ts';
import { photograph } from './evidence-files.ts';
import { Bench, PASSPHRASE } from './harness.ts';

const HOUR = 60 * 60 * 1000;
let folder: string;
let open: Bench | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resguardo-keep-'));
});
afterEach(async () => {
  await open?.core.close();
  open = null;
  rmSync(folder, { recursive: true, force: true });
});

const start = async (
  how: 'create' | 'unlock',
  ports: ConstructorParameters<typeof Bench>[0] = {},
): Promise<Bench> => {
  await open?.core.close();
  open = new Bench({ ...ports, folder });
  return how === 'create' ? open.create() : open.unlock();
};

/** The system's clock, moved on by `shift`. */
const moved = (shift: { ms: number; broken?: boolean }): Clock => {
  const clock = createNodeClock();
  return {
    ...clock,
    now() {
      if (shift.broken === true) throw new AppError('disk.notWritable');
      return clock.now() + shift.ms;
    },
  };
};

const objects = (bench: Bench): string[] =>
  readdirSync(join(bench.vaultFolder, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();

/** Waits for work that nobody awaits; fails by itself after ten seconds. */
const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 200; i += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('did not come true');
};

const take = (bench: Bench, name: string, bytes: Uint8Array): Promise<CallOutput<'evidence.take'>> => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return bench.call('evidence.take', { source: bench.fileTarget(path) });
};

describe('what an interrupted intake leaves', () => {
  test('temporary files go at once, unknown objects a day after they were first seen, known ones never', async () => {
    const shift = { ms: 0 };
    const bench = await start('create', { ports: { clock: moved(shift) } });
    await take(bench, 'a.txt', Buffer.from('se queda'));
    const known = objects(bench);
    expect(known).toHaveLength(1);
    const store = new ObjectStore(bench.ports, bench.vaultFolder);
    const orphan = (await store.write(bytesSource(Buffer.from('nobody')))).objectId.toString('hex');
    const temporary = join(bench.vaultFolder, 'objects', '.tmp', '0'.repeat(32));

    for (const [hours, there] of [
      [0, true],
      [23, true],
      [25, false],
    ] as const) {
      writeFileSync(temporary, 'half');
      shift.ms = hours * HOUR;
      const again = await start('unlock', { ports: { clock: moved(shift) } });
      await until(() => !existsSync(temporary));
      if (!there) await until(() => !objects(again).includes(orphan));
      // The sweep writes its notes last; the next lock waits for it.
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(objects(again).includes(orphan)).toBe(there);
      expect(objects(again)).toEqual(expect.arrayContaining(known));
    }
    const verdict = await open!.call('vault.check', { objects: 'content' });
    expect(verdict.findings).toEqual([]);
  }, 60_000);

  test('a transaction that fails takes the object back', async () => {
    const shift = { ms: 0, broken: false };
    const bench = await start('create', { ports: { clock: moved(shift) } });
    await take(bench, 'a.txt', Buffer.from('uno'));
    const before = objects(bench);
    const stop = bench.core.subscribe((event) => {
      if (event.name !== 'tasks.changed' || event.payload.stage !== 'storing') return;
      // From here on nothing can be recorded; the object is written all the same, and must go again.
      if (event.payload.done === event.payload.total) shift.broken = true;
    });
    await expect(take(bench, 'b.txt', Buffer.from('dos'))).rejects.toMatchObject({
      code: 'disk.notWritable',
    });
    stop();
    shift.broken = false;
    expect(objects(bench)).toEqual(before);
    expect((await bench.call('evidence.list', {})).total).toBe(1);
  });

  test('an item that was kept before anybody looked into it is looked into after the next unlock', async () => {
    const real = createNodeParserLauncher(PARSER_BUNDLES);
    let asked = false;
    const silent: ParserLauncher = {
      start(kind) {
        if (kind === 'wasm') return real.start(kind);
        asked = true;
        return new Promise(() => undefined);
      },
    };
    const bench = await start('create', { ports: { parsers: silent } });
    const taking = take(bench, 'foto.jpg', await photograph('x', 300, 200)).catch(
      (thrown: unknown) => thrown,
    );
    await until(async () => asked && (await bench.call('evidence.list', {})).total === 1);
    await bench.core.close();
    await taking;

    const again = await start('unlock');
    const row = async () => (await again.call('evidence.list', {})).rows[0]!;
    expect((await row()).mime).toBe('image/jpeg');
    await until(async () => (await row()).derived === 'done');
    expect((await row()).hasThumbnail).toBe(true);
  }, 60_000);
});

test('key material is in no journal, and custody cannot be rewritten', async () => {
  const bench = await start('create');
  const { id } = await take(bench, 'a.txt', Buffer.from('uno'));
  await bench.call('evidence.get', { id });
  await bench.call('evidence.get', { id });
  await bench.core.close();
  const vault = await unlockVault(bench.ports, {
    folder: bench.vaultFolder,
    passphrase: PASSPHRASE,
    onLost: () => undefined,
  });
  try {
    const bytes = z.instanceof(Uint8Array);
    const keys = z.object({ object_id: bytes, nonce: bytes, wrapped: bytes });
    const { key, journal, payloads } = vault.db.read((db) => ({
      key: db.need(sql`SELECT object_id, nonce, wrapped FROM object_key`, keys),
      journal: db.all(
        sql`SELECT cast(method || entity_table || entity_id AS BLOB) AS text, after, commitment FROM journal`,
        z.object({ text: bytes, after: bytes, commitment: bytes }),
      ),
      payloads: db.all(sql`SELECT payload FROM journal_payload`, z.object({ payload: bytes })),
    }));
    const all = Buffer.concat([
      ...journal.flatMap((entry) => [entry.text, entry.after, entry.commitment]),
      ...payloads.map((row) => row.payload),
    ]);
    const forms = (secret: Uint8Array): (Buffer | string)[] => [
      Buffer.from(secret),
      Buffer.from(secret).toString('hex'),
      Buffer.from(secret).toString('base64'),
    ];
    for (const secret of [key.nonce, key.wrapped, key.wrapped.subarray(0, 32)]) {
      for (const form of forms(secret)) expect(all.includes(form)).toBe(false);
    }
    // The search itself works: the object's name is in the payload of the intake.
    expect(all.includes(Buffer.from(key.object_id).toString('hex'))).toBe(true);

    // What a person opened is written down at lock, once, with how often.
    const opened = vault.db.read((db) =>
      db.all(
        sql`SELECT p.payload FROM journal j JOIN journal_payload p ON p.position = j.position
            WHERE j.method = 'evidence.get' AND j.entity_id = ${id}`,
        z.object({ payload: bytes }),
      ),
    );
    expect(opened.map((row) => JSON.parse(Buffer.from(row.payload).toString()) as unknown)).toMatchObject([
      { read: true, count: 2 },
    ]);

    for (const change of [
      sql`UPDATE custody SET actor = 'otra' WHERE evidence_id = ${id}`,
      sql`UPDATE custody SET detail = 'x'`,
    ]) {
      expect(() =>
        vault.db.write('test.rewrite', (tx) => {
          tx.run(change);
          tx.journal({ table: 'evidence', id, payload: {}, children: ['custody'] });
        }),
      ).toThrow();
    }
  } finally {
    await vault.close();
  }
});
