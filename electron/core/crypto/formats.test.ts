import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import type { Random } from '../ports/random.ts';
import { createNodeRandom } from '../ports/node/node-random.ts';
import { ANCHOR_RECORD_BYTES, anchorPlace, decodeAnchor, encodeAnchor, newestAnchor } from './anchor.ts';
import { encodeHeader, headerHash, parseHeader, relateHeader, type HeaderBody } from './header.ts';
import {
  encodeHlc,
  encodeJournalFields,
  decodeHlc,
  journalHash,
  payloadCommitment,
  rowHash,
  rowListHash,
  signJournal,
  statementDigest,
  verifyJournalSignature,
  ZERO_HASH,
  type JournalFields,
} from './journal-format.ts';
import { deriveSlotKeys } from './key-hierarchy.ts';
import {
  encodeLockFile,
  LOCK_FILE_BYTES,
  LOCK_HEARTBEAT_AT,
  openLockNote,
  readLockFile,
} from './lock-note.ts';
import { unwrapObjectKey, wrapObjectKey } from './object-format.ts';
import {
  arrangeSlots,
  openMaster,
  openSlots,
  resealSlot,
  sealSlot,
  shuffled,
  slotIdOf,
  SLOT_BYTES,
  SLOT_COUNT,
  type SecondFactor,
} from './slots.ts';
import { createSodiumCrypto } from './sodium-crypto.ts';
import { exactObject, parseStrictJson } from './strict-json.ts';

const crypto = createSodiumCrypto();
const random = createNodeRandom();
const run = (first: number, count: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: count }, (_, i) => (first + i) & 0xff));
const codeOf = (work: () => unknown): string | null => {
  try {
    work();
    return null;
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return thrown.code;
  }
};

/** A slot of its own, with everything that belongs to it. */
const makeSlot = (vaultId: Buffer, accessKey: Buffer, factor: SecondFactor = { kind: 'none' }) => {
  const slotSecret = random.bytes(32);
  const keys = deriveSlotKeys(crypto, slotSecret);
  const masterKey = run(0x80, 32);
  const record = sealSlot(crypto, random, {
    vaultId,
    slotId: random.bytes(16),
    accessKey,
    factor,
    slotSecret,
    generation: 1,
    masterKey,
    boxPublic: keys.boxPublic,
  });
  return { record, slotSecret, keys, masterKey };
};

