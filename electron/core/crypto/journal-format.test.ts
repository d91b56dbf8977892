import { describe, expect, test } from 'vitest';
import { createNodeRandom } from '../ports/node/node-random.ts';
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
  type JournalFields,
} from './journal-format.ts';
import { deriveSlotKeys } from './key-hierarchy.ts';
import { unwrapObjectKey, wrapObjectKey } from './object-format.ts';
import { createSodiumCrypto } from './sodium-crypto.ts';
import { codeOf } from './test-support/code-of.ts';
import { sequence } from './test-support/sequence.ts';

const crypto = createSodiumCrypto();
const random = createNodeRandom();

describe('journal', () => {
  const fields = (): JournalFields => ({
    vaultId: sequence(0, 16),
    incarnation: sequence(1, 16),
    device: sequence(2, 16),
    seq: 3,
    prev: sequence(3, 32),
    hlc: { ms: 1_700_000_000_000, count: 2 },
    actor: sequence(4, 32),
    method: 'incidents.record',
    entityTable: 'incident',
    entityId: 'x',
    after: sequence(5, 32),
    payloadCommitment: sequence(6, 32),
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
    add({ vaultId: sequence(9, 16) });
    add({ incarnation: sequence(9, 16) });
    add({ device: sequence(9, 16) });
    add({ seq: 4 });
    add({ prev: sequence(9, 32) });
    add({ hlc: { ms: 1, count: 2 } });
    add({ hlc: { ms: 1_700_000_000_000, count: 3 } });
    add({ actor: sequence(9, 32) });
    add({ method: 'incidents.amend' });
    add({ method: 'incidents.recordi', entityTable: 'ncident' });
    add({ entityTable: 'incidentx', entityId: '' });
    add({ entityId: 'y' });
    add({ after: sequence(9, 32) });
    add({ payloadCommitment: sequence(9, 32) });
    expect(hashes.size).toBe(15);
    expect(() => journalHash(crypto, { ...fields(), prev: sequence(0, 31) })).toThrow(RangeError);
  });

  test('a signature is by one key over one hash', () => {
    const ana = deriveSlotKeys(crypto, sequence(1, 32));
    const luis = deriveSlotKeys(crypto, sequence(2, 32));
    const hash = journalHash(crypto, fields());
    const signature = signJournal(crypto, hash, ana.signSecret);
    expect(verifyJournalSignature(crypto, hash, signature, ana.signPublic)).toBe(true);
    expect(verifyJournalSignature(crypto, hash, signature, luis.signPublic)).toBe(false);
    expect(verifyJournalSignature(crypto, sequence(0, 32), signature, ana.signPublic)).toBe(false);
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
      { table: 'a', id: '1', after: sequence(1, 32) },
      { table: 'b', id: '2', after: sequence(2, 32) },
    ];
    expect(rowListHash(crypto, rows)).not.toEqual(rowListHash(crypto, [...rows].reverse()));
    expect(rowListHash(crypto, rows)).not.toEqual(rowListHash(crypto, rows.slice(1)));
    expect(payloadCommitment(crypto, sequence(1, 16), Buffer.from('x'))).not.toEqual(
      payloadCommitment(crypto, sequence(2, 16), Buffer.from('x')),
    );
    expect(() => payloadCommitment(crypto, sequence(1, 15), Buffer.from('x'))).toThrow(RangeError);
    expect(statementDigest(crypto, 'L', [Buffer.from('ab'), Buffer.from('c')])).not.toEqual(
      statementDigest(crypto, 'L', [Buffer.from('a'), Buffer.from('bc')]),
    );
  });
});

describe('object keys at rest', () => {
  test('open for their vault, object, generation and wrapping key only', () => {
    const ids = { vaultId: sequence(0, 16), objectId: sequence(1, 16), generation: 3 };
    const wrapped = wrapObjectKey(crypto, sequence(7, 32), ids, random.bytes(24), sequence(9, 32));
    expect(unwrapObjectKey(crypto, sequence(7, 32), ids, wrapped)).toEqual(sequence(9, 32));
    const tries: [Buffer, typeof ids, typeof wrapped][] = [
      [sequence(8, 32), ids, wrapped],
      [sequence(7, 32), { ...ids, vaultId: sequence(5, 16) }, wrapped],
      [sequence(7, 32), { ...ids, objectId: sequence(5, 16) }, wrapped],
      [sequence(7, 32), ids, { ...wrapped, generation: 4 }],
      [sequence(7, 32), ids, { ...wrapped, nonce: random.bytes(24) }],
      [sequence(7, 32), ids, { ...wrapped, sealed: random.bytes(48) }],
      [sequence(7, 32), ids, { ...wrapped, sealed: random.bytes(47) }],
    ];
    for (const [key, of, what] of tries) {
      expect(codeOf(() => unwrapObjectKey(crypto, key, of, what))).toBe('evidence.objectDamaged');
    }
  });
});
