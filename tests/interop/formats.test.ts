import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { encodeAnchor } from '../../electron/core/crypto/anchor.ts';
import { encodeHeader, parseHeader } from '../../electron/core/crypto/header.ts';
import { rowHash } from '../../electron/core/crypto/journal-format.ts';
import { deriveSlotKeys, deriveVaultKeys } from '../../electron/core/crypto/key-hierarchy.ts';
import { normalisePassphrase } from '../../electron/core/crypto/passphrase.ts';
import { arrangeSlots, openMaster, openSlots, sealSlot } from '../../electron/core/crypto/slots.ts';
import type { SecondFactor } from '../../electron/core/crypto/slots.ts';
import { createSodiumCrypto } from '../../electron/core/crypto/sodium-crypto.ts';
import { bytesSource } from '../../electron/core/files/object-source.ts';
import { ObjectStore } from '../../electron/core/files/object-store.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import { createNodeRandom } from '../../electron/core/ports/node/node-random.ts';
import { sql } from '../../electron/core/db/sql.ts';
import { JOURNAL_COLUMNS, journalRow } from '../../electron/core/journal/index.ts';
import { create, addCase, addPerson } from '../faults/support/vaults.ts';
import { realPorts } from '../faults/support/ports.ts';
import { describeWith, scratch, tryRun } from './outside-command.ts';
import { sequence } from '../../electron/core/crypto/test-support/sequence.ts';

const SCRIPT = join(import.meta.dirname, 'rsg_formats.py');
/** The first Python that has PyNaCl: Debian's own has it even where another one stands before it in the path. */
const PYTHON =
  ['python3', '/usr/bin/python3'].find((name) => tryRun(name, ['-c', 'import nacl.bindings']).code === 0) ??
  'python3-nacl';

const crypto = createSodiumCrypto();
const random = createNodeRandom();
const disk = createNodeDisk();
const folder = scratch();
afterAll(() => folder.dispose());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const python = (command: string, order: unknown): unknown =>
  JSON.parse(
    execFileSync(PYTHON, [SCRIPT, command], {
      input: JSON.stringify(order),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    }),
  );

/** Lengths at and around every border of the format, and some of no meaning. */
const lengths = (count: number): number[] => {
  const borders = [
    0, 1, 4087, 4088, 4089, 65_527, 65_528, 65_529, 65_536, 131_064, 131_072, 1_048_568, 1_048_576,
  ];
  const drawn = Array.from(
    { length: count - borders.length },
    () => random.bytes(4).readUInt32BE() % 700_000,
  );
  return [...borders, ...drawn];
};