describe('slots', () => {
  const vaultId = run(0x40, 16);

  test('a slot opens with its own key and factor, wherever it lies, and gives the master key', () => {
    const factors: SecondFactor[] = [
      { kind: 'none' },
      { kind: 'keyFile', hash: run(7, 32) },
      { kind: 'machine', secret: run(7, 32) },
    ];
    for (const factor of factors) {
      const slot = makeSlot(vaultId, run(1, 32), factor);
      const other = makeSlot(vaultId, run(2, 32));
      const records = arrangeSlots(random, [slot.record, other.record]);
      expect(records.length).toBe(SLOT_COUNT);
      expect(records.every((record) => record.length === SLOT_BYTES)).toBe(true);
      const opened = openSlots(crypto, vaultId, records, [run(9, 32), run(1, 32)], factor);
      expect(opened.slotSecret).toEqual(slot.slotSecret);
      expect(opened.accessKeyIndex).toBe(1);
      expect(records[opened.index]).toEqual(slot.record);
      expect(opened.slotId).toEqual(slotIdOf(slot.record));
      const master = openMaster(crypto, opened.sealedMaster, slot.keys);
      expect(master).toEqual({ generation: 1, masterKey: slot.masterKey });
      for (const wrong of factors.filter((f) => f !== factor)) {
        expect(codeOf(() => openSlots(crypto, vaultId, records, [run(1, 32)], wrong))).toBe(
          'vault.wrongPassphrase',
        );
      }
      expect(codeOf(() => openSlots(crypto, run(0, 16), records, [run(1, 32)], factor))).toBe(
        'vault.wrongPassphrase',
      );
    }
  });

  test('every record is tried, however early one fits', () => {
    let trials = 0;
    const counting = {
      ...crypto,
      aeadDecrypt: (...parts: Parameters<typeof crypto.aeadDecrypt>) => {
        trials += 1;
        return crypto.aeadDecrypt(...parts);
      },
    };
    const slot = makeSlot(vaultId, run(1, 32));
    const records = [slot.record, ...arrangeSlots(random, []).slice(1)];
    openSlots(counting, vaultId, records, [run(1, 32), run(2, 32)], { kind: 'none' });
    expect(trials).toBe(32);
    trials = 0;
    expect(codeOf(() => openSlots(counting, vaultId, records, [run(3, 32)], { kind: 'none' }))).toBe(
      'vault.wrongPassphrase',
    );
    expect(trials).toBe(16);
  });

  test('two records that open are refused', () => {
    const slot = makeSlot(vaultId, run(1, 32));
    const records = [slot.record, slot.record, ...arrangeSlots(random, []).slice(2)];
    expect(codeOf(() => openSlots(crypto, vaultId, records, [run(1, 32)], { kind: 'none' }))).toBe(
      'vault.headerDamaged',
    );
  });

  test('2,000 flipped bits of a record: never opens to anything else', () => {
    const slot = makeSlot(vaultId, run(1, 32));
    let undetected = 0;
    for (let i = 0; i < 2000; i += 1) {
      const record = Buffer.from(slot.record);
      record[i % SLOT_BYTES]! ^= 1 << (Math.floor(i / SLOT_BYTES) % 8);
      try {
        const opened = openSlots(crypto, vaultId, [record], [run(1, 32)], { kind: 'none' });
        openMaster(crypto, opened.sealedMaster, slot.keys);
        undetected += 1;
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(AppError);
      }
    }
    expect(undetected).toBe(0);
  });

  test('a new master key for a slot whose passphrase nobody knows', () => {
    const slot = makeSlot(vaultId, run(1, 32));
    const renewed = resealSlot(crypto, slot.record, 2, run(3, 32), slot.keys.boxPublic);
    const opened = openSlots(crypto, vaultId, [renewed], [run(1, 32)], { kind: 'none' });
    expect(openMaster(crypto, opened.sealedMaster, slot.keys)).toEqual({
      generation: 2,
      masterKey: run(3, 32),
    });
    expect(slotIdOf(renewed)).toEqual(slotIdOf(slot.record));
    expect(() =>
      arrangeSlots(
        random,
        Array.from({ length: 17 }, () => slot.record),
      ),
    ).toThrow(RangeError);
  });

  test('the shuffle keeps everything and reaches every place about equally', () => {
    const counts = Array.from({ length: 16 }, () => 0);
    for (let i = 0; i < 3200; i += 1) {
      const order = shuffled(random, [...Array(16).keys()]);
      expect([...order].sort((a, b) => a - b)).toEqual([...Array(16).keys()]);
      counts[order.indexOf(0)]! += 1;
    }
    // 200 expected for each; six standard deviations.
    for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(84);
  });

  test('bytes beyond the fair range are drawn again', () => {
    const bytes = Buffer.from([255, 255, 254, 0, 0, 0, 0, 0].concat(Array<number>(24).fill(0)));
    const biased: Random = { bytes: () => Buffer.from(bytes) };
    // 3 items: 255 is outside 0..254 and must not be used.
    expect(shuffled(biased, ['a', 'b', 'c'])).toHaveLength(3);
  });
});

