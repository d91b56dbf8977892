import { crc32, deflate } from 'node:zlib';
import { promisify } from 'node:util';
import type { Pixels } from '#shared/parser/jobs.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const compress = promisify<Uint8Array, { level: number }, Buffer>(deflate);

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
};

const isOpaque = (data: Uint8Array): boolean => {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false;
  return true;
};

/**
 * Rows with the filter "difference from the pixel to the left", which does well on photographs and screens
 * alike. Without alpha where nothing is transparent.
 */
const filteredRows = ({ width, height, data }: Pixels, channels: 3 | 4): Buffer => {
  const stride = 1 + width * channels;
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    let to = y * stride;
    let from = y * width * 4;
    out[to] = 1;
    to += 1;
    for (let x = 0; x < width; x += 1) {
      for (let c = 0; c < channels; c += 1) {
        const left = x === 0 ? 0 : (data[from + c - 4] as number);
        out[to] = ((data[from + c] as number) - left) & 0xff;
        to += 1;
      }
      from += 4;
    }
  }
  return out;
};

/**
 * A PNG made from raw pixels: nothing but size, pixels and end, so that it carries no word of the file they
 * came from. The engine never stores or shows an encoded picture that a parser process made.
 */
export const encodePng = async (pixels: Pixels): Promise<Buffer<ArrayBuffer>> => {
  const { width, height, data } = pixels;
  if (data.length !== width * height * 4) throw new RangeError('pixels');
  const channels = isOpaque(data) ? 3 : 4;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = channels === 3 ? 2 : 6;
  const body = await compress(filteredRows(pixels, channels), { level: 6 });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', body),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};
