import { deflateRawSync, crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { createParserClient } from '../../electron/core/parser-host/index.ts';
import { watchedLauncher, type WatchedLauncher } from './parser-fixture.ts';
import { domains, fileAt, readResults, tarOf, zipOf } from './phone-fixture.ts';

const launcher: WatchedLauncher = watchedLauncher();
const client = createParserClient(launcher);
afterAll(() => client.close());
const EVIL = domains('evil.example.org');
const LONG = Number(process.env['PARSER_FUZZ_ROUNDS'] ?? 0) > 400;

const sms = (url: string): string => JSON.stringify([{ ROWID: 1, text: `x ${url}`, links: [url] }], null, 4);
const good = sms('https://evil.example.org/');

/** A zip of one entry whose fields are as told, true or not. */
const zipWith = (
  name: string,
  packed: Buffer,
  fields: { method?: number; size: number; crc: number; flags?: number; localName?: string },
): Buffer => {
  const { method = 8, size, crc, flags = 0, localName = name } = fields;
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(flags, 6);
  local.writeUInt16LE(method, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(size, 22);
  local.writeUInt16LE(Buffer.byteLength(localName), 26);
  const start = local.length + Buffer.byteLength(localName) + packed.length;
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(flags, 8);
  central.writeUInt16LE(method, 10);
  central.writeUInt32LE(crc >>> 0, 16);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(size, 24);
  central.writeUInt16LE(Buffer.byteLength(name), 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + Buffer.byteLength(name), 12);
  end.writeUInt32LE(start, 16);
  return Buffer.concat([local, Buffer.from(localName), packed, central, Buffer.from(name), end]);
};

describe('archives', () => {
  test('a bomb is stopped where it is one, its file named', async () => {
    const zeros = Buffer.alloc(200 * 1024 * 1024, 0x20);
    const bomb = zipWith('sms.json', deflateRawSync(zeros, { level: 9 }), {
      size: zeros.length,
      crc: crc32(zeros),
    });
    expect(bomb.length).toBeLessThan(1_000_000);
    const reading = await readResults(client, bomb, { indicators: EVIL });
    expect(fileAt(reading, 'sms.json')).toMatchObject({
      status: 'notRead',
      reason: 'packedTooTightly',
      sha256: null,
    });
  });

  test('an entry that unpacks to more or other than it says, and one that is cut', async () => {
    const text = Buffer.from(good);
    const packed = deflateRawSync(text);
    const more = await readResults(client, zipWith('sms.json', packed, { size: 20, crc: crc32(text) }), {
      indicators: EVIL,
    });
    expect(fileAt(more, 'sms.json').reason).toBe('packedTooTightly');
    const other = await readResults(client, zipWith('sms.json', packed, { size: text.length, crc: 1 }), {
      indicators: EVIL,
    });
    expect(fileAt(other, 'sms.json')).toMatchObject({
      status: 'partly',
      reason: 'damagedEntry',
      records: 1,
      sha256: null,
    });
    const cut = await readResults(
      client,
      zipWith('sms.json', packed.subarray(0, packed.length - 20), { size: text.length, crc: crc32(text) }),
      { indicators: EVIL },
    );
    expect(fileAt(cut, 'sms.json').reason).toBe('damagedEntry');
  });

  test('encrypted, unknown method, two names, paths that climb, archives inside', async () => {
    const bytes = Buffer.from(good);
    const stored = { method: 0, size: bytes.length, crc: crc32(bytes) };
    const of = async (name: string, more: object = {}) =>
      (await readResults(client, zipWith(name, bytes, { ...stored, ...more }), { indicators: EVIL }))
        .files[0];
    expect(await of('sms.json', { flags: 1 })).toMatchObject({ reason: 'encrypted', status: 'notRead' });
    expect(await of('sms.json', { method: 93 })).toMatchObject({ reason: 'unknownMethod' });
    expect(await of('sms.json', { localName: 'SMS.json' })).toMatchObject({ reason: 'directoryDiffers' });
    for (const name of [
      '../sms.json',
      '/etc/sms.json',
      'a/../../sms.json',
      'C:\\sms.json',
      'a\\..\\sms.json',
    ])
      expect(await of(name), name).toMatchObject({ path: '', reason: 'unsafeName', status: 'notRead' });
    expect(await of('inner.zip')).toMatchObject({ kind: 'other', reason: 'nestedArchive' });
    const tar = await readResults(client, tarOf({ '../sms.json': good, 'sms.json': good }), {
      indicators: EVIL,
    });
    expect(tar.files.map(({ reason }) => reason)).toEqual(['unsafeName', null]);
    expect(tar.found).toHaveLength(1);
  });

  test('a directory that lies is a refusal, and the engine lives', async () => {
    const zip = await zipOf({ 'sms.json': good });
    const engine = process.pid;
    const broken = Buffer.from(zip);
    broken.writeUInt32LE(0x7fffffff, broken.length - 22 + 16);
    await expect(readResults(client, broken)).rejects.toMatchObject({ code: 'parser.damagedFile' });
    await expect(readResults(client, zip.subarray(0, zip.length - 40))).rejects.toMatchObject({
      name: 'AppError',
    });
    const sum = tarOf({ 'sms.json': good, 'b.json': good });
    sum.writeUInt8(66, 512 + Math.ceil(good.length / 512) * 512 + 3);
    await expect(readResults(client, sum)).rejects.toMatchObject({ code: 'parser.damagedFile' });
    expect(process.pid).toBe(engine);
  });

  test('a hundred thousand files', { timeout: 240_000 }, async () => {
    const many = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, at) => [`a/${at % 100}/${at}.bin`, 'x']),
    );
    const reading = await readResults(client, tarOf({ ...many, 'a/sms.json': good }), {
      indicators: EVIL,
      piece: 4 << 20,
    });
    expect(reading.files).toHaveLength(100_001);
    expect(reading.files.filter(({ reason }) => reason === 'unknownFile')).toHaveLength(100_000);
    expect(reading.found).toHaveLength(1);
  });
});

