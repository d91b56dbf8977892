import { createCipheriv } from 'node:crypto';
import PDFDocument from 'pdfkit';
import { afterAll, describe, expect, test } from 'vitest';
import type { ParserAnswer } from '../../shared/parser/jobs.ts';
import { appendRevision, FIRST_EXTRA, line, onePage } from './pdf-fixtures.ts';
import type { RawObject } from './pdf-fixtures.ts';
import { flatten, outputOf, placesOf, realClient, testWith, throughCommand } from './parser-fixture.ts';

const client = realClient();
afterAll(() => client.close());

const SECRET = 'Marisol';
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

const redact = (
  bytes: Uint8Array,
  words: string[] = [SECRET],
  mode: 'content' | 'pictures' = 'content',
): Promise<ParserAnswer<'pdf.redact'>> =>
  client.run('pdf.redact', { bytes: own(bytes), words, boxes: [], mode });

/** Everything both engines read out of a file. */
const decodeBoth = async (bytes: Uint8Array): Promise<{ text: string; undecoded: unknown[] }> => {
  const first = await client.run('pdf.decode', { bytes: own(bytes) });
  const second = await client.run('pdf.decodeSecond', { bytes: own(bytes) });
  return {
    text: `${flatten(first.parts)}\n${flatten(second.parts)}`,
    undecoded: [...first.undecoded, ...second.undecoded],
  };
};

const expectGone = async (
  before: Uint8Array,
  words: string[],
  kept: string,
): Promise<ParserAnswer<'pdf.redact'>> => {
  const answer = await redact(before, words);
  const { text, undecoded } = await decodeBoth(answer.bytes);
  const loud = text.toLowerCase();
  for (const word of words) {
    for (const piece of word.toLowerCase().split(/\s+/)) expect(loud).not.toContain(piece);
    const hex = Buffer.from(word, 'latin1').toString('hex');
    expect(loud).not.toContain(hex);
  }
  expect(text).toContain(kept);
  expect(undecoded).toEqual([]);
  return answer;
};

const KEEP = line('Testimonio firmado', 72, 740);

