import { describe, expect, test } from 'vitest';
import type { Crypto } from '../ports/crypto.ts';
import { newestAnchor, encodeAnchor } from './anchor.ts';
import { label } from './bytes.ts';
import { deriveSlotKeys, deriveVaultKeys, DERIVATIONS } from './key-hierarchy.ts';
import { loadCrypto } from './load-crypto.ts';
import { normalisePassphrase } from './passphrase.ts';
import { createPortableCrypto } from './portable-crypto.ts';
import { slotKek } from './slots.ts';
import { createSodiumCrypto } from './sodium-crypto.ts';
import { sequence } from './test-support/sequence.ts';

const portable = await createPortableCrypto();
const native = createSodiumCrypto();
const MIB = 1024 * 1024;

const MASTER_VECTORS = {
  header: 'dacec6c96d3d28fa594a0e3cd4ef6c0ea672e5ad8aad894aaea302bacc5c2402',
  database: '2b698c9f0c0e60073431bafc17066b8475ea8baf84c62bd12bc7656eabd31541',
  wrap: '730491c44ba7cea99e0a1e4180b8a74bd9741a99b3caac675adbae420a5d18e5',
  anchor: '08c1061e435c84449a2c8d4ff681932451891e780ab8a9ddf57218506e6a85df',
  note: 'ef0ba7f65e576577dabcff1297ceb6490936ef187ac1dfc50b446d54951884f9',
  backup: '43e706fafbfe1e86529243a0259372bd3429c639972ffe176c3a1ffb53995523',
} as const;