describe('backups of messages', () => {
  const backup = (inside: string, head = ''): Buffer =>
    Buffer.from(
      `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n${head}<smses count="1">${inside}</smses>`,
    );
  const message =
    '<sms address="+525512345678" date="1717400000123" type="1" body="Abre https://evil.example.org/x &amp; ya" readable_date="x"/>';
  const read = (bytes: Uint8Array) =>
    readResults(client, bytes, { kind: 'sms', name: 'sms.xml', indicators: EVIL, piece: 17 });

  test('messages, multimedia, pairs of halves written as references', async () => {
    const mms =
      '<mms date="1717400000000" msg_box="1" address="x"><parts><part ct="application/smil" text="no"/><part ct="text/plain" text="ve https://evil.example.org/mms"/><part ct="image/jpeg" cl="foto.jpg" data="AAAA"/></parts></mms>';
    const odd =
      '<sms address="x" date="1" type="2" body="&#55357;&#56832; &#55357; https://evil.example.org/e&#128512;"/>';
    const reading = await read(backup(message + mms + odd));
    expect(fileAt(reading, 'sms.xml')).toMatchObject({
      status: 'read',
      records: 3,
      clock: 'utc',
      oddities: { loneHalves: 1 },
    });
    expect(reading.found.map(({ observed }) => observed)).toEqual([
      'https://evil.example.org/x',
      'https://evil.example.org/mms',
      'https://evil.example.org/e😀',
    ]);
    expect(reading.found[0]).toMatchObject({
      module: 'sms',
      time: '2024-06-03 07:33:20.123000',
      clock: 'utc',
    });
    expect(reading.found[1]?.excerpt).toContainEqual({ name: 'attachment', value: 'foto.jpg' });
    expect(reading.found[2]?.excerpt.find(({ name }) => name === 'body')?.value).toMatch(/^😀 \ufffd /u);
  });

  test('entities and document types are refused, what stands before a fault stays', async () => {
    const laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>';
    expect(fileAt(await read(backup('<sms body="&b;"/>', laughs)), 'sms.xml')).toMatchObject({
      reason: 'entitiesRefused',
      status: 'notRead',
    });
    const external = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
    expect(fileAt(await read(backup('<sms body="&x;"/>', external)), 'sms.xml').reason).toBe(
      'entitiesRefused',
    );
    const unknown = await read(backup(`${message}<sms body="&x;"/>`));
    expect(fileAt(unknown, 'sms.xml')).toMatchObject({
      reason: 'entitiesRefused',
      status: 'partly',
      records: 1,
    });
    const broken = await read(backup(`${message}<sms body="never closed`));
    expect(fileAt(broken, 'sms.xml')).toMatchObject({ status: 'partly', records: 1 });
    expect(['brokenXml', 'endsEarly']).toContain(fileAt(broken, 'sms.xml').reason);
    expect(broken.found).toHaveLength(1);
    expect(fileAt(await read(backup('<a>'.repeat(40))), 'sms.xml').reason).toBe('tooDeep');
    expect(fileAt(await read(Buffer.from('<html><body>no</body></html>')), 'sms.xml').reason).toBe(
      'notRecords',
    );
    expect(fileAt(await read(Buffer.from('not xml at all')), 'sms.xml').status).toBe('notRead');
  });
});

