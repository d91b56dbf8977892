import { describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import type { Random } from '../ports/random.ts';
import { createNodeRandom } from '../ports/node/node-random.ts';
import {
  arrangeSlots,
  openMaster,
  openSlots,
  resealSlot,
  shuffled,
  slotIdOf,
  SLOT_BYTES,
  SLOT_COUNT,
  type SecondFactor,
} from './slots.ts';
import { createSodiumCrypto } from './sodium-crypto.ts';
import { codeOf } from './test-support/code-of.ts';
import { madeSlot } from './test-support/made-slot.ts';
import { sequence } from './test-support/sequence.ts';

const crypto = createSodiumCrypto();
const random = createNodeRandom();

describe('slots', () => {
  const vaultId = sequence(0x40, 16);

  test('a slot opens with its own key and factor, wherever it lies, and gives the master key', () => {
    const factors: SecondFactor[] = [
      { kind: 'none' },
      { kind: 'keyFile', hash: sequence(7, 32) },
      { kind: 'machine', secret: sequence(7, 32) },
    ];
    for (const factor of factors) {
      const slot = madeSlot(crypto, random, vaultId, sequence(1, 32), factor);
      const other = madeSlot(crypto, random, vaultId, sequence(2, 32));
      const records = arrangeSlots(random, [slot.record, other.record]);
      expect(records.length).toBe(SLOT_COUNT);
      expect(records.every((record) => record.length === SLOT_BYTES)).toBe(true);
      const opened = openSlots(crypto, vaultId, records, [sequence(9, 32), sequence(1, 32)], factor);
      expect(opened.slotSecret).toEqual(slot.slotSecret);
      expect(opened.accessKeyIndex).toBe(1);
      expect(records[opened.index]).toEqual(slot.record);
      expect(opened.slotId).toEqual(slotIdOf(slot.record));
      const master = openMaster(crypto, opened.sealedMaster, slot.keys);
      expect(master).toEqual({ generation: 1, masterKey: slot.masterKey });
      for (const wrong of factors.filter((f) => f !== factor)) {
        expect(codeOf(() => openSlots(crypto, vaultId, records, [sequence(1, 32)], wrong))).toBe(
          'vault.wrongPassphrase',
        );
      }
      expect(codeOf(() => openSlots(crypto, sequence(0, 16), records, [sequence(1, 32)], factor))).toBe(
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
    const slot = madeSlot(crypto, random, vaultId, sequence(1, 32));
    const records = [slot.record, ...arrangeSlots(random, []).slice(1)];
    openSlots(counting, vaultId, records, [sequence(1, 32), sequence(2, 32)], { kind: 'none' });
    expect(trials).toBe(32);
    trials = 0;
    expect(codeOf(() => openSlots(counting, vaultId, records, [sequence(3, 32)], { kind: 'none' }))).toBe(
      'vault.wrongPassphrase',
    );
    expect(trials).toBe(16);
  });

  test('two records that open are refused', () => {
    const slot = madeSlot(crypto, random, vaultId, sequence(1, 32));
    const records = [slot.record, slot.record, ...arrangeSlots(random, []).slice(2)];
    expect(codeOf(() => openSlots(crypto, vaultId, records, [sequence(1, 32)], { kind: 'none' }))).toBe(
      'vault.headerDamaged',
    );
  });

  test('2,000 flipped bits of a record: never opens to anything else', () => {
    const slot = madeSlot(crypto, random, vaultId, sequence(1, 32));
    let undetected = 0;
    for (let i = 0; i < 2000; i += 1) {
      const record = Buffer.from(slot.record);
      record[i % SLOT_BYTES]! ^= 1 << (Math.floor(i / SLOT_BYTES) % 8);
      try {
        const opened = openSlots(crypto, vaultId, [record], [sequence(1, 32)], { kind: 'none' });
        openMaster(crypto, opened.sealedMaster, slot.keys);
        undetected += 1;
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(AppError);
      }
    }
    expect(undetected).toBe(0);
  });

  test('a new master key for a slot whose passphrase nobody knows', () => {
    const slot = madeSlot(crypto, random, vaultId, sequence(1, 32));
    const renewed = resealSlot(crypto, slot.record, 2, sequence(3, 32), slot.keys.boxPublic);
    const opened = openSlots(crypto, vaultId, [renewed], [sequence(1, 32)], { kind: 'none' });
    expect(openMaster(crypto, opened.sealedMaster, slot.keys)).toEqual({
      generation: 2,
      masterKey: sequence(3, 32),
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
