import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { KnownValue } from '../redaction/index.ts';
import { byteForms } from './byte-forms.ts';
import { byteScanner } from './byte-scanner.ts';
import { checkPackage, idSearch } from './index.ts';
import type { Decoding, FinishedFile, LeakCheckInput } from './index.ts';
import { searchForms } from '../redaction/index.ts';
import { checkCsv, checkJpeg, checkPdfParts, checkPng, checkZip } from './allow-lists.ts';

const VALUES: KnownValue[] = [
  { ref: 'person:mar', kind: 'name', text: 'Maricela Xochimitl Olmedo' },
  { ref: 'person:mar', kind: 'alias', text: 'Mari' },
  { ref: 'person:mar', kind: 'alias', text: 'la Mari de la radio' },
  { ref: 'person:mar', kind: 'alias', text: 'Marisela Xochimitl' },
  { ref: 'person:mar', kind: 'phone', text: '000 555 01 27' },
  { ref: 'person:mar', kind: 'email', text: 'mari.encino@correo.example' },
  { ref: 'person:mar', kind: 'handle', text: '@vozdelencino' },
  { ref: 'person:hija', kind: 'name', text: 'Yaretzi X.' },
  { ref: 'person:ben', kind: 'alias', text: 'don Beni' },
  { ref: 'person:lau', kind: 'name', text: 'Laura Nopaltzin Vera' },
  { ref: 'person:t1', kind: 'name', text: 'Rosario Guerrero Luna' },
  { ref: 'person:t1', kind: 'alias', text: 'Chayo' },
  { ref: 'person:t2', kind: 'name', text: 'Isidro Campos Paz' },
  { ref: 'person:f', kind: 'name', text: 'sin nombre' },
  { ref: 'staff:5', kind: 'email', text: 'pablo@centro-ocote.example' },
  { ref: 'place:com', kind: 'place', text: 'Piedra Honda de los Encinos' },
  { ref: 'place:cab', kind: 'place', text: 'Villa Encinares' },
  { ref: 'case:1', kind: 'fileNumber', text: 'MEC-FICTICIO-0417/2025' },
];

const decodingOf = (parts: Decoding['parts'], decoder = 'engine 1'): Decoding => ({
  decoder,
  parts,
  undecoded: [],
});
const fileOf = (
  name: string,
  content: string | Uint8Array,
  changes: Partial<FinishedFile> = {},
): FinishedFile => {
  const bytes = typeof content === 'string' ? new Uint8Array(Buffer.from(content, 'utf8')) : content;
  return {
    name,
    format: 'text',
    origin: 'made',
    sizeBytes: bytes.length,
    read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
    decodings: [],
    inkPages: [],
    controlWord: null,
    ...changes,
  };
};
const check = (files: readonly FinishedFile[], changes: Partial<LeakCheckInput> = {}) =>
  checkPackage({
    files,
    values: VALUES,
    points: [{ ref: 'place:com', latitude: 17.4321, longitude: -99.8765 }],
    initials: new Map([['rgl', 'person:t1']]),
    ids: idSearch([]),
    rawIds: [],
    allowedWords: new Set(),
    ...changes,
  });
const outcomes = async (text: string) =>
  (await check([fileOf('Anexo_01_nota.txt', text)])).findings.map((finding) => finding.outcome);