describe('chats and lists', () => {
  const chat = (text: string) =>
    readResults(client, Buffer.from(text), {
      kind: 'whatsapp',
      name: '_chat.txt',
      indicators: EVIL,
      piece: 5,
    });

  test('dates of both languages and both systems, attachments, messages of several lines', async () => {
    const forms = [
      ['13/05/24, 10:15 - Ana: https://evil.example.org/1\nsegunda línea', '2024-05-13 10:15:00'],
      ['13/5/2024 3:07 p. m. - Ana: https://evil.example.org/1', '2024-05-13 15:07:00'],
      ['[13/05/24, 10:15:32] Ana: https://evil.example.org/1', '2024-05-13 10:15:32'],
      ['[5/13/24, 12:01:02 AM] Ana: https://evil.example.org/1', '2024-05-13 00:01:02'],
      ['5/13/24, 9:05 PM - Ana: https://evil.example.org/1', '2024-05-13 21:05:00'],
      ['2024-05-13, 9:05 - Ana: https://evil.example.org/1', '2024-05-13 09:05:00'],
      ['05/06/24, 10:15 - Ana: https://evil.example.org/1', '05/06/24, 10:15'],
    ] as const;
    for (const [line, time] of forms) {
      const reading = await chat(`${line}\n`);
      expect(reading.found[0], line).toMatchObject({
        time,
        clock: 'deviceLocal',
        observed: 'https://evil.example.org/1',
      });
    }
    const reading = await chat(
      '13/05/24, 10:15 - Los mensajes están cifrados.\n13/05/24, 10:16 - Ana: IMG-1.jpg (archivo adjunto)\n13/05/24, 10:17 - Luz: <Multimedia omitido>\n13/05/24, 10:18 - Ana: mira\nhttps://evil.example.org/2\n',
    );
    expect(fileAt(reading, '_chat.txt')).toMatchObject({ records: 4, status: 'read' });
    expect(reading.found.map(({ record }) => record)).toEqual([3]);
    expect((await chat('no es un chat\n')).files[0]).toMatchObject({
      reason: 'notRecords',
      status: 'notRead',
    });
  });

  test.each([
    ['behind the time', (spaces: string) => `13/05/24, 10:15${spaces}x`],
    ['behind the day', (spaces: string) => `13/05/24,${spaces}x`],
    ['in an attachment', (spaces: string) => `13/05/24, 10:15 - Ana: <adjunto:${spaces}x`],
    ['in front of a mark', (spaces: string) => `13/05/24, 10:15 - Ana: x${spaces}- ]x`],
  ])('thousands of spaces %s cost no time, and what stands behind them is read', async (_where, line) => {
    const lines = Array.from({ length: 200 }, () => line(' '.repeat(65_000)));
    const text = `${lines.join('\n')}\n13/05/24, 10:16 - Ana: https://evil.example.org/behind\n`;
    const from = performance.now();
    const reading = await readResults(client, Buffer.from(text), {
      kind: 'whatsapp',
      name: '_chat.txt',
      indicators: EVIL,
    });
    expect(performance.now() - from).toBeLessThan(2_000);
    expect(reading.found.map(({ observed }) => observed)).toContain('https://evil.example.org/behind');
  });

  test('a table whose cells are nothing but marks costs no time', async () => {
    const cells = Array.from({ length: 20 }, () => `"${'.'.repeat(60_000)} x";1`);
    const from = performance.now();
    const reading = await readResults(
      client,
      Buffer.from(`a;b\n${cells.join('\n')}\nhttps://evil.example.org/;1\n`),
      { kind: 'links', name: 'l', indicators: EVIL },
    );
    expect(performance.now() - from).toBeLessThan(2_000);
    expect(reading.found).toHaveLength(1);
  });

  test('lists of links and tables of three separators', async () => {
    const list = (text: string) =>
      readResults(client, Buffer.from(text), { kind: 'links', name: 'l', indicators: EVIL });
    for (const text of [
      'https://example.com/\nhttps://evil.example.org/a,b\n',
      '# comment\r\nevil.example.org\r\n',
      'fecha;enlace\n2024-01-01;https://evil.example.org/\n',
      'x\turl\n1\thttps://evil.example.org/\n',
      '"nota, con coma","https://evil.example.org/"\n',
    ]) {
      const reading = await list(text);
      expect(
        reading.found.map(({ module }) => module),
        text,
      ).toEqual(['link_list']);
    }
  });
});