describe('header', () => {
  const key = run(5, 32);
  const body = (changes: Partial<HeaderBody> = {}): HeaderBody => ({
    id: run(0x40, 16),
    use: 'practice',
    seq: 1,
    prev: ZERO_HASH,
    generation: 1,
    database: 'vault-0011223344556677.db',
    minAppFormat: 1,
    epochs: [{ n: 1, ops: 3, memBytes: 64 * 1024 * 1024, salt: run(0x50, 16) }],
    slots: arrangeSlots(random, []),
    ...changes,
  });
  const json = (file: Buffer): { outer: Record<string, unknown>; inner: Record<string, unknown> } => {
    const outer = JSON.parse(file.toString()) as Record<string, string>;
    return {
      outer,
      inner: JSON.parse(Buffer.from(outer.body!, 'base64').toString()) as Record<string, unknown>,
    };
  };
  /** The file with its body text changed and its MAC left as it was: parsing comes before the MAC. */
  const withBody = (file: Buffer, change: (text: string) => string): Buffer => {
    const { outer, inner } = json(file);
    outer.body = Buffer.from(change(JSON.stringify(inner))).toString('base64');
    return Buffer.from(JSON.stringify(outer));
  };

  test('comes back as it was, and its size says nothing about its slots', () => {
    const sizes = new Set<number>();
    for (const used of [1, 5, 16]) {
      const slots = arrangeSlots(
        random,
        Array.from({ length: used }, () => makeSlot(run(0x40, 16), run(1, 32)).record),
      );
      const made = body({ slots });
      const { file, bodyBytes, hash } = encodeHeader(crypto, made, key);
      sizes.add(file.length);
      const parsed = parseHeader(file);
      expect(parsed.id).toEqual(made.id);
      expect(parsed.slots).toEqual(slots);
      expect(parsed.claimsPractice()).toBe(true);
      const verified = parsed.verify(crypto, key);
      expect(verified.body).toEqual(made);
      expect(verified.bodyBytes).toEqual(bodyBytes);
      expect(verified.hash).toEqual(hash);
      expect(headerHash(crypto, bodyBytes)).toEqual(hash);
      expect(codeOf(() => parsed.verify(crypto, run(6, 32)))).toBe('vault.headerDamaged');
    }
    expect(sizes.size).toBe(1);
  });

  test('nothing else can be reached before the MAC', () => {
    const parsed = parseHeader(encodeHeader(crypto, body(), key).file);
    expect(Object.keys(parsed)).toEqual([]);
    const reachable = Object.getOwnPropertyNames(Object.getPrototypeOf(parsed)).sort();
    expect(reachable).toEqual(['claimsPractice', 'constructor', 'epochs', 'id', 'slots', 'verify']);
  });

  test('two epochs: newest first to the caller', () => {
    const epochs = [
      { n: 1, ops: 3, memBytes: 64 * 1024 * 1024, salt: run(1, 16) },
      { n: 2, ops: 4, memBytes: 128 * 1024 * 1024, salt: run(2, 16) },
    ];
    const parsed = parseHeader(encodeHeader(crypto, body({ epochs }), key).file);
    expect(parsed.epochs.map((epoch) => epoch.n)).toEqual([2, 1]);
  });

  test.each([
    ['ops above', '"ops":3', '"ops":11', 'vault.headerOutOfBounds'],
    ['ops zero', '"ops":3', '"ops":0', 'vault.headerOutOfBounds'],
    ['4 TiB', '"mem":67108864', '"mem":4398046510080', 'vault.headerOutOfBounds'],
    ['memory above', '"mem":67108864', '"mem":1073742848', 'vault.headerOutOfBounds'],
    ['memory below', '"mem":67108864', '"mem":67107840', 'vault.headerOutOfBounds'],
    ['too little work', '"ops":3', '"ops":2', 'vault.headerOutOfBounds'],
    ['other algorithm', 'argon2id13', 'argon2i13x', 'vault.headerUnreadable'],
    ['short salt', '"salt":"50', '"salt":"', 'vault.headerUnreadable'],
    ['upper case hex', '5e5f', '5E5F', 'vault.headerUnreadable'],
    ['a duplicate key', '"seq":1', '"seq":1,"seq":1', 'vault.headerUnreadable'],
    ['a hidden duplicate', '"seq":1', '"seq":1,"s\\u0065q":2', 'vault.headerUnreadable'],
    ['an unknown key', '"seq":1', '"seq":1,"owner":"x"', 'vault.headerUnreadable'],
    ['a missing key', '"seq":1,', '', 'vault.headerUnreadable'],
    ['__proto__', '"seq":1', '"seq":1,"__proto__":{"use":"real"}', 'vault.headerUnreadable'],
    ['__proto__ for a key', '"seq":1', '"__proto__":1', 'vault.headerUnreadable'],
    ['a fraction', '"seq":1', '"seq":1.5', 'vault.headerUnreadable'],
    ['an exponent', '"seq":1', '"seq":1e0', 'vault.headerUnreadable'],
    ['negative', '"seq":1', '"seq":-1', 'vault.headerUnreadable'],
    ['beyond safe', '"seq":1', '"seq":9007199254740993', 'vault.headerUnreadable'],
    ['null', '"seq":1', '"seq":null', 'vault.headerUnreadable'],
    [
      'a path as database',
      'vault-0011223344556677.db',
      '../../../../etc/passwd.db',
      'vault.headerUnreadable',
    ],
    ['an unknown use', 'practice', 'rehearse', 'vault.headerUnreadable'],
    ['generation zero', '"generation":1', '"generation":0', 'vault.headerUnreadable'],
    ['no epoch', /"epochs":\[.*?\]/u, '"epochs":[]', 'vault.headerOutOfBounds'],
    ['15 slots', /"slots":\["[^"]*",/u, '"slots":[', 'vault.headerOutOfBounds'],
    ['a short slot', /"slots":\["[^"]{8}/u, '"slots":["', 'vault.headerUnreadable'],
    ['trailing text', /\}$/u, '} ]', 'vault.headerUnreadable'],
  ] as const)('refuses %s', (_name, from, to, code) => {
    const { file } = encodeHeader(crypto, body(), key);
    const changed = withBody(file, (text) => {
      const next = text.replace(from, to);
      expect(next).not.toBe(text);
      return next;
    });
    expect(codeOf(() => parseHeader(changed))).toBe(code);
  });

  test('refuses the outside too', () => {
    const { file } = encodeHeader(crypto, body(), key);
    const text = file.toString();
    const tries: [string | Buffer, string][] = [
      ['', 'vault.headerUnreadable'],
      ['{}', 'vault.headerUnreadable'],
      ['[1]', 'vault.headerUnreadable'],
      [text.slice(0, -1), 'vault.headerUnreadable'],
      [`\ufeff${text}`, 'vault.headerUnreadable'],
      [text.replace('resguardo-vault', 'other-vault'), 'vault.headerUnreadable'],
      [text.replace('"version":1', '"version":2'), 'vault.newerFormat'],
      [text.replace('"version":1', '"version":2,"new":"thing"'), 'vault.newerFormat'],
      [text.replace('"version":1', '"version":0'), 'vault.headerUnreadable'],
      [text.replace('"version":1', '"version":1,"version":1'), 'vault.headerUnreadable'],
      [text.replace('"version":1', '"version":1,"extra":1'), 'vault.headerUnreadable'],
      [text.replace('"mac":"', '"mac":"A'), 'vault.headerUnreadable'],
      [Buffer.concat([file, Buffer.alloc(64 * 1024, 0x20)]), 'vault.headerOutOfBounds'],
      [Buffer.from([0x7b, 0xff, 0x7d]), 'vault.headerUnreadable'],
      [`${'['.repeat(20_000)}`, 'vault.headerUnreadable'],
    ];
    for (const [bad, code] of tries) expect(codeOf(() => parseHeader(Buffer.from(bad)))).toBe(code);
    // White space around it is JSON too, and changes nothing that is signed.
    expect(parseHeader(Buffer.from(` ${text}\n`)).verify(crypto, key).body.seq).toBe(1);
  });

  test('contents made by a newer application are told apart, after the MAC', () => {
    const { file } = encodeHeader(crypto, body({ minAppFormat: 99 }), key);
    expect(codeOf(() => parseHeader(file).verify(crypto, run(6, 32)))).toBe('vault.headerDamaged');
    expect(codeOf(() => parseHeader(file).verify(crypto, key))).toBe('vault.newerFormat');
  });

  test('2,000 flipped bits: none passes', () => {
    const { file } = encodeHeader(crypto, body(), key);
    let undetected = 0;
    for (let i = 0; i < 2000; i += 1) {
      const changed = Buffer.from(file);
      changed[random.bytes(4).readUInt32BE() % file.length]! ^= 1 << (i % 8);
      try {
        parseHeader(changed).verify(crypto, key);
        undetected += 1;
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(AppError);
      }
    }
    expect(undetected).toBe(0);
  });

  test('our own mistakes are not written', () => {
    expect(() => encodeHeader(crypto, body({ slots: [] }), key)).toThrow('vault.headerOutOfBounds');
    expect(() => encodeHeader(crypto, body({ database: 'x.db' }), key)).toThrow('vault.headerUnreadable');
  });

  test('an interrupted change is told from an older copy', () => {
    const first = parseHeader(encodeHeader(crypto, body(), key).file).verify(crypto, key);
    const next = parseHeader(encodeHeader(crypto, body({ seq: 2, prev: first.hash }), key).file).verify(
      crypto,
      key,
    );
    const stranger = parseHeader(encodeHeader(crypto, body({ seq: 2 }), key).file).verify(crypto, key);
    const stored = { seq: 1, hash: first.hash };
    expect(relateHeader(crypto, first, stored)).toBe('same');
    expect(relateHeader(crypto, next, stored)).toBe('interrupted');
    expect(relateHeader(crypto, stranger, stored)).toBe('foreign');
    expect(relateHeader(crypto, first, { seq: 2, hash: next.hash })).toBe('foreign');
    expect(relateHeader(crypto, stranger, { seq: 2, hash: next.hash })).toBe('foreign');
  });

  test('any text: parsed or refused with a code of ours, and never more than JSON.parse takes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string(), fc.string({ unit: fc.constantFrom(...'{}[]":,01e-.\\u ') })),
        (text) => {
          let strict: unknown;
          try {
            strict = parseStrictJson(Buffer.from(text));
          } catch {
            return;
          }
          expect(strict).toBeDefined();
          JSON.parse(text);
        },
      ),
      { numRuns: 3000 },
    );
    expect(exactObject(parseStrictJson(Buffer.from('{"b":[],"a":{"c":"\\u00e1"}}')), ['a', 'b']).b).toEqual(
      [],
    );
  });
});