describeWith([PYTHON], 'formats against a second implementation in Python', () => {
  test('objects: the vectors', () => {
    expect(python('object-vectors', { lengths: [0, 1, 4088, 4089, 65528, 65529, 131064, 200000] })).toEqual([
      [0, 4176, '05f5d0136d58f0634132edcb5f0fbc1ac7998a7e666a60f62e432a9769a6297c'],
      [1, 4176, '668bc74d314d1f249ac03ca4078443cad8365b70f4bbe49c84e1a147169a0829'],
      [4088, 4176, '5d762a5ab51e3885cf29c212638fec15589a877ee72ade8b93465ef828cce0ac'],
      [4089, 4432, 'e2e0867a68d7e2ffac56ebfc38c02354a1d1276dded3593666dbc1825e62c4bc'],
      [65528, 65616, 'e6e76db3cd16d591bd017ffc281b4967749ea2f71e37dc76267ace8426adabd4'],
      [65529, 67680, 'a817d530e34210e3653c66b9faa5497dfe10d45cefb350db8ffb258ca95c879d'],
      [131064, 131168, '2b507d00233bd49a00ab084d43671d7554e61ab68eadbf6723be35794f03d953'],
      [200000, 200832, '0f4364f9bfec8850d10c0b443b91b8ce8a34889f5102c0402e7b546e67678a8b'],
    ]);
  });

  test('objects: 50 of ours open there', async () => {
    const store = new ObjectStore({ crypto, disk, random }, folder.path);
    const objects: unknown[] = [];
    const expected: string[] = [];
    for (const length of lengths(50)) {
      const content = random.bytes(length);
      const written = await store.write(bytesSource(content));
      const id = written.objectId.toString('hex');
      const path = folder.join('objects', id.slice(0, 2), id);
      objects.push({ path, id, key: written.key.toString('hex'), length });
      expected.push(sha256(content));
    }
    expect(python('open-objects', { objects })).toEqual(expected);
  });

  test('objects: 50 of theirs open here', async () => {
    const target = folder.join('theirs');
    mkdirSync(join(target, 'objects'), { recursive: true });
    const objects = lengths(50).map((length, i) => {
      const id = random.bytes(16).toString('hex');
      mkdirSync(join(target, 'objects', id.slice(0, 2)), { recursive: true });
      return {
        path: join(target, 'objects', id.slice(0, 2), id),
        id,
        key: random.bytes(32).toString('hex'),
        prefix: random.bytes(15).toString('hex'),
        length,
        seed: `seed ${i}`,
      };
    });
    const expected = z.array(z.string()).parse(python('write-objects', { objects }));
    const store = new ObjectStore({ crypto, disk, random }, target);
    for (const [i, { id, key, length }] of objects.entries()) {
      const reference = { objectId: Buffer.from(id, 'hex'), key: Buffer.from(key, 'hex'), sizeBytes: length };
      const reader = await store.open(reference);
      expect(sha256(await reader.read(0, length))).toBe(expected[i]);
      await reader.verify(Buffer.from(expected[i]!, 'hex'));
      await reader.close();
    }
  });

  test('keys of both hierarchies', () => {
    const keys = deriveVaultKeys(crypto, sequence(0x80, 32));
    expect(python('keys', { master: sequence(0x80, 32).toString('hex') })).toEqual(
      [keys.header, keys.database, keys.wrap, keys.anchor, keys.note, keys.backup].map((k) =>
        k.toString('hex'),
      ),
    );
    const order = { passphrase: 'señal árbol', salt: sequence(0x50, 16).toString('hex') };
    const ids = { vaultId: sequence(0x40, 16).toString('hex'), slotId: sequence(0x60, 16).toString('hex') };
    expect(python('kek', { ...order, ...ids })).toEqual({
      access: '3627beec0eed1edbec70af91af678282016d04feefab85654099a68a92464d94',
      kek: '17fc2e065fd805ee0e7b0906f323deacb4cf2862c43448288e4a1badb04ea13d',
    });
  });

  const passphrase = 'señal\u00a0árbol de la esquina';
  const make = async (factor: SecondFactor) => {
    const vaultId = random.bytes(16);
    const masterKey = random.bytes(32);
    const salt = random.bytes(16);
    const accessKey = await crypto.argon2id13(normalisePassphrase(passphrase), salt, 3, 64 * 1024 * 1024);
    const slotSecret = random.bytes(32);
    const slot = deriveSlotKeys(crypto, slotSecret);
    const slotId = random.bytes(16);
    const content = { vaultId, slotId, accessKey, factor, slotSecret, generation: 1, masterKey };
    const record = sealSlot(crypto, random, { ...content, boxPublic: slot.boxPublic });
    const header = encodeHeader(
      crypto,
      {
        id: vaultId,
        use: 'practice',
        seq: 9,
        prev: random.bytes(32),
        generation: 1,
        database: 'vault-0123456789abcdef.db',
        minAppFormat: 1,
        epochs: [{ n: 1, ops: 3, memBytes: 64 * 1024 * 1024, salt }],
        slots: arrangeSlots(random, [record]),
      },
      deriveVaultKeys(crypto, masterKey).header,
    );
    return { vaultId, masterKey, slot, header };
  };

  test.each<[string, SecondFactor, string]>([
    ['no second factor', { kind: 'none' }, '00'],
    ['a key file', { kind: 'keyFile', hash: sequence(3, 32) }, `01${sequence(3, 32).toString('hex')}`],
    [
      'a machine secret',
      { kind: 'machine', secret: sequence(4, 32) },
      `02${sequence(4, 32).toString('hex')}`,
    ],
  ])('a header and slot of ours open there: %s', async (_name, factor, factorHex) => {
    const { vaultId, masterKey, slot, header } = await make(factor);
    const typed = passphrase.replace('\u00a0', ' ').normalize('NFC');
    const order = { file: header.file.toString(), passphrase: typed, factor: factorHex };
    expect(python('open-header', order)).toEqual({
      master: masterKey.toString('hex'),
      signPublic: slot.signPublic.toString('hex'),
      id: vaultId.toString('hex'),
      seq: 9,
      database: 'vault-0123456789abcdef.db',
      hash: header.hash.toString('hex'),
    });
    expect(() => python('open-header', { ...order, passphrase: 'other' })).toThrow();
    expect(() => python('open-header', { ...order, factor: '0100' })).toThrow();
  });

  test('a header and slot of theirs open here', async () => {
    const order = {
      id: random.bytes(16).toString('hex'),
      master: random.bytes(32).toString('hex'),
      salt: random.bytes(16).toString('hex'),
      slotId: random.bytes(16).toString('hex'),
      nonce: random.bytes(24).toString('hex'),
      secret: random.bytes(32).toString('hex'),
      passphrase: 'señal árbol',
      unused: Array.from({ length: 15 }, () => random.bytes(172).toString('hex')),
    };
    const header = parseHeader(Buffer.from(z.string().parse(python('make-header', order))));
    const epoch = header.epochs[0]!;
    const typed = normalisePassphrase('sen\u0303al a\u0301rbol');
    const accessKey = await crypto.argon2id13(typed, epoch.salt, epoch.ops, epoch.memBytes);
    const opened = openSlots(crypto, header.id, header.slots, [accessKey], { kind: 'none' });
    expect(opened.slotSecret.toString('hex')).toBe(order.secret);
    const master = openMaster(crypto, opened.sealedMaster, deriveSlotKeys(crypto, opened.slotSecret));
    expect(master.masterKey.toString('hex')).toBe(order.master);
    expect(header.verify(crypto, deriveVaultKeys(crypto, master.masterKey).header).body.seq).toBe(5);
  });

  test('row hashes', () => {
    const real = Buffer.alloc(8);
    real.writeDoubleBE(-1.5);
    const cells = [null, -7n, 2n ** 62n, -1.5, 'ñandú', '', Buffer.from([0, 255])];
    const order = {
      table: 'incident',
      id: 'x|y',
      cells: [
        ['null', null],
        ['integer', '-7'],
        ['integer', String(2n ** 62n)],
        ['real', real.toString('hex')],
        ['text', 'ñandú'],
        ['text', ''],
        ['blob', '00ff'],
      ],
    };
    expect(python('row-hash', order)).toBe(rowHash(crypto, 'incident', 'x|y', cells).toString('hex'));
  });

  test('anchors', () => {
    const masterKey = random.bytes(32);
    const anchor = {
      vaultId: sequence(0, 16),
      incarnation: sequence(1, 16),
      counter: 300,
      generation: 2,
      headerSeq: 4,
      journalSeq: 2 ** 33,
      journalHead: sequence(4, 32),
    };
    const record = encodeAnchor(crypto, deriveVaultKeys(crypto, masterKey).anchor, anchor);
    const order = { record: record.toString('hex'), master: masterKey.toString('hex') };
    expect(python('open-anchor', order)).toEqual({
      ...anchor,
      vaultId: anchor.vaultId.toString('hex'),
      incarnation: anchor.incarnation.toString('hex'),
      journalHead: anchor.journalHead.toString('hex'),
    });
  });

  test('the journal of a real vault verifies there, and every change in it is named', async () => {
    const base = folder.join('vault-base');
    mkdirSync(base);
    const vault = await create(realPorts(), base);
    for (let i = 0; i < 6; i += 1) addCase(vault, `case-${i}`, `C-${i}`);
    addPerson(vault, 'person-1', 'Nadie Conocida');
    const payloads = z.object({ position: z.number(), salt: z.instanceof(Uint8Array), payload: z.unknown() });
    const { rows, extra } = vault.db.read((db) => ({
      rows: db.all(sql`SELECT ${JOURNAL_COLUMNS} FROM journal ORDER BY position`, journalRow),
      extra: db.all(sql`SELECT position, salt, payload FROM journal_payload`, payloads),
    }));
    const vaultId = vault.vaultId.toString('hex');
    await vault.close();
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    const entries = rows.map((row) => {
      const payload = extra.find((candidate) => candidate.position === row.position);
      const bytes = payload?.payload;
      return {
        incarnation: hex(row.incarnation),
        device: hex(row.device),
        seq: row.seq,
        prev: hex(row.prev),
        hlc: hex(row.hlc),
        actor: hex(row.actor),
        method: row.method,
        table: row.entity_table,
        id: row.entity_id,
        after: hex(row.after),
        commitment: hex(row.commitment),
        hash: hex(row.hash),
        signature: hex(row.signature),
        payload:
          payload === undefined
            ? null
            : {
                salt: hex(payload.salt),
                bytes: typeof bytes === 'string' ? hex(Buffer.from(bytes)) : hex(bytes as Uint8Array),
              },
      };
    });
    expect(entries.length).toBeGreaterThanOrEqual(8);
    expect(entries.every((entry) => entry.payload !== null)).toBe(true);
    const verify = (changed: unknown[]): unknown => python('verify-journal', { vaultId, entries: changed });
    expect(verify(entries)).toBeNull();
    const flipped = (text: string): string =>
      text.startsWith('0') ? `1${text.slice(1)}` : `0${text.slice(1)}`;
    const fields = [
      'incarnation',
      'device',
      'prev',
      'hlc',
      'actor',
      'after',
      'commitment',
      'hash',
      'signature',
    ] as const;
    for (const name of fields) {
      const changed = entries.map((entry, i) =>
        i === 4 ? { ...entry, [name]: flipped(entry[name]) } : entry,
      );
      expect(verify(changed)).toBe(4);
    }
    expect(verify(entries.map((entry, i) => (i === 4 ? { ...entry, method: 'x' } : entry)))).toBe(4);
    expect(verify(entries.filter((_, i) => i !== 4))).toBe(4);
    expect(verify([...entries.slice(0, 4), entries[5], entries[4], ...entries.slice(6)])).toBe(4);
    const payload = { ...entries[4]!.payload!, bytes: '7b7d' };
    expect(verify(entries.map((entry, i) => (i === 4 ? { ...entry, payload } : entry)))).toBe(4);
    // An erased payload leaves a chain that holds.
    expect(verify(entries.map((entry, i) => (i === 4 ? { ...entry, payload: null } : entry)))).toBeNull();
  });
});
