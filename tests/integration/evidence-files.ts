import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { deflateSync } from 'node:zlib';
import PDFDocument from 'pdfkit';
import sharp from 'sharp';

/** Files as they reach an office, made for the tests. Everything in them is invented. */

/** A photograph with EXIF: the artist's name is a marker that must not reach a thumbnail. */
export const photograph = (marker: string, width = 900, height = 600): Promise<Buffer> => {
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = (i * 31 + (i >> 7) * 17) & 0xff;
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .withExif({ IFD0: { Artist: marker, Make: 'Camara Ficticia' } })
    .jpeg()
    .toBuffer();
};

/** A PDF of two pages with one sentence on each. */
export const pdf = async (path: string, sentences: readonly string[]): Promise<void> => {
  const document = new PDFDocument({ autoFirstPage: false });
  const out = createWriteStream(path);
  document.pipe(out);
  for (const sentence of sentences) document.addPage().fontSize(18).text(sentence);
  document.end();
  await finished(out);
};

const chunk = (type: string, data: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  // The checksum is wrong on purpose nowhere: a bomb is a well-formed file.
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  let crc = 0xffffffff;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return Buffer.concat([length, body, sum]);
};

/** A PNG that says it has 60,000 by 60,000 pixels. */
export const pictureBomb = (): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(60_000, 0);
  header.writeUInt32BE(60_000, 4);
  header[8] = 8;
  header[9] = 2;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(4_000_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

/** A PDF whose one page stream inflates to 600 MB. */
export const pdfBomb = (): Buffer => {
  const layer = deflateSync(Buffer.alloc(60_000_000, 'q '), { level: 9 });
  const stream = deflateSync(layer, { level: 9 });
  const parts: string[] = ['%PDF-1.7\n'];
  const offsets: number[] = [];
  const object = (text: string): void => {
    offsets.push(Buffer.byteLength(parts.join(''), 'latin1'));
    parts.push(`${offsets.length} 0 obj\n${text}\nendobj\n`);
  };
  object('<< /Type /Catalog /Pages 2 0 R >>');
  object('<< /Type /Pages /Kids [3 0 R] /Count 1 >>');
  const contents = Array.from({ length: 10 }, () => '4 0 R').join(' ');
  object(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 14400 14400] /Contents [${contents}] >>`);
  object(
    `<< /Length ${stream.length} /Filter [/FlateDecode /FlateDecode] >>\nstream\n${stream.toString('latin1')}\nendstream`,
  );
  const start = Buffer.byteLength(parts.join(''), 'latin1');
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    `xref\n0 5\n0000000000 65535 f \n${table}trailer << /Size 5 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF`,
  );
  return Buffer.from(parts.join(''), 'latin1');
};

/** A phone's HEIC, or null where the encoder is not installed. */
export const heic = (png: string, out: string): boolean => {
  try {
    execFileSync('heif-enc', ['-q', '50', png, '-o', out], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
