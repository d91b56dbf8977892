import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { createNodeRandom } from '../ports/node/node-random.ts';
import { encodeHeader, headerHash, parseHeader, relateHeader, type HeaderBody } from './header.ts';
import { ZERO_HASH } from './journal-format.ts';
import { arrangeSlots } from './slots.ts';
import { createSodiumCrypto } from './sodium-crypto.ts';
import { exactObject, parseStrictJson } from './strict-json.ts';
import { codeOf } from './test-support/code-of.ts';
import { madeSlot } from './test-support/made-slot.ts';
import { sequence } from './test-support/sequence.ts';

const crypto = createSodiumCrypto();
const random = createNodeRandom();

describe('header', () => {
  const key = sequence(5, 32);
  const body = (changes: Partial<HeaderBody> = {}): HeaderBody => ({
    id: sequence(0x40, 16),
    use: 'practice',
    seq: 1,
    prev: ZERO_HASH,
    generation: 1,
    database: 'vault-0011223344556677.db',
    minAppFormat: 1,
    epochs: [{ n: 1, ops: 3, memBytes: 64 * 1024 * 1024, salt: sequence(0x50, 16) }],
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
        Array.from(
          { length: used },
          () => madeSlot(crypto, random, sequence(0x40, 16), sequence(1, 32)).record,
        ),
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
      expect(codeOf(() => parsed.verify(crypto, sequence(6, 32)))).toBe('vault.headerDamaged');
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
      { n: 1, ops: 3, memBytes: 64 * 1024 * 1024, salt: sequence(1, 16) },
      { n: 2, ops: 4, memBytes: 128 * 1024 * 1024, salt: sequence(2, 16) },
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
    expect(codeOf(() => parseHeader(file).verify(crypto, sequence(6, 32)))).toBe('vault.headerDamaged');
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