describe('words in page content', () => {
  const cases: Record<string, Uint8Array> = {
    plain: onePage(KEEP + line('Habla Marisol con la prensa', 72, 700)),
    'other case': onePage(KEEP + line('Habla MARISOL y marisol', 72, 700)),
    accents: onePage(KEEP + line('Habla Maris\\363l', 72, 700)),
    'turned page': onePage(KEEP + line('Habla Marisol', 72, 700), { page: '/Rotate 90' }),
    'page with an offset frame': onePage(KEEP + line('Habla Marisol', 172, 700), {
      page: '/CropBox [50 50 500 760]',
    }),
    'turned text': onePage(`${KEEP}BT /F1 14 Tf 0 1 -1 0 300 300 Tm (Habla Marisol aqui) Tj ET\n`),
    'slanted text': onePage(`${KEEP}BT /F1 14 Tf 0.87 0.5 -0.5 0.87 100 300 Tm (Habla Marisol aqui) Tj ET\n`),
    'pieces with kerning': onePage(`${KEEP}BT /F1 14 Tf 72 700 Td [(Habla Ma) 30 (ri) -20 (sol)] TJ ET\n`),
    'one letter at a time': onePage(
      KEEP + [...SECRET].map((letter, index) => line(letter, 72 + index * 9, 700)).join(''),
    ),
    'letters spaced out': onePage(KEEP + line('Habla M a r i s o l aqui', 72, 700)),
    'hyphen at line end': onePage(
      `${KEEP}BT /F1 14 Tf 16 TL 72 700 Td (Habla Mari-) Tj T* (sol aqui) Tj ET\n`,
    ),
    'invisible text': onePage(`${KEEP}BT 3 Tr /F1 14 Tf 72 700 Td (Habla Marisol) Tj ET\n`),
    'white text': onePage(`${KEEP}1 g ${line('Habla Marisol', 72, 700)}`),
    'hex string': onePage(`${KEEP}BT /F1 14 Tf 72 700 Td <4d617269736f6c> Tj ET\n`),
    'octal string': onePage(`${KEEP}BT /F1 14 Tf 72 700 Td (\\115\\141\\162\\151\\163\\157\\154) Tj ET\n`),
    'alternative text of a mark': onePage(
      `${KEEP}/Span << /ActualText (Marisol) >> BDC ${line('xyz', 72, 700)} EMC\n`,
    ),
    'description of a mark': onePage(
      `${KEEP}/Figure << /Alt (Foto de Marisol) >> BDC ${line('xyz', 72, 700)} EMC\n`,
    ),
    'a mark in the resources': onePage(`${KEEP}/Span /P0 BDC ${line('xyz', 72, 700)} EMC\n`, {
      resources: '/Properties << /P0 << /ActualText (Marisol) >> >>',
    }),
    'a comment in the stream': onePage(`${KEEP}% Marisol estuvo aqui\n`),
    'a form': onePage(`${KEEP}q 1 0 0 1 0 0 cm /X0 Do Q\n`, {
      resources: `/XObject << /X0 ${FIRST_EXTRA} 0 R >>`,
      objects: [
        {
          dict: '<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 5 0 R >> >> >>',
          stream: line('Habla Marisol', 72, 700),
        },
      ],
    }),
    'a form that nobody draws': onePage(KEEP, {
      resources: `/XObject << /X0 ${FIRST_EXTRA} 0 R >>`,
      objects: [
        {
          dict: '<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 5 0 R >> >> >>',
          stream: line('Habla Marisol', 72, 700),
        },
      ],
    }),
    'text outside the page': onePage(KEEP + line('Habla Marisol', 72, 4_000)),
    'text beside the page': onePage(KEEP + line('Habla Marisol', -300, 700)),
    'text hidden by clipping': onePage(`${KEEP}q 0 0 5 5 re W n ${line('Habla Marisol', 72, 700)} Q\n`),
    'text under a drawing': onePage(`${KEEP}${line('Habla Marisol', 72, 700)}0 g 60 690 200 30 re f\n`),
    'text of no size': onePage(`${KEEP}BT /F1 0.01 Tf 72 700 Td (Habla Marisol) Tj ET\n`),
  };

  for (const [name, file] of Object.entries(cases)) {
    test(name, async () => {
      // Control: it is there before.
      const before = await client.run('pdf.decode', { bytes: own(file) });
      if (
        ![
          'accents',
          'letters spaced out',
          'hyphen at line end',
          'other case',
          'one letter at a time',
          'pieces with kerning',
        ].includes(name)
      ) {
        expect(flatten(before.parts)).toContain(SECRET);
      }
      await expectGone(file, [SECRET], 'Testimonio firmado');
    });
  }

  test('what lies outside the page goes without being asked for', async () => {
    const file = onePage(KEEP + line('Habla Marisol', 72, 4_000) + line('Habla Marisol', 72, 20), {
      page: '/CropBox [0 60 612 792]',
    });
    const { text } = await decodeBoth((await redact(file, [])).bytes);
    expect(text).not.toContain(SECRET);
    expect(text).toContain('Testimonio firmado');
  });

  test('several words, of which one is a phrase over a line end', async () => {
    const file = onePage(
      `${KEEP}BT /F1 14 Tf 16 TL 72 700 Td (vio a Rosario) Tj T* (Guerrero en la plaza) Tj ET\n`,
    );
    const answer = await expectGone(file, ['Rosario Guerrero'], 'en la plaza');
    expect(answer.removed).toBeGreaterThan(0);
  });

  test('short words hit as whole words only', async () => {
    const answer = await redact(onePage(line('Sol vio al soldado de Paz', 72, 700)), ['Sol', 'Paz']);
    const { text } = await decodeBoth(answer.bytes);
    expect(text).toContain('soldado');
    expect(text).not.toMatch(/\bSol\b|\bPaz\b/);
  });

  test('a text of pdfkit with an embedded font, kerned', async () => {
    const document = new PDFDocument({ compress: true });
    const pieces: Buffer[] = [];
    const done = new Promise<void>((resolve) => document.on('end', resolve));
    document.on('data', (piece: Buffer) => pieces.push(piece));
    document.font('node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf').fontSize(13);
    document.text('Testimonio firmado. Desaparición: habla Marisol Ñúñez del barrio.');
    document.end();
    await done;
    await expectGone(Buffer.concat(pieces), ['Marisol', 'Ñúñez'], 'Testimonio firmado');
  });
});