describe('damage of every kind', () => {
  const seeds = [
    Buffer.from(good),
    tarOf({
      'a/sms.json': good,
      'a/timeline.csv': '"UTC Timestamp","Plugin","Event","Description"\n"1","2","3","4"\n',
      'a/info.json': '{"hashes": [{"file_path": "x", "sha256": "aa"}]}',
    }),
    Buffer.from('<?xml version="1.0"?><smses><sms body="https://evil.example.org/" date="1"/></smses>'),
    Buffer.from('13/05/24, 10:15 - Ana: https://evil.example.org/\n'),
  ];
  const kinds = ['results', 'results', 'sms', 'whatsapp'] as const;

  test('ends in a report or a refusal; the engine is the same process', { timeout: 600_000 }, async () => {
    const engine = process.pid;
    const codes = new Set<string>();
    let read = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(seeds.length - 1),
        fc.array(fc.tuple(fc.nat(4_000), fc.nat(255)), { maxLength: 6 }),
        fc.integer({ min: 1, max: 4_096 }),
        fc.option(fc.nat(4_000), { nil: undefined }),
        async (which, changes, piece, cut) => {
          const bytes = Buffer.from(seeds[which] ?? Buffer.alloc(0));
          for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
          const input = cut === undefined ? bytes : bytes.subarray(0, cut);
          try {
            const reading = await readResults(client, input, {
              kind: kinds[which] ?? 'results',
              indicators: EVIL,
              name: which === 0 ? 'sms.json' : 'x',
              piece: Math.max(piece, Math.ceil(input.length / 20)),
            });
            read += 1;
            for (const file of reading.files) if (file.status !== 'read') expect(file.reason).not.toBeNull();
          } catch (thrown) {
            expect(thrown).toMatchObject({ name: 'AppError' });
            codes.add((thrown as { code: string }).code);
          }
        },
      ),
      { numRuns: LONG ? 3_000 : 25 },
    );
    for (const code of codes)
      expect(['parser.damagedFile', 'parser.tooLarge', 'parser.unsupported']).toContain(code);
    expect(read).toBeGreaterThan(0);
    expect(process.pid).toBe(engine);
  });
});
