import fc from 'fast-check';
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesSource, readZipDirectory, readZipEntry } from './zip-reader.ts';
import { entryOfBytes, writeZip, zipBytes } from './zip-writer.ts';

const readAll = async (zip: Uint8Array): Promise<Map<string, Buffer>> => {
  const source = bytesSource(zip);
  const out = new Map<string, Buffer>();
  for (const entry of await readZipDirectory(source)) {
    const chunks: Buffer[] = [];
    for await (const chunk of readZipEntry(source, entry)) chunks.push(chunk);
    out.set(entry.name, Buffer.concat(chunks));
  }
  return out;
};

/** A zip put together by hand, so that each field can lie. */
interface Lie {
  name?: string;
  localName?: string;
  data?: Buffer;
  method?: number;
  size?: number;
  storedSize?: number;
  crc?: number;
  flags?: number;
  attributes?: number;
  offset?: number;
  comment?: string;
  gapBefore?: number;
}
const handMade = (
  entries: readonly Lie[],
  end: { comment?: string; count?: number; prefix?: Buffer } = {},
): Buffer => {
  const prefix = end.prefix ?? Buffer.alloc(0);
  const parts: Buffer[] = [prefix];
  const central: Buffer[] = [];
  let offset = prefix.length;
  for (const lie of entries) {
    const data = lie.data ?? Buffer.from('data');
    const name = Buffer.from(lie.name ?? 'a.txt');
    const localName = Buffer.from(lie.localName ?? lie.name ?? 'a.txt');
    const gap = Buffer.alloc(lie.gapBefore ?? 0);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(lie.method ?? 0, 8);
    local.writeUInt32LE(lie.crc ?? crc32(data), 14);
    local.writeUInt32LE(lie.storedSize ?? data.length, 18);
    local.writeUInt32LE(lie.size ?? data.length, 22);
    local.writeUInt16LE(localName.length, 26);
    const header = Buffer.alloc(46);
    header.writeUInt32LE(0x02014b50, 0);
    header.writeUInt16LE((3 << 8) | 20, 4);
    header.writeUInt16LE(lie.flags ?? 0, 8);
    header.writeUInt16LE(lie.method ?? 0, 10);
    header.writeUInt32LE(lie.crc ?? crc32(data), 16);
    header.writeUInt32LE(lie.storedSize ?? data.length, 20);
    header.writeUInt32LE(lie.size ?? data.length, 24);
    header.writeUInt16LE(name.length, 28);
    header.writeUInt16LE((lie.comment ?? '').length, 32);
    header.writeUInt32LE(lie.attributes ?? (0o100644 << 16) >>> 0, 38);
    header.writeUInt32LE(lie.offset ?? offset + gap.length, 42);
    parts.push(gap, local, localName, data);
    offset += gap.length + 30 + localName.length + data.length;
    central.push(header, name, Buffer.from(lie.comment ?? ''));
  }
  const directory = Buffer.concat(central);
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(end.count ?? entries.length, 8);
  record.writeUInt16LE(end.count ?? entries.length, 10);
  record.writeUInt32LE(directory.length, 12);
  record.writeUInt32LE(offset, 16);
  record.writeUInt16LE((end.comment ?? '').length, 20);
  return Buffer.concat([...parts, directory, record, Buffer.from(end.comment ?? '')]);
};

const name = fc.stringMatching(/^[a-z0-9_]{1,8}(\/[a-z0-9_]{1,8}){0,2}\.[a-z]{1,3}$/);
const files = fc.uniqueArray(
  fc.tuple(name, fc.uint8Array({ maxLength: 300 }), fc.constantFrom('store', 'deflate')),
  {
    selector: ([path]) => path,
    maxLength: 12,
  },
);

