import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inRange, readAddress, readAddressRange } from './addresses.ts';

const addressLike = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.string({ unit: fc.constantFrom(...'0123456789abcf.:'), maxLength: 24 }),
);

describe('addresses', () => {
  it('takes for an address what the system takes for one', () => {
    fc.assert(
      fc.property(addressLike, (text) => {
        expect(readAddress(text) !== null).toBe(isIP(text) !== 0);
      }),
      { numRuns: 5_000 },
    );
  });

  it('finds every address in its own range and none outside', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(32), (text, length) => {
        const address = readAddress(text);
        const range = readAddressRange(`${text}/${String(length)}`);
        if (address === null || range === null) throw new Error('not read');
        expect(inRange(address, range)).toBe(true);
        if (length > 0 && range.shift < BigInt(address.bits)) {
          const outside = { bits: address.bits, value: address.value ^ (1n << range.shift) };
          expect(inRange(outside, range)).toBe(false);
        }
      }),
    );
  });
});