describe('anchor', () => {
  const key = run(8, 32);
  const anchor = {
    vaultId: run(0, 16),
    incarnation: run(1, 16),
    counter: 7,
    generation: 2,
    headerSeq: 3,
    journalSeq: 2 ** 40,
    journalHead: run(4, 32),
  };

  test('comes back, and every flipped bit is refused', () => {
    const record = encodeAnchor(crypto, key, anchor);
    expect(record.length).toBe(ANCHOR_RECORD_BYTES);
    expect(decodeAnchor(crypto, key, record)).toEqual(anchor);
    expect(decodeAnchor(crypto, run(9, 32), record)).toBeNull();
    expect(decodeAnchor(crypto, key, record.subarray(1))).toBeNull();
    for (let bit = 0; bit < record.length * 8; bit += 1) {
      const changed = Buffer.from(record);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(decodeAnchor(crypto, key, changed)).toBeNull();
    }
  });

  test('the newest valid record counts; a torn or foreign one is passed over', () => {
    const older = encodeAnchor(crypto, key, anchor);
    const newer = encodeAnchor(crypto, key, { ...anchor, counter: 8 });
    expect(anchorPlace(7)).not.toBe(anchorPlace(8));
    const pick = (...parts: Buffer[]) =>
      newestAnchor(crypto, key, anchor.vaultId, Buffer.concat(parts))?.counter;
    expect(pick(newer, older)).toBe(8);
    expect(pick(older, newer)).toBe(8);
    const torn = Buffer.concat([newer.subarray(0, 80), older.subarray(80)]);
    expect(pick(torn, older)).toBe(7);
    expect(pick(torn, torn)).toBeUndefined();
    expect(pick(older)).toBe(7);
    expect(pick(Buffer.alloc(0))).toBeUndefined();
    const foreign = encodeAnchor(crypto, key, { ...anchor, counter: 99, vaultId: run(9, 16) });
    expect(pick(foreign, older)).toBe(7);
  });

  test('a record with another layout under a right MAC is refused', () => {
    for (const at of [7, 53, 110]) {
      const signed = encodeAnchor(crypto, key, anchor).subarray(0, 128);
      signed[at]! ^= 1;
      const record = Buffer.concat([signed, crypto.blake2b(32, [signed], key)]);
      expect(decodeAnchor(crypto, key, record)).toBeNull();
    }
  });
});