describe.each<[string, Crypto]>([
  ['native', native],
  ['portable', portable],
])('primitives, %s', (name, crypto) => {
  test('is the implementation that it says', () => {
    expect(crypto.implementation).toBe(name);
  });

  test('keys derived from the master key', () => {
    const keys = deriveVaultKeys(crypto, sequence(0x80, 32));
    for (const [key, hex] of Object.entries(MASTER_VECTORS)) {
      expect(keys[key as keyof typeof MASTER_VECTORS].toString('hex')).toBe(hex);
    }
    keys.wipe();
    expect(keys.header.every((byte) => byte === 0)).toBe(true);
    expect(keys.backup.every((byte) => byte === 0)).toBe(true);
  });

  test('passphrase in every spelling gives one access key and one slot key', async () => {
    const spellings = ['señal árbol', 'sen\u0303al a\u0301rbol', 'señal\u00a0árbol', 'señal\u3000árbol'];
    const forms = spellings.map((text) => normalisePassphrase(text).toString('hex'));
    expect(new Set(forms).size).toBe(1);
    const access = await crypto.argon2id13(
      normalisePassphrase('señal árbol'),
      sequence(0x50, 16),
      3,
      64 * MIB,
    );
    expect(access.toString('hex')).toBe('3627beec0eed1edbec70af91af678282016d04feefab85654099a68a92464d94');
    const kek = slotKek(crypto, access, sequence(0x40, 16), sequence(0x60, 16), { kind: 'none' });
    expect(kek.toString('hex')).toBe('17fc2e065fd805ee0e7b0906f323deacb4cf2862c43448288e4a1badb04ea13d');
  });

  test('BLAKE2b: published vectors, keyed, in parts, as a stream', () => {
    // RFC 7693, appendix A ("abc"), and the keyed reference vector for 00..02.
    const abc = Buffer.from('abc');
    expect(crypto.blake2b(64, [abc]).toString('hex')).toBe(
      'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1' +
        '7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
    );
    expect(crypto.blake2b(64, [sequence(0, 3)], sequence(0, 64)).toString('hex')).toBe(
      '33d0825dddf7ada99b0e7e307104ad07ca9cfd9692214f1561356315e784f3e5' +
        'a17e364ae9dbb14cb2036df932b77f4b292761365fb328de7afdc6d8998f5fc1',
    );
    const whole = crypto.blake2b(32, [sequence(7, 300)], sequence(1, 32));
    expect(
      crypto.blake2b(32, [sequence(7, 100), Buffer.alloc(0), sequence(107, 200)], sequence(1, 32)),
    ).toEqual(whole);
    const stream = crypto.blake2bStream(32, sequence(1, 32));
    stream.update(sequence(7, 299));
    stream.update(sequence(306, 1));
    expect(stream.digest()).toEqual(whole);
    expect(() => crypto.blake2b(8, [abc])).toThrow(RangeError);
  });

  test('SHA-256 stream', () => {
    const stream = crypto.sha256Stream();
    stream.update(Buffer.from('a'));
    stream.update(Buffer.from('bc'));
    expect(stream.digest().toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  test('XChaCha20-Poly1305: published vector, and every changed input is refused', () => {
    // draft-irtf-cfrg-xchacha, A.3.1
    const message = Buffer.from(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    );
    const ad = Buffer.from('50515253c0c1c2c3c4c5c6c7', 'hex');
    const key = sequence(0x80, 32);
    const nonce = sequence(0x40, 24);
    const sealed = Buffer.alloc(message.length + 16);
    crypto.aeadEncrypt(sealed, message, ad, nonce, key);
    expect(sealed.subarray(0, 16).toString('hex')).toBe('bd6d179d3e83d43b9576579493c0e939');
    expect(sealed.subarray(-16).toString('hex')).toBe('c0875924c1c7987947deafd8780acf49');
    const out = Buffer.alloc(message.length);
    expect(crypto.aeadDecrypt(out, sealed, ad, nonce, key)).toBe(true);
    expect(out).toEqual(message);
    for (const [index, part] of [sealed, ad, nonce, key].entries()) {
      for (let at = 0; at < part.length; at += 1) {
        const changed = [sealed, ad, nonce, key].map((bytes) => Buffer.from(bytes));
        changed[index]![at]! ^= 1 << (at % 8);
        expect(crypto.aeadDecrypt(out, changed[0]!, changed[1]!, changed[2]!, changed[3]!)).toBe(false);
      }
    }
    expect(crypto.aeadDecrypt(Buffer.alloc(0), Buffer.alloc(15), ad, nonce, key)).toBe(false);
    const empty = Buffer.alloc(16);
    crypto.aeadEncrypt(empty, Buffer.alloc(0), Buffer.alloc(0), nonce, key);
    expect(crypto.aeadDecrypt(Buffer.alloc(0), empty, Buffer.alloc(0), nonce, key)).toBe(true);
  });

  test('Ed25519: published vector', () => {
    // RFC 8032, 7.1, test 3
    const pair = crypto.signSeedKeyPair(
      Buffer.from('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7', 'hex'),
    );
    expect(pair.publicKey.toString('hex')).toBe(
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    );
    const message = Buffer.from('af82', 'hex');
    const signature = crypto.sign(message, pair.secretKey);
    expect(signature.toString('hex')).toBe(
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac' +
        '18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    );
    expect(crypto.verify(signature, message, pair.publicKey)).toBe(true);
    signature[0]! ^= 1;
    expect(crypto.verify(signature, message, pair.publicKey)).toBe(false);
    expect(crypto.verify(signature.subarray(1), message, pair.publicKey)).toBe(false);
  });

  test('seals open for their own pair only', () => {
    const mine = crypto.boxSeedKeyPair(sequence(1, 32));
    const other = crypto.boxSeedKeyPair(sequence(2, 32));
    const sealed = crypto.boxSeal(sequence(9, 36), mine.publicKey);
    expect(sealed.length).toBe(84);
    expect(crypto.boxSealOpen(sealed, mine)).toEqual(sequence(9, 36));
    expect(crypto.boxSealOpen(sealed, other)).toBeNull();
    sealed[40]! ^= 1;
    expect(crypto.boxSealOpen(sealed, mine)).toBeNull();
    expect(crypto.boxSealOpen(Buffer.alloc(10), mine)).toBeNull();
  });

  test('derivation refuses a context that is not eight characters', () => {
    expect(() => crypto.deriveKey(sequence(0, 32), 1, 'short')).toThrow(RangeError);
    expect(() => crypto.deriveKey(sequence(0, 32), 1, 'ninechars')).toThrow(RangeError);
    expect(() => crypto.deriveKey(sequence(0, 31), 1, 'RSGmast1')).toThrow(RangeError);
  });

  test('comparison, wiping, memory of its own', async () => {
    expect(crypto.equal(sequence(0, 4), sequence(0, 4))).toBe(true);
    expect(crypto.equal(sequence(0, 4), sequence(1, 4))).toBe(false);
    expect(crypto.equal(sequence(0, 4), sequence(0, 5))).toBe(false);
    expect(crypto.equal(Buffer.alloc(0), Buffer.alloc(0))).toBe(true);
    const wiped = sequence(1, 9);
    crypto.zero(wiped, Buffer.alloc(0));
    expect(wiped).toEqual(Buffer.alloc(9));
    for (const key of [
      crypto.deriveKey(sequence(0, 32), 1, 'RSGmast1'),
      crypto.blake2b(32, [sequence(0, 3)]),
      await crypto.argon2id13(sequence(1, 8), sequence(0, 16), 1, 8 * MIB),
      crypto.signSeedKeyPair(sequence(0, 32)).secretKey,
    ]) {
      // A pooled Buffer would lie in an ArrayBuffer of 8 KiB together with others.
      expect(key.buffer.byteLength).toBe(key.length);
    }
  });

  test('slot keys wipe their secrets', () => {
    const keys = deriveSlotKeys(crypto, sequence(3, 32));
    expect(keys.signSecret.subarray(32)).toEqual(keys.signPublic);
    keys.wipe();
    expect(keys.signSecret).toEqual(Buffer.alloc(64));
    expect(keys.boxSecret).toEqual(Buffer.alloc(32));
  });
});

test('both implementations open and verify what the other made', () => {
  for (const [maker, reader] of [
    [native, portable],
    [portable, native],
  ] as const) {
    const keys = deriveSlotKeys(maker, sequence(3, 32));
    expect(deriveSlotKeys(reader, sequence(3, 32)).boxPublic).toEqual(keys.boxPublic);
    const sealed = maker.boxSeal(sequence(5, 36), keys.boxPublic);
    const pair = { publicKey: keys.boxPublic, secretKey: keys.boxSecret };
    expect(reader.boxSealOpen(sealed, pair)).toEqual(sequence(5, 36));
    const anchor = {
      vaultId: sequence(0, 16),
      incarnation: sequence(1, 16),
      counter: 2,
      generation: 1,
      headerSeq: 3,
      journalSeq: 4,
      journalHead: sequence(4, 32),
    };
    const file = Buffer.concat([encodeAnchor(maker, sequence(9, 32), anchor), Buffer.alloc(160)]);
    expect(newestAnchor(reader, sequence(9, 32), sequence(0, 16), file)).toEqual(anchor);
  }
});

test('no context and number is used for two purposes', () => {
  const pairs = Object.values(DERIVATIONS).map(({ context, id }) => `${context}/${id}`);
  expect(new Set(pairs).size).toBe(pairs.length);
  for (const { context } of Object.values(DERIVATIONS)) expect(Buffer.byteLength(context)).toBe(8);
});

test('the native implementation is the one that loads here', async () => {
  expect((await loadCrypto()).implementation).toBe('native');
});

test('the native derivation leaves the loop free', async () => {
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 5);
  await native.argon2id13(sequence(1, 8), sequence(0, 16), 3, 64 * MIB);
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(3);
});

describe('passphrases', () => {
  test('nothing is trimmed, case stays, length counts in bytes after normalising', () => {
    expect(normalisePassphrase(' Clave ').toString()).toBe(' Clave ');
    expect(normalisePassphrase('x'.repeat(1024)).length).toBe(1024);
    expect(normalisePassphrase('n\u0303'.repeat(512)).length).toBe(1024);
    for (const bad of ['', 'x'.repeat(1025), 'ñ'.repeat(513), 'a\ud800b', 'x'.repeat(100_000)]) {
      expect(() => normalisePassphrase(bad)).toThrow('vault.passphraseLength');
    }
  });

  test('lies in memory of its own', () => {
    const bytes = normalisePassphrase('corto');
    expect(bytes.buffer.byteLength).toBe(bytes.length);
  });
});

test('labels end with one zero byte', () => {
  expect(label('RSG header v1').toString('hex')).toBe('525347206865616465722076310' + '0');
});
