import { crc32, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodePng } from './png.ts';

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

const chunksOf = (png: Buffer): Chunk[] => {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks: Chunk[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.push({ type: body.toString('latin1', 0, 4), data: body.subarray(4) });
    at += 12 + length;
  }
  return chunks;
};

/** A decoder of its own, for the filter that is used. */
const decode = (png: Buffer): { width: number; height: number; data: Buffer } => {
  const chunks = chunksOf(png);
  expect(chunks.map((chunk) => chunk.type)).toEqual(['IHDR', 'IDAT', 'IEND']);
  const [header, body] = chunks as [Chunk, Chunk];
  const width = header.data.readUInt32BE(0);
  const height = header.data.readUInt32BE(4);
  const channels = header.data[9] === 2 ? 3 : 4;
  const rows = inflateSync(body.data);
  const data = Buffer.alloc(width * height * 4, 255);
  const stride = 1 + width * channels;
  expect(rows.length).toBe(stride * height);
  for (let y = 0; y < height; y += 1) {
    expect(rows[y * stride]).toBe(1);
    for (let x = 0; x < width; x += 1) {
      for (let c = 0; c < channels; c += 1) {
        const left = x === 0 ? 0 : data[(y * width + x - 1) * 4 + c]!;
        data[(y * width + x) * 4 + c] = (rows[y * stride + 1 + x * channels + c]! + left) & 255;
      }
    }
  }
  return { width, height, data };
};

test('every picture comes back pixel by pixel, with and without transparency', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 17 }),
      fc.integer({ min: 1, max: 17 }),
      fc.boolean(),
      fc.infiniteStream(fc.nat(255)),
      async (width, height, opaque, values) => {
        const data = Buffer.alloc(width * height * 4);
        for (let i = 0; i < data.length; i += 1) data[i] = opaque && i % 4 === 3 ? 255 : values.next().value!;
        const png = await encodePng({ width, height, data });
        expect(decode(png)).toEqual({ width, height, data });
      },
    ),
    { numRuns: 100 },
  );
});

test('pixels that do not fit their size are refused', async () => {
  await expect(encodePng({ width: 2, height: 2, data: Buffer.alloc(15) })).rejects.toThrow(RangeError);
});