describe('what the example case expects of a filing', () => {
  it.each([
    'Rosario Guerrero Luna',
    'Chayo',
    'Isidro Campos Paz',
    '000 555 01 27',
    '17.4321',
    'Yaretzi',
    'Laura Nopaltzin',
    'pablo@centro-ocote.example',
    'Maricela',
    'Marisela',
    'Xochimitl',
    'don Beni',
    'Piedra Honda',
    'Villa Encinares',
    '@vozdelencino',
    'MEC-FICTICIO-0417/2025',
  ])('stops at %s', async (value) => {
    const found = await outcomes(`Según el relato, ${value} estuvo presente.`);
    expect(found.some((outcome) => outcome === 'final' || outcome === 'blocks')).toBe(true);
  });

  it.each(['Guerrero', 'Luna', 'Paz', 'Campos', 'Rosario'])(
    'leaves %s for a person to judge',
    async (value) => {
      expect(await outcomes(`Ocurrió en ${value}, según se dijo.`)).toEqual(['listed']);
    },
  );

  it.each(['Estado de Guerrero', 'la paz de la comunidad', 'campos de cultivo', 'luna nueva'])(
    'lists «%s» without stopping',
    async (value) => {
      const { findings } = await check([fileOf('Anexo_01_nota.txt', `Se habló de ${value} ese día.`)]);
      expect(findings.map((finding) => finding.outcome)).toEqual(['listed']);
      expect(findings.every((finding) => finding.otherMeaning)).toBe(true);
    },
  );

  it('lists every occurrence of weak values and stops for none', async () => {
    const text = Array.from(
      { length: 40 },
      (_, at) => `Renglón ${String(at)}x: Guerrero fue, con Luna y con Paz, en ${String(at)}z.`,
    ).join('\n');
    const { findings } = await check([fileOf('Anexo_01_nota.txt', text)]);
    expect(findings).toHaveLength(120);
    expect(new Set(findings.map((finding) => finding.outcome))).toEqual(new Set(['listed']));
  });

  it('finds a name in the name of a file', async () => {
    const { findings } = await check([
      fileOf('audio_testimonio_Rosario_Guerrero_Luna.opus', 'x', { origin: 'whole', format: 'other' }),
    ]);
    expect(findings.some((finding) => finding.outcome === 'final' && finding.where === 'file name')).toBe(
      true,
    );
  });

  it('warns about initials only', async () => {
    expect(await outcomes('Lo firmó R. G. L. ayer')).toEqual(['warn']);
  });
});

describe('ids', () => {
  const id = '0190f3c2-7b1a-7c3d-9e4f-0123456789ab';
  const hex = id.replace(/-/g, '');
  const raw = Buffer.from(hex, 'hex');
  const other = 'ffeeddccbbaa99887766554433221100';
  it.each([
    ['whole', Buffer.from(`a ${id} b`)],
    ['upper', Buffer.from(id.toUpperCase())],
    ['without hyphens', Buffer.from(hex)],
    ['first twelve digits', Buffer.from(`n0tz ${hex.slice(0, 12)} z`)],
    ['bytes', Buffer.concat([Buffer.from('xx'), raw, Buffer.from('yy')])],
    ['base64', Buffer.from(`k=${raw.toString('base64')}`)],
    ['base64url', Buffer.from(raw.toString('base64url'))],
    ['object id in hex', Buffer.from(`o ${other} o`)],
    ['object id in bytes', Buffer.concat([Buffer.alloc(5, 1), Buffer.from(other, 'hex'), Buffer.alloc(5)])],
    ['somebody else’s UUID', Buffer.from('3f2504e0-4f89-41d3-9a0c-0305e82c3301')],
  ])('%s', async (_, bytes) => {
    const { findings } = await check([fileOf('a.txt', new Uint8Array(bytes))], {
      ids: idSearch([id, other]),
      rawIds: [other],
    });
    expect(findings.some((finding) => finding.kind === 'id' && finding.outcome === 'final')).toBe(true);
  });
  it('allows a UUID on the list of the package', async () => {
    const own = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
    expect((await check([fileOf('a.txt', own)], { ids: idSearch([], [own]) })).findings).toEqual([]);
  });
});