describe('what leaves besides page content', () => {
  const layers = (catalogue: string, groups: readonly RawObject[], marks: string, content: string): Buffer =>
    onePage(KEEP + content, { catalogue, resources: `/Properties << ${marks} >>`, objects: groups });
  const group = (usage = ''): RawObject => ({ dict: `<< /Type /OCG /Name (capa Marisol) ${usage} >>` });
  const off = '/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>';
  const extra = (catalogue: string, objects: readonly RawObject[], page = ''): Buffer =>
    onePage(KEEP, { catalogue, objects, page });
  const cases: Record<string, Uint8Array> = {
    'a layer that is off': layers(
      off,
      [group()],
      '/L0 6 0 R',
      `/OC /L0 BDC ${line('capa Marisol', 72, 700)} EMC\n`,
    ),
    'a layer off by base state': layers(
      '/OCProperties << /OCGs [6 0 R] /D << /BaseState /OFF >> >>',
      [group()],
      '/L0 6 0 R',
      `/OC /L0 BDC ${line('capa Marisol', 72, 700)} EMC\n`,
    ),
    'a layer off on screen': layers(
      '/OCProperties << /OCGs [6 0 R] /D << >> >>',
      [group('/Usage << /View << /ViewState /OFF >> >>')],
      '/L0 6 0 R',
      `/OC /L0 BDC ${line('capa Marisol', 72, 700)} EMC\n`,
    ),
    'a membership of layers': layers(
      off,
      [group(), { dict: '<< /Type /OCMD /OCGs [6 0 R] /P /AllOn >>' }],
      '/L0 7 0 R',
      `/OC /L0 BDC ${line('capa Marisol', 72, 700)} EMC\n`,
    ),
    'a mark inside a layer that is off': layers(
      off,
      [group()],
      '/L0 6 0 R',
      `/OC /L0 BDC /Span << /ActualText (Marisol) >> BDC ${line('x', 72, 700)} EMC EMC\n`,
    ),
    'a form in a layer that is off': onePage(`${KEEP}/X0 Do\n`, {
      catalogue: off,
      resources: '/XObject << /X0 7 0 R >>',
      objects: [
        group(),
        {
          dict: '<< /Type /XObject /Subtype /Form /OC 6 0 R /BBox [0 0 612 792] /Resources << /Font << /F1 5 0 R >> >> >>',
          stream: line('capa Marisol', 72, 700),
        },
      ],
    }),
    Info: onePage(KEEP, { trailer: '/Info << /Title (Caso Marisol) /Author (Marisol) >>' }),
    XMP: extra('/Metadata 6 0 R', [
      {
        dict: '<< /Type /Metadata /Subtype /XML >>',
        stream: '<x:xmpmeta xmlns:x="adobe:ns:meta/">Marisol</x:xmpmeta>',
      },
    ]),
    annotations: onePage(KEEP, {
      page: '/Annots [6 0 R 7 0 R 8 0 R]',
      objects: [
        {
          dict: '<< /Type /Annot /Subtype /Text /Rect [0 0 20 20] /Contents (nota de Marisol) /T (Marisol) >>',
        },
        {
          dict: '<< /Type /Annot /Subtype /FreeText /Rect [0 0 90 20] /Contents (Marisol) /DA (/F1 9 Tf) >>',
        },
        {
          dict: '<< /Type /Annot /Subtype /Link /Rect [0 0 20 20] /A << /S /URI /URI (https://example.org/Marisol) >> >>',
        },
      ],
    }),
    bookmarks: extra('/Outlines 6 0 R', [
      { dict: '<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>' },
      { dict: '<< /Title (Marisol) /Parent 6 0 R /Dest [3 0 R /Fit] >>' },
    ]),
    structure: extra('/StructTreeRoot 6 0 R /MarkInfo << /Marked true >>', [
      { dict: '<< /Type /StructTreeRoot /K 7 0 R >>' },
      { dict: '<< /S /Figure /Alt (Marisol) /T (Marisol) /P 6 0 R >>' },
    ]),
    'form fields': onePage(KEEP, {
      catalogue: '/AcroForm << /Fields [6 0 R] >>',
      page: '/Annots [6 0 R]',
      objects: [
        { dict: '<< /Type /Annot /Subtype /Widget /FT /Tx /T (nombre) /V (Marisol) /Rect [0 0 90 20] >>' },
      ],
    }),
    attachments: extra('/Names << /EmbeddedFiles << /Names [(Marisol.txt) 6 0 R] >> >>', [
      { dict: '<< /Type /Filespec /F (Marisol.txt) /EF << /F 7 0 R >> >>' },
      { dict: '<< /Type /EmbeddedFile >>', stream: 'datos de Marisol' },
    ]),
    scripts: extra('/Names << /JavaScript << /Names [(a) 6 0 R] >> >> /OpenAction 6 0 R', [
      { dict: '<< /S /JavaScript /JS (var a = "Marisol";) >>' },
    ]),
    'page-piece information': onePage(KEEP, {
      page: '/PieceInfo << /App << /Private (Marisol) /LastModified (D:2024) >> >>',
    }),
    'page labels and named places': extra(
      '/PageLabels << /Nums [0 << /P (Marisol) >>] >> /Dests << /Marisol [3 0 R /Fit] >>',
      [],
    ),
    'an earlier version': appendRevision(
      onePage(KEEP + line('Marisol', 72, 700)),
      4,
      { dict: '<< >>', stream: KEEP },
      6,
    ),
    'bytes after the end': Buffer.concat([onePage(KEEP), Buffer.from('\nMarisol\n')]),
    'an unused object': extra('', [{ dict: '<< /Nota (Marisol) >>' }]),
  };
  for (const [name, file] of Object.entries(cases)) {
    test(name, async () => {
      const before = await client.run('pdf.decode', { bytes: own(file) });
      expect(placesOf(before.parts, SECRET).length, 'control: decoded before').toBeGreaterThan(0);
      // No word is asked for: these go because they are what they are.
      const answer = await redact(file, []);
      const { text, undecoded } = await decodeBoth(answer.bytes);
      expect(text).not.toContain(SECRET);
      expect(text).toContain('Testimonio firmado');
      expect(undecoded).toEqual([]);
      expect(Buffer.from(answer.bytes).toString('latin1')).not.toMatch(
        /\/(Info|Metadata|Annots|AcroForm|Outlines|Names|StructTreeRoot|OCProperties|PieceInfo|ID)\b/,
      );
    });
  }

  test('says what was dropped', async () => {
    const answer = await redact(cases['annotations'] ?? new Uint8Array(), []);
    expect(answer.stripped).toEqual([{ what: 'annotations', count: 3 }]);
    expect((await redact(cases['attachments'] ?? new Uint8Array(), [])).stripped).toEqual([
      { what: 'attachments', count: 1 },
    ]);
    expect((await redact(cases['an earlier version'] ?? new Uint8Array(), [])).stripped).toEqual([
      { what: 'earlierVersions', count: 1 },
    ]);
  });

  test('a layer that is on stays', async () => {
    const file = layers(
      '/OCProperties << /OCGs [6 0 R] /D << /ON [6 0 R] >> >>',
      [group()],
      '/L0 6 0 R',
      `/OC /L0 BDC ${line('capa visible', 72, 700)} EMC\n`,
    );
    const { text } = await decodeBoth((await redact(file, [])).bytes);
    expect(text).toContain('capa visible');
    expect(text).not.toContain(SECRET);
  });
});