describe('lock note', () => {
  const key = run(3, 32);
  const vaultId = run(0, 16);
  const lock = { who: 'Lucía Ñáñez', device: 'portátil', token: run(9, 16), heartbeat: 5 };

  test('is always of one size, names nobody in clear, and opens with the key', () => {
    for (const who of ['', 'A', lock.who, '😀'.repeat(300)]) {
      const file = encodeLockFile(crypto, random, key, vaultId, { ...lock, who });
      expect(file.length).toBe(LOCK_FILE_BYTES);
      expect(file.includes('portátil')).toBe(false);
      const note = openLockNote(crypto, key, vaultId, file)!;
      expect(note.device).toBe('portátil');
      expect(who.startsWith(note.who)).toBe(true);
      expect(Buffer.byteLength(note.who)).toBeLessThanOrEqual(250);
    }
    const file = encodeLockFile(crypto, random, key, vaultId, lock);
    expect(openLockNote(crypto, key, vaultId, file)).toEqual({ who: lock.who, device: lock.device });
    expect(readLockFile(file)).toEqual({ token: lock.token, heartbeat: 5 });
    expect(openLockNote(crypto, run(4, 32), vaultId, file)).toBeNull();
    expect(openLockNote(crypto, key, run(1, 16), file)).toBeNull();
    expect(readLockFile(file.subarray(1))).toBeNull();
    file.writeBigUInt64BE(6n, LOCK_HEARTBEAT_AT);
    expect(readLockFile(file)?.heartbeat).toBe(6);
    expect(openLockNote(crypto, key, vaultId, file)?.who).toBe(lock.who);
    file[100]! ^= 1;
    expect(openLockNote(crypto, key, vaultId, file)).toBeNull();
  });
});