describe('decoders that do not read', () => {
  const page = (text: string) => [{ where: 'page 1', kind: 'text' as const, text }];
  const pdf = (first: string, second: string, changes: Partial<FinishedFile> = {}) =>
    fileOf('filing.pdf', 'not read here', {
      format: 'pdf',
      inkPages: ['page 1'],
      controlWord: 'K7-4821',
      decodings: [decodingOf(page(first)), decodingOf(page(second), 'engine 2')],
      ...changes,
    });
  it('passes when both report the control word', async () => {
    expect((await check([pdf('Texto. Folio K7-4821', 'Texto. Folio K7-4821')])).undecoded).toEqual([]);
  });
  it.each([
    ['one is silent', pdf('Texto. Folio K7-4821', '')],
    ['both are silent', pdf('', '')],
    ['one loses the control word', pdf('Texto. Folio K7-4821', 'Texto. Folio')],
    ['one sees much less', pdf('x'.repeat(200), 'x'.repeat(50), { controlWord: null })],
    ['only one ran', pdf('K7-4821', 'K7-4821', { decodings: [decodingOf(page('K7-4821'))] })],
    ['no page was drawn', pdf('K7-4821', 'K7-4821', { inkPages: [] })],
    [
      'a part could not be read',
      pdf('K7-4821', 'K7-4821', {
        decodings: [
          { ...decodingOf(page('K7-4821')), undecoded: [{ where: 'object 3', reason: 'unknown filter' }] },
          decodingOf(page('K7-4821'), 'engine 2'),
        ],
      }),
    ],
    [
      'a container stays closed',
      pdf('K7-4821', 'K7-4821', {
        decodings: [
          decodingOf([
            ...page('K7-4821'),
            { where: 'object 9', kind: 'bytes', bytes: Uint8Array.of(0x1f, 0x8b, 8, 0, 0) },
          ]),
          decodingOf(page('K7-4821'), 'engine 2'),
        ],
      }),
    ],
  ])('blocks when %s', async (_, file) => {
    expect((await check([file])).undecoded.length).toBeGreaterThan(0);
  });
  it('does not block for a file delivered whole by decision, but says so', async () => {
    const result = await check([fileOf('Anexo_02_audio.opus', 'x', { format: 'other', origin: 'whole' })]);
    expect(result.undecoded).toEqual([]);
    expect(result.unreadInWhole).toHaveLength(1);
  });
});

describe('allow-lists', () => {
  const chunk = (type: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
  };
  const png = (...chunks: Buffer[]): Buffer =>
    Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
  it('takes pixels of a PNG and nothing else', () => {
    const plain = png(
      chunk('IHDR', Buffer.alloc(13)),
      chunk('IDAT', Buffer.alloc(9)),
      chunk('IEND', Buffer.alloc(0)),
    );
    expect(checkPng(plain)).toEqual([]);
    expect(
      checkPng(
        png(chunk('IHDR', Buffer.alloc(13)), chunk('eXIf', Buffer.alloc(9)), chunk('IEND', Buffer.alloc(0))),
      ),
    ).toMatchObject([{ name: 'eXIf' }]);
    expect(checkPng(Buffer.concat([plain, Buffer.from('more')]))).toMatchObject([{ name: 'trailing bytes' }]);
  });
  it('refuses application segments, comments and what follows the end of a JPEG', () => {
    const jfif = Buffer.concat([Buffer.from([0xff, 0xe0, 0, 16]), Buffer.from('JFIF\0'), Buffer.alloc(9)]);
    const scan = Buffer.from([0xff, 0xda, 0, 2, 1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0xd9]);
    const jpeg = (...middle: Buffer[]) => Buffer.concat([Buffer.from([0xff, 0xd8]), ...middle, scan]);
    expect(checkJpeg(jpeg(jfif))).toEqual([]);
    expect(checkJpeg(jpeg(Buffer.from([0xff, 0xe1, 0, 4, 1, 2])))).toMatchObject([{ name: 'segment E1' }]);
    expect(checkJpeg(jpeg(Buffer.from([0xff, 0xfe, 0, 4, 1, 2])))).toMatchObject([{ name: 'segment FE' }]);
    expect(checkJpeg(Buffer.concat([jpeg(jfif), Buffer.from('x')]))).toMatchObject([
      { name: 'trailing bytes' },
    ]);
  });
  it('refuses fields of a PDF that tell about people, machines and hours', () => {
    const meta = (where: string, text: string) => ({ where, kind: 'metadata' as const, text });
    expect(
      checkPdfParts([
        meta('info:Title', 'Solicitud'),
        meta('info:CreationDate', 'D:20261122000000Z'),
        meta('info:Author', ''),
      ]),
    ).toEqual([]);
    expect(checkPdfParts([meta('info:Author', 'x')])).toMatchObject([{ name: 'Author' }]);
    expect(checkPdfParts([meta('info:CreationDate', 'D:20261122103000Z')])).toMatchObject([
      { name: 'time of day' },
    ]);
    expect(
      checkPdfParts([
        {
          where: 'object 4',
          kind: 'bytes',
          bytes: new Uint8Array(
            Buffer.from('<x:xmpmeta><rdf:RDF><pdf:Producer>x</pdf:Producer></rdf:RDF></x:xmpmeta>'),
          ),
        },
      ]),
    ).toMatchObject([{ name: 'pdf:Producer' }]);
  });
  it('refuses formulas and hours in CSV', () => {
    expect(checkCsv('a,b\n"x",2026-11-22\n')).toEqual([]);
    expect(checkCsv('a,=cmd()\n')).toMatchObject([{ name: 'formula' }]);
    expect(checkCsv('a,2026-11-22T10:00\n')).toMatchObject([{ name: 'time of day' }]);
  });
  it('refuses a zip that is none', () => {
    expect(checkZip(Buffer.from('x'.repeat(40)), { docx: false, sorted: true })).toHaveLength(1);
  });
});

