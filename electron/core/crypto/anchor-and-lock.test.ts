import { describe, expect, test } from 'vitest';
import { createNodeRandom } from '../ports/node/node-random.ts';
import { ANCHOR_RECORD_BYTES, anchorPlace, decodeAnchor, encodeAnchor, newestAnchor } from './anchor.ts';
import {
  encodeLockFile,
  LOCK_FILE_BYTES,
  LOCK_HEARTBEAT_AT,
  openLockNote,
  readLockFile,
} from './lock-note.ts';
import { createSodiumCrypto } from './sodium-crypto.ts';
import { sequence } from './test-support/sequence.ts';

const crypto = createSodiumCrypto();
const random = createNodeRandom();

describe('anchor', () => {
  const key = sequence(8, 32);
  const anchor = {
    vaultId: sequence(0, 16),
    incarnation: sequence(1, 16),
    counter: 7,
    generation: 2,
    headerSeq: 3,
    journalSeq: 2 ** 40,
    journalHead: sequence(4, 32),
  };

  test('comes back, and every flipped bit is refused', () => {
    const record = encodeAnchor(crypto, key, anchor);
    expect(record.length).toBe(ANCHOR_RECORD_BYTES);
    expect(decodeAnchor(crypto, key, record)).toEqual(anchor);
    expect(decodeAnchor(crypto, sequence(9, 32), record)).toBeNull();
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
    const foreign = encodeAnchor(crypto, key, { ...anchor, counter: 99, vaultId: sequence(9, 16) });
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
  const key = sequence(3, 32);
  const vaultId = sequence(0, 16);
  const lock = { who: 'Lucía Ñáñez', device: 'portátil', token: sequence(9, 16), heartbeat: 5 };

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
    expect(openLockNote(crypto, sequence(4, 32), vaultId, file)).toBeNull();
    expect(openLockNote(crypto, key, sequence(1, 16), file)).toBeNull();
    expect(readLockFile(file.subarray(1))).toBeNull();
    file.writeBigUInt64BE(6n, LOCK_HEARTBEAT_AT);
    expect(readLockFile(file)?.heartbeat).toBe(6);
    expect(openLockNote(crypto, key, vaultId, file)?.who).toBe(lock.who);
    file[100]! ^= 1;
    expect(openLockNote(crypto, key, vaultId, file)).toBeNull();
  });
});