describe('journal', () => {
  const fields = (): JournalFields => ({
    vaultId: run(0, 16),
    incarnation: run(1, 16),
    device: run(2, 16),
    seq: 3,
    prev: run(3, 32),
    hlc: { ms: 1_700_000_000_000, count: 2 },
    actor: run(4, 32),
    method: 'incidents.record',
    entityTable: 'incident',
    entityId: 'x',
    after: run(5, 32),
    payloadCommitment: run(6, 32),
  });

  test('fields are laid out as described', () => {
    const encoded = encodeJournalFields(fields());
    expect(encoded.subarray(0, 5).toString('hex')).toBe('0000000101');
    expect(encoded.subarray(5, 9).toString('hex')).toBe('00000010');
    expect(encoded.length).toBe(13 * 4 + 1 + 3 * 16 + 8 + 32 + 8 + 32 + 16 + 8 + 1 + 32 + 32);
    expect(decodeHlc(encodeHlc(fields().hlc))).toEqual(fields().hlc);
  });

  test('every changed field changes the hash, also where text moves from one field to the next', () => {
    const hashes = new Set<string>();
    const add = (changes: Partial<JournalFields>): void => {
      hashes.add(journalHash(crypto, { ...fields(), ...changes }).toString('hex'));
    };
    add({});
    add({ vaultId: run(9, 16) });
    add({ incarnation: run(9, 16) });
    add({ device: run(9, 16) });
    add({ seq: 4 });
    add({ prev: run(9, 32) });
    add({ hlc: { ms: 1, count: 2 } });
    add({ hlc: { ms: 1_700_000_000_000, count: 3 } });
    add({ actor: run(9, 32) });
    add({ method: 'incidents.amend' });
    add({ method: 'incidents.recordi', entityTable: 'ncident' });
    add({ entityTable: 'incidentx', entityId: '' });
    add({ entityId: 'y' });
    add({ after: run(9, 32) });
    add({ payloadCommitment: run(9, 32) });
    expect(hashes.size).toBe(15);
    expect(() => journalHash(crypto, { ...fields(), prev: run(0, 31) })).toThrow(RangeError);
  });

  test('a signature is by one key over one hash', () => {
    const ana = deriveSlotKeys(crypto, run(1, 32));
    const luis = deriveSlotKeys(crypto, run(2, 32));
    const hash = journalHash(crypto, fields());
    const signature = signJournal(crypto, hash, ana.signSecret);
    expect(verifyJournalSignature(crypto, hash, signature, ana.signPublic)).toBe(true);
    expect(verifyJournalSignature(crypto, hash, signature, luis.signPublic)).toBe(false);
    expect(verifyJournalSignature(crypto, run(0, 32), signature, ana.signPublic)).toBe(false);
    // A signature over the bare hash, without its label, is not one of ours.
    expect(verifyJournalSignature(crypto, hash, crypto.sign(hash, ana.signSecret), ana.signPublic)).toBe(
      false,
    );
    for (let bit = 0; bit < 512; bit += 1) {
      const changed = Buffer.from(signature);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(verifyJournalSignature(crypto, hash, changed, ana.signPublic)).toBe(false);
    }
  });

  test('row hashes keep types, places and borders apart', () => {
    const rows = [
      rowHash(crypto, 't', 'i', []),
      rowHash(crypto, 'ti', '', []),
      rowHash(crypto, 't', 'i', [null]),
      rowHash(crypto, 't', 'i', ['']),
      rowHash(crypto, 't', 'i', [Buffer.alloc(0)]),
      rowHash(crypto, 't', 'i', [1n]),
      rowHash(crypto, 't', 'i', [1]),
      rowHash(crypto, 't', 'i', ['1']),
      rowHash(crypto, 't', 'i', [-1n]),
      rowHash(crypto, 't', 'i', ['ab', 'c']),
      rowHash(crypto, 't', 'i', ['a', 'bc']),
      rowHash(crypto, 't', 'i', [null, 'a']),
      rowHash(crypto, 't', 'i', ['a', null]),
      rowHash(crypto, 't', 'i', [Buffer.from('a')]),
      rowHash(crypto, 't', 'i', ['a']),
    ].map((hash) => hash.toString('hex'));
    expect(new Set(rows).size).toBe(rows.length);
  });

  test('lists of rows, commitments and statements depend on all they cover', () => {
    const rows = [
      { table: 'a', id: '1', after: run(1, 32) },
      { table: 'b', id: '2', after: run(2, 32) },
    ];
    expect(rowListHash(crypto, rows)).not.toEqual(rowListHash(crypto, [...rows].reverse()));
    expect(rowListHash(crypto, rows)).not.toEqual(rowListHash(crypto, rows.slice(1)));
    expect(payloadCommitment(crypto, run(1, 16), Buffer.from('x'))).not.toEqual(
      payloadCommitment(crypto, run(2, 16), Buffer.from('x')),
    );
    expect(() => payloadCommitment(crypto, run(1, 15), Buffer.from('x'))).toThrow(RangeError);
    expect(statementDigest(crypto, 'L', [Buffer.from('ab'), Buffer.from('c')])).not.toEqual(
      statementDigest(crypto, 'L', [Buffer.from('a'), Buffer.from('bc')]),
    );
  });
});

describe('object keys at rest', () => {
  test('open for their vault, object, generation and wrapping key only', () => {
    const ids = { vaultId: run(0, 16), objectId: run(1, 16), generation: 3 };
    const wrapped = wrapObjectKey(crypto, run(7, 32), ids, random.bytes(24), run(9, 32));
    expect(unwrapObjectKey(crypto, run(7, 32), ids, wrapped)).toEqual(run(9, 32));
    const tries: [Buffer, typeof ids, typeof wrapped][] = [
      [run(8, 32), ids, wrapped],
      [run(7, 32), { ...ids, vaultId: run(5, 16) }, wrapped],
      [run(7, 32), { ...ids, objectId: run(5, 16) }, wrapped],
      [run(7, 32), ids, { ...wrapped, generation: 4 }],
      [run(7, 32), ids, { ...wrapped, nonce: random.bytes(24) }],
      [run(7, 32), ids, { ...wrapped, sealed: random.bytes(48) }],
      [run(7, 32), ids, { ...wrapped, sealed: random.bytes(47) }],
    ];
    for (const [key, of, what] of tries) {
      expect(codeOf(() => unwrapObjectKey(crypto, key, of, what))).toBe('evidence.objectDamaged');
    }
  });
});