describe('inventory', () => {
  // Names by somebody else: none of them is a known value.
  const STRANGERS = [
    'Eulalia Tzompantzi',
    'Quirino',
    'Barrio El Zapotal',
    'Xantolo',
    'Luna',
    'Paz',
    'Clavel',
    'Toribia',
    'Wenceslao Iturbide',
  ];
  it('has every proper noun, number, address and picture that was planted', async () => {
    const text = [
      ...STRANGERS.map((name, at) => `El día ${String(at)} se habló con ${name} en la tarde.`),
      'Toribia llegó primero. Clavel se fue. Luna no vino.',
      'Tarjeta 4821 9932, correo quien@sabe.example, cuenta @nadie.sabe, placa ABC-12-34, el 3 de mayo de 2024, en 19.43261, -99.13322.',
      'Ver https://sitio.example/x y la línea 000 777 8899.',
    ].join('\n');
    const { inventory } = await check([
      fileOf('Anexo_07_nota.txt', text, { decodings: [decodingOf([{ where: 'text', kind: 'text', text }])] }),
      fileOf('Anexo_08_foto.png', 'x', { format: 'png', decodings: [decodingOf([])] }),
    ]);
    const words = new Set(inventory.filter((entry) => entry.kind === 'word').map((entry) => entry.text));
    for (const word of STRANGERS.flatMap((name) => name.split(' ')).filter((word) => word !== 'El'))
      expect(words).toContain(word);
    const kinds = new Set(inventory.map((entry) => entry.kind));
    expect(kinds).toEqual(
      new Set(['word', 'number', 'email', 'url', 'handle', 'date', 'coordinate', 'plate', 'picture']),
    );
  });
  it('leaves out dictionary words at the beginning of a sentence', async () => {
    const text = 'Después llegaron. Mujeres y niñas salieron. «Nunca» dijo. La puerta estaba abierta.';
    const { inventory } = await check([
      fileOf('a.txt', text, { decodings: [decodingOf([{ where: 'text', kind: 'text', text }])] }),
    ]);
    expect(inventory).toEqual([]);
  });
});

