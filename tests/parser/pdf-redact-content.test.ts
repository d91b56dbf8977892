import PDFDocument from 'pdfkit';
import { describe, expect, test } from 'vitest';
import { appendRevision, FIRST_EXTRA, line, onePage } from './pdf-fixtures.ts';
import type { RawObject } from './pdf-fixtures.ts';
import { flatten, placesOf } from './parser-fixture.ts';
import { client, decodeBoth, expectGone, KEEP, own, redact, SECRET } from './redact-fixture.ts';

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
