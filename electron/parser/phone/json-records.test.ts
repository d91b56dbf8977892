import { describe, expect, test } from 'vitest';
import { PHONE_LIMITS } from '#shared/parser/phone.ts';
import { JsonRecords, type RecordsEnd } from './json-records.ts';

const read = (
  bytes: Buffer,
  piece: number,
  byField = false,
): { ids: unknown[]; groups: (string | null)[]; end: RecordsEnd } => {
  const ids: unknown[] = [];
  const groups: (string | null)[] = [];
  const records = new JsonRecords(
    ({ value, index, group }) => {
      ids.push([index, (value as { id?: unknown }).id]);
      groups.push(group);
    },
    null,
    byField,
  );
  for (let at = 0; at < bytes.length; at += piece) records.push(bytes.subarray(at, at + piece));
  return { ids, groups, end: records.end() };
};

describe('a record that is too large to hold', () => {
  // Pieces end inside strings, lists and objects alike.
  const entry = `{"x":["a]}\\\\\\"${'['.repeat(700)}",{"y":[1]}]},`;
  const entries = entry.repeat(Math.ceil((2.3 * PHONE_LIMITS.recordBytes) / entry.length));
  const huge = `{"id":1,"more":{"list":[${entries}{}]}}`;
  const around: readonly [string, string, readonly [number, number][]][] = [
    [
      'in a list',
      `[{"id":0},${huge},{"id":2},{"id":3}]`,
      [
        [0, 0],
        [2, 2],
        [3, 3],
      ],
    ],
    [
      'in a list of a group',
      `{"a":[${huge},{"id":2}],"b":[{"id":3}]}`,
      [
        [1, 2],
        [2, 3],
      ],
    ],
    ['in a line', `${huge}\n{"id":2}\n`, [[1, 2]]],
  ];
  test.each(around)('is left out %s, and the records behind it are read', (_where, text, expected) => {
    expect(huge.length).toBeGreaterThan(PHONE_LIMITS.recordBytes);
    for (const piece of [3_000_001, 8 << 20]) {
      const { ids, end } = read(Buffer.from(text), piece);
      expect(ids).toEqual(expected);
      expect(end).toEqual({ reason: 'recordTooLarge', faultAt: null });
    }
  });

  test('a file that ends inside it says so', () => {
    const { ids, end } = read(Buffer.from(`[{"id":0},${huge.slice(0, -2)}`), 3_000_001);
    expect(ids).toEqual([[0, 0]]);
    expect(end.reason).toBe('endsEarly');
  });
});

describe('a text that is too large to hold', () => {
  // Brackets, commas and closed quotation marks in it must not be taken for those around it.
  const entry = '],}\\\\\\",{[\\\\';
  const text = `"${entry.repeat(Math.ceil((2.3 * PHONE_LIMITS.recordBytes) / entry.length))}"`;
  const pieces = [3_000_001, 8 << 20] as const;

  test('is JSON, and too large', () => {
    expect(JSON.parse(text)).toContain('],}');
    expect(text.length).toBeGreaterThan(PHONE_LIMITS.recordBytes);
  });

  test.each(pieces)('beside lists of records loses itself and nothing else (pieces of %i)', (piece) => {
    const whole = `{"a":[{"id":0}],"note" : ${text} ,"b":[{"id":2},{"id":3}],"c":{"id":4}}`;
    const { ids, groups, end } = read(Buffer.from(whole), piece);
    expect(ids).toEqual([
      [0, 0],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    expect(groups).toEqual(['a', 'b', 'b', 'c']);
    expect(end).toEqual({ reason: 'recordTooLarge', faultAt: null });
  });

  test.each(pieces)('as first or last field of an object told field by field (pieces of %i)', (piece) => {
    const first = read(Buffer.from(`{"target":${text},"hashes":[{"id":1},{"id":2}]}`), piece, true);
    expect(first.ids).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(first.end).toEqual({ reason: 'recordTooLarge', faultAt: null });
    const last = read(Buffer.from(`{"hashes":[{"id":0}],"target":${text}}`), piece, true);
    expect(last.ids).toEqual([[0, 0]]);
    expect(last.end).toEqual({ reason: 'recordTooLarge', faultAt: null });
  });

  test.each(pieces)('in a list of records (pieces of %i)', (piece) => {
    const { ids, end } = read(Buffer.from(`[{"id":0},${text},{"id":2},{"id":3}]`), piece);
    expect(ids).toEqual([
      [0, 0],
      [2, 2],
      [3, 3],
    ]);
    expect(end).toEqual({ reason: 'recordTooLarge', faultAt: null });
  });

  test.each(pieces)('as the name of a field takes that field with it (pieces of %i)', (piece) => {
    const { ids, groups } = read(Buffer.from(`{"a":[{"id":0}],${text}:[{"id":9}],"b":[{"id":2}]}`), piece);
    expect(ids).toEqual([
      [0, 0],
      [2, 2],
    ]);
    expect(groups).toEqual(['a', 'b']);
  });

  test('a file that ends inside it says so', () => {
    const { ids, end } = read(Buffer.from(`{"a":[{"id":0}],"note":${text.slice(0, -1)}`), 3_000_001);
    expect(ids).toEqual([[0, 0]]);
    expect(end.reason).toBe('endsEarly');
  });
});

describe('the mark of the encoding', () => {
  const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
  const list = Buffer.from('[{"id":0},{"id":1}]');
  const lines = [Buffer.from('{"id":0}'), Buffer.from('\n'), Buffer.from('{"id":1}')];
  /** The same bytes in two pieces, for every place between them, and byte by byte. */
  const everyCut = (bytes: Buffer) =>
    Array.from({ length: bytes.length }, (_, cut) => {
      const ids: unknown[] = [];
      const records = new JsonRecords(({ value }) => ids.push((value as { id?: unknown }).id), null);
      for (const piece of cut === 0
        ? Array.from(bytes, (_unit, at) => bytes.subarray(at, at + 1))
        : [bytes.subarray(0, cut), bytes.subarray(cut)])
        records.push(piece);
      return { ids, end: records.end() };
    });

  test.each([
    ['in a list', list],
    ['behind spaces of its own', Buffer.concat([Buffer.from(' \n'), list])],
    ['in lines', Buffer.concat(lines)],
  ])('at the beginning is passed over wherever a piece ends: %s', (_where, bytes) => {
    for (const said of everyCut(Buffer.concat([MARK, bytes])))
      expect(said).toEqual({ ids: [0, 1], end: { reason: null, faultAt: null } });
  });

  test.each([
    ['between records', Buffer.concat([lines[0] ?? list, MARK, lines[2] ?? list]), [0], 'brokenJson', 8],
    ['behind spaces', Buffer.concat([Buffer.from('  '), MARK, list]), [], 'notRecords', 2],
    ['twice', Buffer.concat([MARK, MARK, list]), [], 'notRecords', 3],
    ['in part', Buffer.concat([MARK.subarray(0, 2), list]), [], 'notRecords', 0],
    ['in part, and nothing behind it', MARK.subarray(0, 2), [], 'notRecords', 0],
    ['in a list', Buffer.concat([Buffer.from('[{"id":0},'), MARK, list]), [0], 'brokenJson', 10],
  ])('is a fault %s, at the same place wherever a piece ends', (_where, bytes, ids, reason, faultAt) => {
    for (const said of everyCut(bytes)) expect(said).toEqual({ ids, end: { reason, faultAt } });
  });

  test('alone is an empty file', () => {
    for (const said of everyCut(MARK)) expect(said.end).toEqual({ reason: 'empty', faultAt: null });
  });
});