describe('zip writer', () => {
  it('gives back what went in, whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (list) => {
        const entries = list.map(([path, bytes, method]) => entryOfBytes(path, bytes, method));
        const zip = await zipBytes(entries);
        expect((await zipBytes([...entries].reverse())).equals(zip)).toBe(true);
        const read = await readAll(zip);
        expect([...read.keys()]).toEqual(list.map(([path]) => path).sort());
        for (const [path, bytes] of list) expect(read.get(path)?.equals(Buffer.from(bytes))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it.each(['/abs', '../up', 'a/../b', './a', 'a\\b', 'niña.txt', '', 'a/./b', 'a\u0000b'])(
    'refuses the name %j',
    async (bad) => {
      await expect(zipBytes([entryOfBytes(bad, Buffer.from('x'))])).rejects.toBeInstanceOf(RangeError);
    },
  );

  it('refuses a name twice, also where only the case differs', async () => {
    const twice = ['a.txt', 'A.txt'].map((one) => entryOfBytes(one, Buffer.from('x')));
    await expect(zipBytes(twice)).rejects.toBeInstanceOf(RangeError);
  });

  it('refuses a source that gives more, less or other bytes than promised', async () => {
    const good = entryOfBytes('a.txt', Buffer.from('12345'));
    for (const given of ['1234', '123456', '12346']) {
      await expect(zipBytes([{ ...good, open: () => [Buffer.from(given)] }])).rejects.toBeInstanceOf(
        RangeError,
      );
    }
  });

  it('writes more than 65,535 entries as zip64', async () => {
    const many = Array.from({ length: 65_600 }, (_, at) => entryOfBytes(`f${String(at)}`, Buffer.alloc(0)));
    const source = bytesSource(await zipBytes(many));
    expect(await readZipDirectory(source)).toHaveLength(65_600);
  });

  it('writes an entry of more than 4 GiB as zip64', async () => {
    const block = Buffer.alloc(64 * 1024 * 1024);
    const size = 64 * block.length + 5;
    let crc = 0;
    for (let at = 0; at < 64; at += 1) crc = crc32(block, crc);
    crc = crc32(block.subarray(0, 5), crc);
    const large = {
      ...{ name: 'a.bin', size, storedSize: size, crc, method: 'store' as const },
      *open(): Generator<Buffer> {
        for (let at = 0; at < 64; at += 1) yield block;
        yield block.subarray(0, 5);
      },
    };
    // Only what is not the zeros of the large entry is kept.
    const kept: { at: number; bytes: Uint8Array }[] = [];
    let at = 0;
    for await (const chunk of writeZip([large, entryOfBytes('b.txt', Buffer.from('behind'))])) {
      if (chunk.buffer !== block.buffer) kept.push({ at, bytes: chunk });
      at += chunk.length;
    }
    const source = {
      size: at,
      read(position: number, length: number): Promise<Buffer> {
        const out = Buffer.alloc(length);
        for (const part of kept) {
          for (let byte = 0; byte < part.bytes.length; byte += 1) {
            const to = part.at + byte - position;
            if (to >= 0 && to < length) out[to] = part.bytes[byte] ?? 0;
          }
        }
        return Promise.resolve(out);
      },
    };
    const entries = await readZipDirectory(source);
    expect(entries.map((entry) => [entry.name, entry.size])).toEqual([
      ['a.bin', size],
      ['b.txt', 6],
    ]);
    const last = entries[1];
    if (last === undefined) throw new Error('entry');
    const chunks: Buffer[] = [];
    for await (const chunk of readZipEntry(source, last)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('behind');
  }, 120_000);
});

describe('zip reader against hostile archives', () => {
  const refused = async (zip: Uint8Array): Promise<void> => {
    await expect(readAll(zip)).rejects.toMatchObject({ code: 'package.unreadable' });
  };

  it('reads the hand-made archive when nothing lies', async () => {
    expect((await readAll(handMade([{}, { name: 'b/c.txt' }]))).size).toBe(2);
    const data = deflateRawSync(Buffer.from('hello'));
    const zip = handMade([{ data, method: 8, size: 5, crc: crc32(Buffer.from('hello')) }]);
    expect((await readAll(zip)).get('a.txt')?.toString()).toBe('hello');
  });

  it.each<[string, Buffer]>([
    ['a name twice', handMade([{}, {}])],
    ['a name twice but for case', handMade([{}, { name: 'A.TXT' }])],
    ['climbing out', handMade([{ name: '../a' }])],
    ['climbing out inside', handMade([{ name: 'a/../../b' }])],
    ['an absolute name', handMade([{ name: '/etc/x' }])],
    ['a drive', handMade([{ name: 'C:x' }])],
    ['a backslash', handMade([{ name: 'a\\b' }])],
    ['an empty part', handMade([{ name: 'a//b' }])],
    ['a dot at the end', handMade([{ name: 'a./b' }])],
    ['a control sign', handMade([{ name: 'a\u0007b' }])],
    ['a name that is not UTF-8', handMade([{ name: 'x' }]).fill(0xff, 30, 31)],
    ['another name in the local header', handMade([{ localName: 'b.txt' }])],
    ['an archive comment', handMade([{}], { comment: 'hi' })],
    ['an entry comment', handMade([{ comment: 'hi' }])],
    ['data in front', handMade([{}], { prefix: Buffer.from('MZ') })],
    ['a gap', handMade([{}, { name: 'b', gapBefore: 100 }])],
    [
      'overlap: two entries on the same bytes',
      handMade([{}, { name: 'b.txt', localName: 'a.txt', offset: 0 }]),
    ],
    ['encryption', handMade([{ flags: 1 }])],
    ['strong encryption', handMade([{ flags: 0x40 }])],
    ['an unknown method', handMade([{ method: 12 }])],
    ['a link', handMade([{ attributes: (0o120777 << 16) >>> 0 }])],
    ['a size that is not the data', handMade([{ size: 3 }])],
    ['a wrong checksum', handMade([{ crc: 1 }])],
    ['more entries than there are', handMade([{}], { count: 2 })],
    ['fewer entries than there are', handMade([{}, { name: 'b' }], { count: 1 })],
    ['a bomb by its own words', handMade([{ data: Buffer.alloc(10), method: 8, size: 0x7fffffff }])],
    [
      'data behind the compressed end',
      handMade([
        {
          data: Buffer.concat([deflateRawSync(Buffer.from('hello')), Buffer.from('hidden')]),
          method: 8,
          size: 5,
          crc: crc32(Buffer.from('hello')),
        },
      ]),
    ],
    [
      'more content than announced',
      handMade([
        {
          data: deflateRawSync(Buffer.alloc(50_000)),
          method: 8,
          size: 1_000,
          crc: crc32(Buffer.alloc(1_000)),
        },
      ]),
    ],
    ['nothing', Buffer.alloc(0)],
    ['noise', Buffer.alloc(1_000, 0x50)],
  ])('refuses %s', async (_, zip) => {
    await refused(zip);
  });

  it('a cut or changed archive is refused or gives the same content, and never anything else', async () => {
    const entries = [
      entryOfBytes('a.txt', Buffer.from('content of a')),
      entryOfBytes('b.txt', Buffer.from('b'.repeat(99)), 'deflate'),
    ];
    const zip = await zipBytes(entries);
    for (let length = 0; length < zip.length; length += 1) await refused(zip.subarray(0, length));
    const whole = await readAll(zip);
    await fc.assert(
      fc.asyncProperty(fc.nat(zip.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(zip);
        changed[at] = (changed[at] ?? 0) ^ change;
        try {
          const read = await readAll(changed);
          // Fields that carry no content (dates, versions, attributes) may differ; names and bytes may not.
          for (const [path, bytes] of read) expect(whole.get(path)?.equals(bytes), path).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'package.unreadable' });
        }
      }),
      { numRuns: 1_500 },
    );
  });
});
