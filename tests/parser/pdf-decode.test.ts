import { deflateSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { charactersOfMap } from '../../electron/parser/pdf-objects.ts';
import { appendRevision, FIRST_EXTRA, line, onePage, rawPdf } from './pdf-fixtures.ts';
import { flatten, placesOf, realClient, testWith, throughCommand } from './parser-fixture.ts';

const client = realClient();
afterAll(() => client.close());
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
const decode = (bytes: Uint8Array) => client.run('pdf.decode', { bytes: own(bytes) });

describe('pdf.decode finds a planted word', () => {
  const NEEDLE = 'Xochitl';
  const stream = (dict: string, bytes: Buffer): { dict: string; stream: Buffer } => ({ dict, stream: bytes });
  const base = (objects: { dict: string; stream?: string | Buffer }[], catalogue = '', page = ''): Buffer =>
    onePage(line('hola', 72, 700), { objects, catalogue, page });
  const planted: Record<string, [Buffer, RegExp]> = {
    'page text': [onePage(line(NEEDLE, 72, 700)), /^page 1$/],
    'text outside the page': [onePage(line(NEEDLE, 5_000, 700)), /^page 1$/],
    'packed stream nobody uses': [
      base([stream('<< /Filter /FlateDecode >>', deflateSync(Buffer.from(NEEDLE)))]),
      /^object 6$/,
    ],
    'ASCIIHex stream': [
      base([stream('<< /Filter /ASCIIHexDecode >>', Buffer.from(`${Buffer.from(NEEDLE).toString('hex')}>`))]),
      /^object 6$/,
    ],
    'UTF-16 string': [
      base([{ dict: `<< /A <FEFF${Buffer.from(NEEDLE, 'utf16le').swap16().toString('hex')}> >>` }]),
      /^object 6$/,
    ],
    name: [base([{ dict: `<< /A /${NEEDLE} >>` }]), /^object 6$/],
    key: [base([{ dict: `<< /${NEEDLE} 1 >>` }]), /^object 6$/],
    trailer: [onePage(line('hola', 72, 700), { trailer: `/Nota (${NEEDLE})` }), /^trailer$/],
    'layer that is off': [
      onePage(
        `${line('hola', 72, 700)}/OC /L0 BDC BT /F1 14 Tf 72 600 Td <${Buffer.from(NEEDLE).toString('hex')}> Tj ET EMC`,
        {
          catalogue: '/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>',
          resources: '/Properties << /L0 6 0 R >>',
          objects: [{ dict: '<< /Type /OCG /Name (x) >>' }],
        },
      ),
      /all layers/,
    ],
    'form that nobody draws': [
      base([
        {
          dict: '<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 5 0 R >> >> >>',
          stream: `BT /F1 14 Tf 72 600 Td <${Buffer.from(NEEDLE).toString('hex')}> Tj ET`,
        },
      ]),
      /^form 6$/,
    ],
    'earlier version': [
      appendRevision(onePage(line(NEEDLE, 72, 700)), 4, { dict: '<< >>', stream: line('hola', 72, 700) }, 6),
      /^earlier/,
    ],
    'earlier version, packed': [
      appendRevision(
        Buffer.from(
          onePage(deflateSync(Buffer.from(line(NEEDLE, 72, 700))))
            .toString('latin1')
            .replace('<<  /Length', '<< /Filter /FlateDecode /Length')
            .replace(/<<  \/L/, '<</L'),
          'latin1',
        ),
        4,
        { dict: '<< >>', stream: line('hola', 72, 700) },
        6,
      ),
      /^earlier/,
    ],
    'bytes after the end': [
      Buffer.concat([onePage(line('hola', 72, 700)), Buffer.from(`\n${NEEDLE}`)]),
      /after the end/,
    ],
    'bytes between objects': [
      Buffer.from(
        onePage(line('hola', 72, 700))
          .toString('latin1')
          .replace('xref\n0 6', `% ${NEEDLE}\nxref\n0 6`)
          .replace(/startxref\n(\d+)/, (_, at: string) => `startxref\n${Number(at) + NEEDLE.length + 3}`),
        'latin1',
      ),
      /between objects/,
    ],
    attachment: [
      base(
        [
          { dict: '<< /Type /Filespec /F (a.txt) /EF << /F 7 0 R >> >>' },
          stream('<< /Type /EmbeddedFile /Filter /FlateDecode >>', deflateSync(Buffer.from(NEEDLE))),
        ],
        '/Names << /EmbeddedFiles << /Names [(a.txt) 6 0 R] >> >>',
      ),
      /^attachment$/,
    ],
    bookmark: [
      base(
        [{ dict: '<< /First 7 0 R /Last 7 0 R >>' }, { dict: `<< /Title (${NEEDLE}) /Parent 6 0 R >>` }],
        '/Outlines 6 0 R',
      ),
      /^bookmark$/,
    ],
    annotation: [
      base(
        [{ dict: `<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (${NEEDLE}) >>` }],
        '',
        '/Annots [6 0 R]',
      ),
      /annotation$/,
    ],
  };
  for (const [name, [file, place]] of Object.entries(planted)) {
    test(name, async () => {
      const answer = await decode(file);
      expect(
        placesOf(answer.parts, NEEDLE).some((where) => place.test(where)),
        placesOf(answer.parts, NEEDLE).join(),
      ).toBe(true);
      const clean = await decode(onePage(line('hola', 72, 700)));
      expect(flatten(clean.parts)).not.toContain(NEEDLE);
    });
  }

  test('a comment inside a picture in the file', async () => {
    const jpeg = Buffer.from('ffd8fffe000b586f636869746c2121ffd9', 'hex');
    const file = base([
      stream(
        '<< /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode >>',
        jpeg,
      ),
    ]);
    expect(placesOf((await decode(file)).parts, NEEDLE).some((where) => where.includes('Comment'))).toBe(
      true,
    );
  });

  testWith('qpdf')('object streams, and packing of every kind', async () => {
    const before = base([{ dict: `<< /A /${NEEDLE} >>` }], '/Extra 6 0 R');
    const packed = throughCommand(
      before,
      'a.pdf',
      'qpdf',
      (path) => ['--object-streams=generate', path, `${path}.o`],
      (path) => `${path}.o`,
    );
    expect(packed.includes(NEEDLE)).toBe(false);
    expect(flatten((await decode(packed)).parts)).toContain(NEEDLE);
  });
});

describe('pdf.decode names what it cannot read', () => {
  const reasons = async (file: Buffer): Promise<string> => JSON.stringify((await decode(file)).undecoded);

  test('unknown filter, content in another file, damaged picture, damaged table', async () => {
    const withObject = (dict: string): Buffer =>
      onePage(line('hola', 72, 700), { objects: [{ dict, stream: 'abc' }] });
    expect(await reasons(onePage(line('hola', 72, 700)))).toBe('[]');
    expect(await reasons(withObject('<< /Filter /Secreto >>'))).toContain('unknown filter Secreto');
    expect(await reasons(withObject('<< /Filter [/FlateDecode /Crypt] >>'))).toContain(
      'unknown filter Crypt',
    );
    expect(await reasons(withObject('<< /F (otro.bin) >>'))).toContain('another file');
    const damaged = Buffer.from(
      onePage(line('hola', 72, 700))
        .toString('latin1')
        .replace(/startxref\n\d+/, 'startxref\n7'),
      'latin1',
    );
    expect(await reasons(damaged)).toContain('damaged');
  });

  test('glyphs that stand for no character', async () => {
    const file = onePage('BT /F2 14 Tf 72 700 Td <00010002> Tj ET', {
      resources: '/Font << /F2 6 0 R >>',
      objects: [
        {
          dict: '<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [7 0 R] >>',
        },
        {
          dict: '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 8 0 R >>',
        },
        {
          dict: '<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 0 9 9] /ItalicAngle 0 /Ascent 9 /Descent 0 /CapHeight 9 /StemV 9 >>',
        },
      ],
    })
      .toString('latin1')
      .replace('/Font << /F1 5 0 R >> /Font', '/Font');
    const answer = await decode(Buffer.from(file, 'latin1'));
    const readable = flatten(answer.parts.filter(({ where }) => where === 'page 1')).trim();
    // Either the engine guesses characters, which are then searched, or it says that there are none.
    expect(readable !== '' || JSON.stringify(answer.undecoded).includes('without a character')).toBe(true);
  });

  test('the table of characters of a font', () => {
    const map =
      'begincmap 2 beginbfchar <01> <0041> <02> <00F1> endbfchar 2 beginbfrange <10> <12> <0061> <20> <21> [<0058> <0059>] endbfrange';
    expect(charactersOfMap(map)).toBe('AñabcXY');
  });
});

describe('bombs', () => {
  const refused = async (file: Buffer): Promise<void> => {
    const outcome = await decode(file).then(
      ({ undecoded }) => (undecoded.length > 0 ? 'undecoded' : 'read'),
      (error: { code: string }) => error.code,
    );
    expect(['parser.tooLarge', 'parser.tooSlow', 'parser.damagedFile', 'undecoded']).toContain(outcome);
  };

  test('a stream that unpacks to a gigabyte', async () => {
    let packed = deflateSync(Buffer.alloc(64 * 1024 * 1024));
    packed = deflateSync(Buffer.concat(Array.from({ length: 16 }, () => Buffer.alloc(64 * 1024 * 1024))));
    const file = onePage(line('hola', 72, 700), {
      objects: [{ dict: '<< /Filter /FlateDecode >>', stream: packed }],
    });
    await refused(file);
  });

  test('a page tree that contains itself, and one that claims two thousand million pages', async () => {
    const loop = rawPdf([
      { dict: '<< /Type /Catalog /Pages 2 0 R >>' },
      { dict: '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 4 >>' },
    ]);
    await refused(loop);
    const many = rawPdf([
      { dict: '<< /Type /Catalog /Pages 2 0 R >>' },
      { dict: '<< /Type /Pages /Kids [] /Count 2000000000 >>' },
    ]);
    await refused(many);
  });

  test('forms inside forms without end, in reading and in redaction', async () => {
    const form = (inner: number): { dict: string; stream: string } => ({
      dict: `<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X ${inner} 0 R >> >> >>`,
      stream: '/X Do /X Do',
    });
    const objects = Array.from({ length: 40 }, (_, index) => form(FIRST_EXTRA + Math.min(index + 1, 39)));
    const file = onePage('/X Do', { resources: `/XObject << /X ${FIRST_EXTRA} 0 R >>`, objects });
    const quick = realClient({ limits: { timeMs: 4_000 } });
    for (const job of ['pdf.decode', 'pdf.redact'] as const) {
      const params =
        job === 'pdf.decode'
          ? { bytes: own(file) }
          : { bytes: own(file), words: ['a'], boxes: [], mode: 'content' as const };
      await expect(quick.run(job, params as never)).rejects.toMatchObject({
        code: expect.stringMatching(/tooLarge|tooSlow|damagedFile/),
      });
    }
    expect(
      flatten((await quick.run('pdf.decode', { bytes: own(onePage(line('hola', 72, 700))) })).parts),
    ).toContain('hola');
    await quick.close();
  });

  test('a page as large as a country', async () => {
    const file = Buffer.from(
      onePage(line('hola', 72, 700))
        .toString('latin1')
        .replace('[0 0 612 792]', '[0 0 9e9 9e9]'),
      'latin1',
    );
    const outcome = await client.run('pdf.render', { bytes: own(file), page: 0, maxPixels: 1_000_000 }).then(
      ({ width, height }) => width * height,
      (error: { code: string }) => error.code,
    );
    expect(
      outcome === 'parser.damagedFile' || outcome === 'parser.tooLarge' || Number(outcome) <= 1_000_000,
    ).toBe(true);
  });
});

test('pdf.text and pdf.pages stop at the number of pages asked for', async () => {
  const kids = Array.from({ length: 5 }, (_, index) => ({ page: 3 + index * 2, content: 4 + index * 2 }));
  const file = rawPdf([
    { dict: '<< /Type /Catalog /Pages 2 0 R >>' },
    { dict: `<< /Type /Pages /Count 5 /Kids [${kids.map(({ page }) => `${page} 0 R`).join(' ')}] >>` },
    ...kids.flatMap(({ content }, index) => [
      {
        dict: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${200 + index} 300] /Contents ${content} 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>`,
      },
      { dict: '<< >>', stream: line(`pagina ${index + 1}`, 20, 200) },
    ]),
  ]);
  const answer = await client.run('pdf.text', { bytes: own(file), maxPages: 3 });
  expect(answer.pages.map((text) => text.trim())).toEqual(['pagina 1', 'pagina 2', 'pagina 3']);
  expect(answer).toMatchObject({ pageCount: 5, truncated: true });
  const { pages } = await client.run('pdf.pages', { bytes: own(file), maxPages: 10 });
  expect(pages.map(({ width }) => width)).toEqual([200, 201, 202, 203, 204]);
});
