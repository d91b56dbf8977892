import { createCipheriv } from 'node:crypto';
import PDFDocument from 'pdfkit';
import { describe, expect, test } from 'vitest';
import { line, onePage } from './pdf-fixtures.ts';
import { flatten, outputOf, placesOf, testWith, throughCommand } from './parser-fixture.ts';
import { client, decodeBoth, expectGone, KEEP, own, redact, SECRET } from './redact-fixture.ts';

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