describe('boxes', () => {
  /** A red square drawn as a path and as a picture, next to text. */
  const raster = Buffer.alloc(30 * 30 * 3, 0);
  for (let at = 0; at < raster.length; at += 3) raster[at] = 255;
  const file = onePage(
    `${KEEP}${line('Marisol', 72, 700)}q 100 0 0 100 72 500 cm /I0 Do Q\n1 0 0 rg 300 500 100 100 re f\n`,
    {
      resources: '/XObject << /I0 6 0 R >>',
      objects: [
        {
          dict: '<< /Type /XObject /Subtype /Image /Width 30 /Height 30 /ColorSpace /DeviceRGB /BitsPerComponent 8 >>',
          stream: raster,
        },
      ],
    },
  );
  const redPixels = async (bytes: Uint8Array): Promise<number> => {
    const { data } = await client.run('pdf.render', { bytes: own(bytes), page: 0, maxPixels: 612 * 792 });
    let red = 0;
    for (let at = 0; at < data.length; at += 4)
      if ((data[at] ?? 0) > 200 && (data[at + 1] ?? 0) < 60) red += 1;
    return red;
  };

  test('remove text, pixels of pictures and drawings, in the file and not only on top', async () => {
    expect(await redPixels(file)).toBeGreaterThan(15_000);
    const boxes = [
      { page: 0, box: { x: 60, y: 70, width: 200, height: 30 } },
      { page: 0, box: { x: 70, y: 190, width: 110, height: 110 } },
      { page: 0, box: { x: 290, y: 180, width: 130, height: 130 } },
    ];
    const answer = await client.run('pdf.redact', { bytes: own(file), words: [], boxes, mode: 'content' });
    expect(answer.removed).toBe(3);
    expect(await redPixels(answer.bytes)).toBe(0);
    const { parts } = await client.run('pdf.decode', { bytes: answer.bytes });
    expect(flatten(parts)).not.toContain(SECRET);
    // No sample of the picture is left under its cover.
    expect(placesOf(parts, '\xff\x00\x00\xff\x00\x00')).toEqual([]);
    expect(flatten(parts)).not.toMatch(/300 500 100 100 re/);
    expect(flatten(parts)).toContain('Testimonio firmado');
  });

  test('lie where the page is shown, on a turned page too', async () => {
    const turned = onePage(KEEP + line('Marisol', 72, 700), { page: '/Rotate 90' });
    // Shown turned by a quarter: (72, 700) from below left becomes x = 700, y = 72.
    const boxes = [{ page: 0, box: { x: 690, y: 60, width: 30, height: 90 } }];
    const answer = await client.run('pdf.redact', { bytes: own(turned), words: [], boxes, mode: 'content' });
    const { text } = await decodeBoth(answer.bytes);
    expect(text).not.toContain(SECRET);
    expect(text).toContain('Testimonio firmado');
    const { pages } = await client.run('pdf.pages', { bytes: answer.bytes, maxPages: 3 });
    expect(pages).toEqual([{ width: 792, height: 612 }]);
  });

  test('on a page that is not there are refused', async () => {
    const boxes = [{ page: 1, box: { x: 0, y: 0, width: 9, height: 9 } }];
    await expect(
      client.run('pdf.redact', { bytes: own(file), words: [], boxes, mode: 'content' }),
    ).rejects.toMatchObject({ code: 'parser.unsupported' });
  });
});