describe('large files', () => {
  it('finds a value across the border of two reads', async () => {
    const bytes = new Uint8Array(9 * 1024 * 1024);
    for (const at of [4 * 1024 * 1024 - 9, 8 * 1024 * 1024 - 3])
      bytes.set(Buffer.from('Maricela Xochimitl'), at);
    const { findings } = await check([
      fileOf('Anexo_03_video.mp4', bytes, { format: 'other', origin: 'whole' }),
    ]);
    expect(
      new Set(findings.filter((finding) => finding.encoding === 'utf-8').map((finding) => finding.where))
        .size,
    ).toBeGreaterThanOrEqual(2);
  });

  it('scans at 50 MB a second or more with 300 people', () => {
    const people: KnownValue[] = Array.from({ length: 300 }, (_, at) => ({
      ref: `person:${String(at)}`,
      kind: 'name',
      text: `Persona${String.fromCharCode(97 + (at % 26))}x Apellidoq${String(at)} Segundoz${String(at)}`,
    }));
    const scanner = byteScanner(byteForms(searchForms(people), [], []));
    const noise = new Uint8Array(randomBytes(32 * 1024 * 1024));
    noise.set(Buffer.from('Apellidoq7'), 31 * 1024 * 1024 + 5);
    let hits = 0;
    scanner.scan(noise.subarray(0, 1024 * 1024), () => (hits += 1));
    // Processor time, not the clock: other work on the machine is not the scanner's.
    const start = process.cpuUsage();
    scanner.scan(noise, () => (hits += 1));
    const { user, system } = process.cpuUsage(start);
    const seconds = (user + system) / 1e6;
    expect(hits).toBeGreaterThan(0);
    expect(32 / seconds).toBeGreaterThan(50);
  });
});

describe('what the form prints of itself', () => {
  const docx = (text: string): FinishedFile =>
    fileOf('filing.docx', 'PK', {
      format: 'text',
      decodings: [decodingOf([{ where: 'word/document.xml', kind: 'text', text }])],
    });
  it('needs no judgement: the state in the head of a fact is nobody, the surname beside it still is', async () => {
    const { findings } = await check(
      [
        docx(
          '<w:p><w:r><w:t>Mayo de 2025, Guerrero. </w:t></w:r><w:r><w:t>Lo vio Guerrero</w:t></w:r></w:p>',
        ),
      ],
      { ownPhrases: ['Mayo de 2025, Guerrero.', 'Empresa'] },
    );
    const places = findings.filter((one) => one.found === 'Guerrero');
    expect(places.map((one) => one.otherMeaning).sort()).toEqual([false, true]);
  });

  it('waves nothing certain through', async () => {
    const { findings } = await check([docx('<w:t>Mayo de 2025, Rosario Guerrero Luna.</w:t>')], {
      ownPhrases: ['Mayo de 2025, Rosario Guerrero Luna.'],
    });
    expect(findings.some((one) => one.outcome === 'final')).toBe(true);
  });

  it('gives one sentence one pattern in every form of the filing', async () => {
    const { findings } = await check([
      docx(
        '<w:p><w:r><w:t>Ese día lo dijo </w:t></w:r><w:r><w:t>Chayo en la puerta grande</w:t></w:r></w:p>',
      ),
      fileOf('filing.txt', 'Ese día lo dijo Chayo en la puerta grande'),
    ]);
    const places = findings.filter((one) => one.found === 'Chayo');
    expect(places.length).toBeGreaterThan(1);
    expect(new Set(places.map((one) => one.patternHash)).size).toBe(1);
  });
});

describe('a recogniser that says nothing', () => {
  const page = 'Solicitud de medidas cautelares. Comisión Interamericana. Folio ABCD-EFGH.';
  const filing = (ocrText: string): FinishedFile =>
    fileOf('filing.pdf', '%PDF-1.7', {
      format: 'pdf',
      controlWord: 'ABCD-EFGH',
      inkPages: ['page 1'],
      decodings: [
        decodingOf([{ where: 'page 1', kind: 'text', text: page }], 'engine 1'),
        decodingOf([{ where: 'page 1', kind: 'text', text: page }], 'engine 2'),
        decodingOf([{ where: 'page 1 ocr', kind: 'ocr', text: ocrText }], 'ocr'),
      ],
    });
  it('blocks: pictures that it was silent about were not examined', async () => {
    expect((await check([filing(page.replace('Folio', 'Fo1io'))])).undecoded).toEqual([]);
    expect((await check([filing('')])).undecoded).toContainEqual(
      expect.objectContaining({ where: 'page 1', reason: 'print of our own not read by ocr' }),
    );
  });
});
