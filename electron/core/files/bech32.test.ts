import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { expect, test } from 'vitest';
import { isAgeRecipient } from './age.ts';

/** What the library that writes the header says of the same text. */
const taken = (key: string): boolean => {
  try {
    new Encrypter().addRecipient(key);
    return true;
  } catch {
    return false;
  }
};

test('a key is taken where the age library takes it, and any one sign that differs is noticed', async () => {
  const signs = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
  for (let turn = 0; turn < 8; turn += 1) {
    const key = await identityToRecipient(await generateX25519Identity());
    expect(taken(key)).toBe(true);
    expect(isAgeRecipient(key)).toBe(true);
    for (let at = 4; at < key.length; at += 1) {
      const other = signs[(signs.indexOf(key[at] ?? '') + 1 + turn * 3) % signs.length] ?? '';
      const wrong = `${key.slice(0, at)}${other}${key.slice(at + 1)}`;
      expect(isAgeRecipient(wrong)).toBe(wrong === key);
      expect(taken(wrong)).toBe(wrong === key);
    }
  }
});

test('other names, lengths, cases and signs are no keys', async () => {
  const key = await identityToRecipient(await generateX25519Identity());
  const wrong = ['', 'age1', key.toUpperCase(), key.slice(0, -1), `${key}q`, key.replace('age1', 'agf1')];
  for (const text of wrong) expect(isAgeRecipient(text), text).toBe(false);
});
