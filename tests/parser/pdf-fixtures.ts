/**
 * PDF files written by hand, object by object, so that each test knows exactly what stands in the file and
 * no library decides what is possible.
 */
export interface RawObject {
  readonly dict: string;
  readonly stream?: string | Buffer;
}

const serialise = (number: number, { dict, stream }: RawObject): Buffer => {
  if (stream === undefined) return Buffer.from(`${number} 0 obj\n${dict}\nendobj\n`, 'latin1');
  const body = Buffer.isBuffer(stream) ? stream : Buffer.from(stream, 'latin1');
  const inner = dict.replace(/>>\s*$/, ` /Length ${body.length} >>`);
  return Buffer.concat([
    Buffer.from(`${number} 0 obj\n${inner}\nstream\n`, 'latin1'),
    body,
    Buffer.from('\nendstream\nendobj\n', 'latin1'),
  ]);
};

const xrefLine = (offset: number): string => `${String(offset).padStart(10, '0')} 00000 n \n`;

/** A whole file; object numbers count from 1, object 1 is the catalogue. */
export const rawPdf = (objects: readonly RawObject[], trailerExtra = ''): Buffer => {
  const pieces: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  const offsets: number[] = [];
  let at = pieces[0]?.length ?? 0;
  objects.forEach((object, index) => {
    const piece = serialise(index + 1, object);
    offsets.push(at);
    at += piece.length;
    pieces.push(piece);
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map(xrefLine).join('')}`;
  pieces.push(
    Buffer.from(
      `${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailerExtra} >>\nstartxref\n${at}\n%%EOF\n`,
      'latin1',
    ),
  );
  return Buffer.concat(pieces);
};

/** Appends a revision that replaces one object, as editors do that save "incrementally". */
export const appendRevision = (before: Buffer, number: number, object: RawObject, size: number): Buffer => {
  const previous = /startxref\s+(\d+)/g;
  const text = before.toString('latin1');
  let last = 0;
  for (const match of text.matchAll(previous)) last = Number(match[1]);
  const piece = serialise(number, object);
  const table = before.length + piece.length;
  return Buffer.concat([
    before,
    piece,
    Buffer.from(
      `xref\n${number} 1\n${xrefLine(before.length)}trailer\n<< /Size ${size} /Root 1 0 R /Prev ${last} >>\nstartxref\n${table}\n%%EOF\n`,
      'latin1',
    ),
  ]);
};

const FONT = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>';

/** One page that shows `content`; `extra` goes into the page, `resources` into its resources. */
export const onePage = (
  content: string | Buffer,
  options: {
    page?: string;
    resources?: string;
    catalogue?: string;
    objects?: readonly RawObject[];
    trailer?: string;
  } = {},
): Buffer =>
  rawPdf(
    [
      { dict: `<< /Type /Catalog /Pages 2 0 R ${options.catalogue ?? ''} >>` },
      { dict: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>' },
      {
        dict: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> ${options.resources ?? ''} >> ${options.page ?? ''} >>`,
      },
      { dict: '<< >>', stream: content },
      { dict: FONT },
      ...(options.objects ?? []),
    ],
    options.trailer,
  );

/** Number of the first object of `options.objects` above. */
export const FIRST_EXTRA = 6;

export const line = (text: string, x: number, y: number): string =>
  `BT /F1 14 Tf ${x} ${y} Td (${text}) Tj ET\n`;