describe('the width of a gap', () => {
  test('two words of nearly one width leave the same bytes', async () => {
    // In Helvetica r is 333 and t 278 thousandths wide: an exact gap would tell the two apart.
    const make = async (word: string): Promise<string> => {
      const { bytes } = await redact(onePage(line(`La persona ${word} declara`, 72, 700)), [word]);
      return Buffer.from(bytes).toString('latin1');
    };
    expect(await make('Rosario')).toBe(await make('Rosatio'));
    const kerned = async (word: string): Promise<string> => {
      const content = `BT /F1 14 Tf 72 700 Td [(La persona ) 20 (${word}) -30 ( declara) 10 (algo)] TJ ET`;
      return Buffer.from((await redact(onePage(content), [word])).bytes).toString('latin1');
    };
    expect(await kerned('Rosario')).toBe(await kerned('Rosatio'));
    // What is not hidden, and is said: roughly how long the words were.
    expect(await make('Rosario')).not.toBe(await make('Rosario Maria'));
  });
});

describe('fonts that were cut down to the letters of the document', () => {
  test('no longer list, measure or draw the letters of a removed word', async () => {
    const document = new PDFDocument();
    const pieces: Buffer[] = [];
    const done = new Promise<void>((resolve) => document.on('end', resolve));
    document.on('data', (piece: Buffer) => pieces.push(piece));
    document.font('node_modules/source-sans/TTF/SourceSans3-Regular.ttf').text('hola casa Wxkz fin');
    document.end();
    await done;
    const tables = async (bytes: Uint8Array): Promise<string> =>
      flatten(
        (await client.run('pdf.decode', { bytes: own(bytes) })).parts.filter(({ where }) =>
          where.endsWith('characters'),
        ),
      );
    const file = Buffer.concat(pieces);
    // Control: in order of first appearance the table spells the word.
    expect(await tables(file)).toContain('Wxkz');
    const { bytes } = await redact(file, ['Wxkz']);
    const left = await tables(bytes);
    for (const letter of 'Wxkz') expect(left).not.toContain(letter);
    for (const letter of 'holacsfin') expect(left).toContain(letter);
    expect((await decodeBoth(bytes)).text).toContain('hola casa');
  });

  test('names of glyphs go from the coding of a simple font', async () => {
    const file = onePage('BT /F2 14 Tf 72 700 Td (\\001\\002\\003\\004 \\005\\006) Tj ET', {
      resources: '/XFont 0',
      objects: [
        {
          dict: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /FirstChar 1 /LastChar 6 /Widths [500 500 500 500 500 500] /Encoding << /Type /Encoding /Differences [1 /W /x /k /z /o /n] >> >>',
        },
      ],
    });
    const fixed = Buffer.from(file.toString('latin1').replace('/F1 5 0 R', '/F2 6 0 R'), 'latin1');
    const before = await client.run('pdf.decode', { bytes: own(fixed) });
    expect(flatten(before.parts)).toContain('Wxkz on');
    const { bytes } = await redact(fixed, ['Wxkz']);
    const names = flatten((await client.run('pdf.decode', { bytes: own(bytes) })).parts);
    expect(names).not.toMatch(/^[Wxkz]$/m);
    expect(names).toMatch(/^o\nn$/m);
  });
});

