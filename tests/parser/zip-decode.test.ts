import { deflateRawSync, gzipSync } from 'node:zlib';
import {
  CommentRangeEnd,
  CommentRangeStart,
  CommentReference,
  DeletedTextRun,
  Document,
  InsertedTextRun,
  Packer,
  Paragraph,
  TextRun,
} from 'docx';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { xmlText } from '../../electron/parser/xml-text.ts';
import { flatten, placesOf, realClient } from './parser-fixture.ts';
import { line, onePage } from './pdf-fixtures.ts';

const client = realClient();
afterAll(() => client.close());
const decode = (bytes: Uint8Array) => client.run('zip.decode', { bytes: new Uint8Array(bytes) });

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc32 = (bytes: Buffer): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = ((crcTable[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8)) >>> 0;
  return (crc ^ 0xffffffff) >>> 0;
};

interface Plan {
  name: string;
  data: Buffer;
  packed?: Buffer;
  method?: number;
  flags?: number;
  extra?: Buffer;
  comment?: string;
  localName?: string;
  size?: number;
}

/** A zip written by hand, so that every field can be wrong. */
const handZip = (
  plans: readonly Plan[],
  options: { prefix?: string; between?: string; comment?: string; after?: string } = {},
): Buffer => {
  const pieces: Buffer[] = [Buffer.from(options.prefix ?? '')];
  const central: Buffer[] = [];
  let at = pieces[0]?.length ?? 0;
  for (const plan of plans) {
    const packed = plan.packed ?? deflateRawSync(plan.data);
    const name = Buffer.from(plan.name);
    const local = Buffer.from(plan.localName ?? plan.name);
    const extra = plan.extra ?? Buffer.alloc(0);
    const comment = Buffer.from(plan.comment ?? '');
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(plan.flags ?? 0, 6);
    head.writeUInt16LE(plan.method ?? 8, 8);
    head.writeUInt32LE(0x58c16ad4, 10);
    head.writeUInt32LE(crc32(plan.data), 14);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(plan.size ?? plan.data.length, 22);
    head.writeUInt16LE(local.length, 26);
    head.writeUInt16LE(extra.length, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(0x031e, 4);
    head.copy(entry, 6, 4, 30);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt16LE(comment.length, 32);
    entry.writeUInt32LE(at, 42);
    const between = Buffer.from(options.between ?? '');
    pieces.push(head, local, extra, packed, between);
    central.push(entry, name, extra, comment);
    at += 30 + local.length + extra.length + packed.length + between.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(plans.length, 8);
  end.writeUInt16LE(plans.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  const comment = Buffer.from(options.comment ?? '');
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...pieces, directory, end, comment, Buffer.from(options.after ?? '')]);
};

const yazl = (files: Record<string, Buffer>): Promise<Buffer> =>
  new Promise((resolve) => {
    const zip = new ZipFile();
    for (const [name, bytes] of Object.entries(files)) zip.addBuffer(bytes, name);
    const pieces: Buffer[] = [];
    zip.outputStream.on('data', (piece: Buffer) => pieces.push(piece));
    zip.outputStream.on('end', () => resolve(Buffer.concat(pieces)));
    zip.end();
  });

describe('office files', () => {
  test('a Word document with a comment, a revision and properties', async () => {
    const document = new Document({
      title: 'Titulo-Oculto',
      creator: 'Autora-Oculta',
      comments: {
        children: [
          { id: 0, author: 'Comentarista', date: new Date(0), children: [new Paragraph('nota-oculta')] },
        ],
      },
      sections: [
        {
          children: [
            new Paragraph({
              children: [
                new CommentRangeStart(0),
                new TextRun('Habla Xo'),
                new TextRun({ text: 'chi', bold: true }),
                new TextRun('tl aqui'),
                new CommentRangeEnd(0),
                new TextRun({ children: [new CommentReference(0)] }),
                new DeletedTextRun({
                  text: 'palabra-borrada',
                  id: 1,
                  author: 'Revisora',
                  date: new Date(0).toISOString(),
                }),
                new InsertedTextRun({
                  text: 'palabra-puesta',
                  id: 2,
                  author: 'Revisora',
                  date: new Date(0).toISOString(),
                }),
              ],
            }),
          ],
        },
      ],
    });
    const answer = await decode(await Packer.toBuffer(document));
    const all = flatten(answer.parts);
    for (const word of [
      'Titulo-Oculto',
      'Autora-Oculta',
      'Comentarista',
      'nota-oculta',
      'palabra-borrada',
      'palabra-puesta',
      'Revisora',
    ]) {
      expect(all, word).toContain(word);
    }
    expect(placesOf(answer.parts, 'Habla Xochitl aqui')).toEqual(['word/document.xml (joined)']);
    expect(answer.undecoded).toEqual([]);
    expect(answer.parts.filter(({ kind }) => kind === 'name').map(({ text }) => text)).toContain(
      'word/document.xml',
    );
  });

  test('text of XML: entities, CDATA, comments, attributes, cut words', () => {
    const xml =
      '<?xml version="1.0"?><w:p><w:r><w:t>Mar&#237;a &amp; </w:t></w:r><w:r><w:t><![CDATA[<Jos]]></w:t></w:r><w:t>&#xE9;</w:t></w:p><w:p a="uno" b=\'dos\'/><!-- tres -->';
    const text = xmlText(xml);
    expect(text).toContain('María & <José');
    for (const word of ['uno', 'dos', 'tres']) expect(text).toContain(word);
    // A mark that never ends, and one that tries to define an entity, cost no time and expand to nothing.
    expect(xmlText(`<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>${'<'.repeat(50_000)}`)).toContain('&b;');
  });
});

describe('every byte of an archive is accounted for', () => {
  const NEEDLE = 'Xochitl';
  const data = Buffer.from('hola');
  const cases: Record<string, [Buffer, RegExp]> = {
    'entry name': [handZip([{ name: `${NEEDLE}.txt`, data }]), /name$/],
    'local name that differs': [handZip([{ name: 'a.txt', localName: `${NEEDLE}.t`, data }]), /local name$/],
    'entry comment': [handZip([{ name: 'a.txt', data, comment: NEEDLE }]), /comment$/],
    'archive comment': [handZip([{ name: 'a.txt', data }], { comment: NEEDLE }), /^archive comment$/],
    'extra field': [
      handZip([{ name: 'a.txt', data, extra: Buffer.from(`\x01\x02\x07\x00${NEEDLE}`) }]),
      /extra field$/,
    ],
    'bytes before the first entry': [
      handZip([{ name: 'a.txt', data }], { prefix: NEEDLE }),
      /^bytes at 0 in no entry$/,
    ],
    'bytes between entries': [
      handZip(
        [
          { name: 'a', data },
          { name: 'b', data },
        ],
        { between: NEEDLE },
      ),
      /in no entry$/,
    ],
    'bytes after the end': [handZip([{ name: 'a.txt', data }], { after: NEEDLE }), /in no entry$/],
    'bytes behind packed data': [
      handZip([{ name: 'a.txt', data, packed: Buffer.concat([deflateRawSync(data), Buffer.from(NEEDLE)]) }]),
      /behind the packed data$/,
    ],
    'UTF-16 content': [
      handZip([{ name: 'a.txt', data: Buffer.from(`\uFEFF${NEEDLE}`, 'utf16le') }]),
      /^a\.txt$/,
    ],
    'gzip inside': [handZip([{ name: 'a.bin', data: gzipSync(Buffer.from(NEEDLE)) }]), /unpacked$/],
    'PDF inside': [
      handZip([
        { name: 'a.bin', data: onePage(`BT /F1 9 Tf 9 9 Td <${Buffer.from(NEEDLE).toString('hex')}> Tj ET`) },
      ]),
      /^a\.bin \/ page 1$/,
    ],
  };
  for (const [name, [file, place]] of Object.entries(cases)) {
    test(name, async () => {
      const { parts } = await decode(file);
      const places = placesOf(parts, NEEDLE);
      expect(
        places.some((where) => place.test(where)),
        places.join(),
      ).toBe(true);
    });
  }

  test('times and modes are told', async () => {
    const { parts } = await decode(handZip([{ name: 'a.txt', data }]));
    expect(flatten(parts)).toMatch(/modified 2024-06-01 13:22:40/);
  });

  test('archives in archives, to five levels and no further', async () => {
    let inner = await yazl({ 'hoja.txt': Buffer.from(NEEDLE) });
    for (let level = 0; level < 4; level += 1) inner = await yazl({ [`nivel-${level}.zip`]: inner });
    const five = await decode(inner);
    expect(flatten(five.parts.filter(({ kind }) => kind === 'text'))).toContain(NEEDLE);
    expect(five.undecoded).toEqual([]);
    for (let level = 4; level < 8; level += 1) inner = await yazl({ [`nivel-${level}.zip`]: inner });
    expect(JSON.stringify((await decode(inner)).undecoded)).toContain('packed too deeply');
  });

  test('a picture inside is looked into', async () => {
    const picture = await sharp({ create: { width: 4, height: 4, channels: 3, background: '#123456' } })
      .withExif({ IFD0: { Artist: NEEDLE } })
      .jpeg()
      .toBuffer();
    const { parts } = await decode(await yazl({ 'media/image1.jpeg': picture }));
    expect(placesOf(parts, NEEDLE)).toContain('media/image1.jpeg / Image Artist');
  });
});

describe('archives that are refused or named', () => {
  const data = Buffer.from('hola');
  const undecoded = async (file: Buffer): Promise<string> => JSON.stringify((await decode(file)).undecoded);

  test('encrypted, unknown method, wrong check sum, foreign container', async () => {
    expect(await undecoded(handZip([{ name: 'a', data, flags: 1 }]))).toContain('encrypted');
    expect(await undecoded(handZip([{ name: 'a', data, method: 14 }]))).toContain('cannot be unpacked');
    expect(
      await undecoded(handZip([{ name: 'a', data, packed: deflateRawSync(Buffer.from('holo')) }])),
    ).toContain('cannot be unpacked');
    expect(await undecoded(handZip([{ name: 'a', data: Buffer.from('Rar!\x1a\x07') }]))).toContain(
      'unknown format',
    );
    expect(
      await undecoded(handZip([{ name: 'a', data: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]) }])),
    ).toContain('unknown format');
    expect(await undecoded(handZip([{ name: 'a', localName: 'b', data }]))).toContain('two names');
    expect(await undecoded(handZip([{ name: 'a', data }]))).toBe('[]');
  });

  test('bombs by ratio, by total, by a lie about the size, by number of entries', async () => {
    const zeros = Buffer.alloc(60 * 1024 * 1024);
    const bomb = handZip([{ name: 'a', data: zeros }]);
    expect(bomb.length).toBeLessThan(100_000);
    await expect(decode(bomb)).rejects.toMatchObject({ code: 'parser.tooLarge' });
    const lie = handZip([{ name: 'a', data: zeros, size: 10 }]);
    await expect(decode(lie)).rejects.toMatchObject({ code: 'parser.tooLarge' });
    const many = handZip(Array.from({ length: 21_000 }, (_, index) => ({ name: `f${index}`, data })));
    await expect(decode(many)).rejects.toMatchObject({ code: 'parser.tooLarge' });
    // After a bomb the next file is read as ever.
    expect((await decode(handZip([{ name: 'a', data }]))).undecoded).toEqual([]);
  });

  test('one packed stream named by many entries', async () => {
    const file = handZip([
      { name: 'a', data },
      { name: 'b', data },
    ]);
    const directory = file.readUInt32LE(file.length - 6);
    file.writeUInt32LE(0, directory + 46 + 1 + 42);
    expect(await undecoded(file)).toMatch(/overlap|two names/);
  });

  test('damage and what is no archive', async () => {
    await expect(decode(Buffer.from('hola'))).rejects.toMatchObject({ code: 'parser.unsupported' });
    const whole = handZip([{ name: 'a', data }]);
    await expect(decode(whole.subarray(0, whole.length - 10))).rejects.toMatchObject({
      code: 'parser.damagedFile',
    });
    expect(line('x', 1, 1)).toContain('Tj');
  });
});