describe('pictures mode', () => {
  test('gives pages of the same size without any text, which still look alike', async () => {
    const file = onePage(KEEP + line('Habla Marisol', 72, 700) + '0 0 1 rg 100 300 200 100 re f\n');
    const answer = await redact(file, [SECRET], 'pictures');
    const { text, undecoded } = await decodeBoth(answer.bytes);
    expect(text).not.toMatch(/Marisol|Testimonio/);
    expect(undecoded).toEqual([]);
    const picture = await client.run('pdf.render', {
      bytes: answer.bytes,
      page: 0,
      maxPixels: 612 * 792 * 4,
    });
    const middle =
      (Math.round(picture.height * (1 - 350 / 792)) * picture.width +
        Math.round(picture.width * (200 / 612))) *
      4;
    expect(picture.data[middle + 2]).toBeGreaterThan(200);
    expect(picture.data[middle]).toBeLessThan(60);
    const read = await client.run('ocr.text', { pixels: picture });
    expect(read.text).toContain('Testimonio firmado');
    expect(read.text).not.toContain('Marisol');
  });
});

describe('the file that comes out', () => {
  test('is the same for the same input, and bears the identifier that was handed in', async () => {
    const file = onePage(KEEP);
    const [one, two] = [await redact(file), await redact(file)];
    expect(Buffer.compare(one.bytes, two.bytes)).toBe(0);
    const fileId = new Uint8Array(16).map((_, index) => index + 17);
    const marked = await client.run('pdf.redact', {
      bytes: own(file),
      words: [],
      boxes: [],
      mode: 'content',
      fileId,
    });
    expect(Buffer.from(marked.bytes).toString('latin1')).toContain(
      `/ID[<${Buffer.from(fileId).toString('hex').toUpperCase()}>`,
    );
  });

  testWith(
    'qpdf',
    'pdftotext',
    'exiftool',
  )('passes qpdf, and pdftotext and exiftool find nothing', async () => {
    const file = onePage(KEEP + line('Habla Marisol', 72, 700), { trailer: '/Info << /Author (Marisol) >>' });
    expect(outputOf(file, 'a.pdf', 'pdftotext', (path) => [path, '-'])).toContain(SECRET);
    expect(outputOf(file, 'a.pdf', 'exiftool', (path) => [path])).toContain(SECRET);
    for (const mode of ['content', 'pictures'] as const) {
      const { bytes } = await redact(file, [SECRET], mode);
      expect(outputOf(bytes, 'a.pdf', 'qpdf', (path) => ['--check', path])).toContain(
        'No syntax or stream encoding errors',
      );
      expect(outputOf(bytes, 'a.pdf', 'pdftotext', (path) => [path, '-'])).not.toContain(SECRET);
      const facts = outputOf(bytes, 'a.pdf', 'exiftool', (path) => ['-a', '-G1', '-s', path]);
      const names = [...facts.matchAll(/^\[PDF[^\]]*\]\s+(\S+)/gm)].map(([, name]) => name);
      expect(names.sort()).toEqual(['Linearized', 'PDFVersion', 'PageCount']);
    }
  });

  testWith('qpdf')('reads object streams and linearised files, and refuses a password by name', async () => {
    const file = onePage(KEEP + line('Habla Marisol', 72, 700));
    const convert = (...options: string[]): Buffer =>
      throughCommand(
        file,
        'a.pdf',
        'qpdf',
        (path) => [...options, path, `${path}.out`],
        (path) => `${path}.out`,
      );
    await expectGone(convert('--object-streams=generate', '--linearize'), [SECRET], 'Testimonio firmado');
    const locked = convert('--encrypt', 'secreto', 'dueno', '256', '--');
    await expect(redact(locked)).rejects.toMatchObject({ code: 'parser.passwordProtected' });
    const { undecoded } = await client.run('pdf.decode', { bytes: own(locked) });
    expect(undecoded).toEqual([{ where: 'file', reason: 'protected with a password' }]);
    expect((await client.run('pdf.decodeSecond', { bytes: own(locked) })).undecoded).toHaveLength(1);
  });

  test('what is no PDF, or cut off, is refused', async () => {
    await expect(redact(Buffer.from('hola'))).rejects.toMatchObject({ code: 'parser.unsupported' });
    await expect(redact(Buffer.from('%PDF-1.7\n'))).rejects.toMatchObject({ code: 'parser.damagedFile' });
    const key = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
    await expect(
      redact(Buffer.concat([Buffer.from('%PDF-1.7\n'), key.update(Buffer.alloc(4_000))])),
    ).rejects.toMatchObject({ code: 'parser.damagedFile' });
  });
});
