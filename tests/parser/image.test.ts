import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { flatten, outputOf, placesOf, realClient, testWith, throughCommand } from './parser-fixture.ts';

const client = realClient();
afterAll(() => client.close());
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
const NEEDLE = 'Xochitl';

type Format = 'jpeg' | 'png' | 'webp' | 'tiff' | 'gif';
const plain = (format: Format, width = 40, height = 30): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#c03020' } })
    .toFormat(format)
    .toBuffer();
const decode = (bytes: Uint8Array) => client.run('image.decode', { bytes: own(bytes) });

const chunk = (type: string, data: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, data, Buffer.alloc(4)]);
};
const insert = (bytes: Buffer, at: number, piece: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);

describe('image.decode finds what is planted in', () => {
  for (const format of ['jpeg', 'png', 'webp', 'gif'] as const) {
    test(`${format}: bytes after the end`, async () => {
      const file = await plain(format);
      expect(flatten((await decode(file)).parts)).not.toContain(NEEDLE);
      const { parts } = await decode(Buffer.concat([file, Buffer.from(NEEDLE)]));
      expect(placesOf(parts, NEEDLE)).toContain('bytes after the end');
    });
  }

  test('tiff: bytes in no directory', async () => {
    const { parts } = await decode(Buffer.concat([await plain('tiff'), Buffer.from(NEEDLE)]));
    expect(placesOf(parts, NEEDLE).some((where) => where.includes('in no directory'))).toBe(true);
  });

  test('jpeg: comment, application segments, bytes between segments, a thumbnail with its own comment', async () => {
    const file = await plain('jpeg');
    const segment = (marker: number, text: string): Buffer =>
      Buffer.concat([Buffer.from([0xff, marker, 0, text.length + 2]), Buffer.from(text)]);
    for (const [marker, where] of [
      [0xfe, 'COM'],
      [0xe5, 'APP5'],
      [0xef, 'APP15'],
    ] as const) {
      const { parts } = await decode(insert(file, 2, segment(marker, NEEDLE)));
      expect(placesOf(parts, NEEDLE)).toContain(where);
    }
    const { parts } = await decode(insert(file, 4 + file.readUInt16BE(4), Buffer.from(NEEDLE)));
    expect(placesOf(parts, NEEDLE)).toContain('bytes between segments');
  });

  test('png: every kind of text, and bytes behind the pixels', async () => {
    const file = await plain('png');
    const zipped = deflateSync(Buffer.from(NEEDLE));
    const cases: [Buffer, string][] = [
      [chunk('tEXt', Buffer.from(`Autor\0${NEEDLE}`)), 'tEXt Autor'],
      [chunk('zTXt', Buffer.concat([Buffer.from('Autor\0\0'), zipped])), 'zTXt Autor'],
      [chunk('iTXt', Buffer.concat([Buffer.from('Autor\0\x01\0es\0Autora\0'), zipped])), 'iTXt Autor'],
      [chunk('iTXt', Buffer.from(`Autor\0\0\0es\0Autora\0${NEEDLE}`)), 'iTXt Autor'],
      [chunk('prVt', Buffer.from(NEEDLE)), 'prVt'],
    ];
    for (const [piece, where] of cases) {
      const { parts } = await decode(insert(file, 33, piece));
      expect(placesOf(parts, NEEDLE), where).toContain(where);
    }
    const at = file.indexOf('IDAT') - 4;
    const length = file.readUInt32BE(at);
    const fat = Buffer.concat([
      file.subarray(0, at),
      chunk('IDAT', Buffer.concat([file.subarray(at + 8, at + 8 + length), Buffer.from(NEEDLE)])),
      file.subarray(at + 12 + length),
    ]);
    expect(placesOf((await decode(fat)).parts, NEEDLE)).toContain('bytes behind the pixel data');
  });

  test('webp: unknown chunk; gif: comment', async () => {
    const webp = await plain('webp');
    const piece = Buffer.concat([Buffer.from('abcd\x08\0\0\0'), Buffer.from(`${NEEDLE}!`)]);
    const fat = Buffer.concat([webp, piece]);
    fat.writeUInt32LE(fat.length - 8, 4);
    expect(placesOf((await decode(fat)).parts, NEEDLE)).toContain('abcd');
    const gif = await plain('gif');
    const comment = Buffer.concat([Buffer.from([0x21, 0xfe, NEEDLE.length]), Buffer.from(`${NEEDLE}\0`)]);
    expect(placesOf((await decode(insert(gif, gif.length - 1, comment))).parts, NEEDLE)).toContain(
      'GIF comment',
    );
  });

  test('what it cannot decode is named', async () => {
    const file = await plain('jpeg', 200, 200);
    expect(JSON.stringify((await decode(file.subarray(0, 300))).undecoded)).toMatch(/cut off|no end|decoded/);
    expect(JSON.stringify((await decode(Buffer.from('hola'))).undecoded)).toContain('unknown picture format');
    expect((await decode(file)).undecoded).toEqual([]);
  });
});

describe('metadata written by exiftool', () => {
  testWith('exiftool')(
    'GPS, owner, comment and IPTC are read as facts, in JPEG, PNG, WebP and TIFF',
    async () => {
      for (const format of ['jpeg', 'png', 'webp', 'tiff'] as const) {
        const tags = [
          '-GPSLatitude=19.432608',
          '-GPSLatitudeRef=N',
          '-GPSLongitude=99.133209',
          '-GPSLongitudeRef=W',
          `-EXIF:Artist=${NEEDLE}`,
          '-EXIF:Make=Camara',
          '-EXIF:DateTimeOriginal=2024:06:01 10:11:12',
          `-XMP:Creator=${NEEDLE}-xmp`,
        ];
        if (format === 'jpeg') tags.push(`-IPTC:By-line=${NEEDLE}-iptc`, `-Comment=${NEEDLE}-com`);
        const file = throughCommand(await plain(format), `a.${format}`, 'exiftool', (path) => [
          '-overwrite_original',
          ...tags,
          path,
        ]);
        const { facts, width, height } = await client.run('image.inspect', { bytes: own(file) });
        const value = (name: string): string | undefined => facts.find((fact) => fact.name === name)?.value;
        expect([width, height]).toEqual([40, 30]);
        expect(value('GPS position'), format).toBe('19.432608, -99.133209');
        expect(value('Image Artist')).toBe(NEEDLE);
        expect(value('Exif DateTimeOriginal')).toBe('2024:06:01 10:11:12');
        expect(JSON.stringify(facts)).toContain(`${NEEDLE}-xmp`);
        if (format === 'jpeg') {
          expect(value('Comment')).toBe(`${NEEDLE}-com`);
          expect(value('IPTC 2:80')).toBe(`${NEEDLE}-iptc`);
        }
        expect(flatten((await decode(file)).parts)).toContain(NEEDLE);
      }
    },
  );

  testWith('exiftool')(
    'nothing of it is left after pixels and encode, by exiftool and by our own list',
    async () => {
      const file = throughCommand(await plain('jpeg'), 'a.jpg', 'exiftool', (path) => [
        '-overwrite_original',
        `-Artist=${NEEDLE}`,
        '-GPSLatitude=19.4',
        `-Comment=${NEEDLE}`,
        path,
      ]);
      expect(outputOf(file, 'a.jpg', 'exiftool', (path) => ['-a', '-G1', '-s', path])).toContain(NEEDLE);
      const pixels = await client.run('image.pixels', { bytes: own(file) });
      for (const format of ['png', 'jpeg'] as const) {
        const { bytes } = await client.run('image.encode', { pixels, format });
        expect((await decode(bytes)).parts.filter(({ where }) => !['APP0', 'pHYs'].includes(where))).toEqual(
          [],
        );
        const groups = outputOf(bytes, `a.${format}`, 'exiftool', (path) => ['-a', '-G1', '-s', path]);
        expect(groups).not.toMatch(/\[(IFD0|ExifIFD|GPS|XMP.*|IPTC|ICC.*)\]/);
        expect(groups).not.toContain(NEEDLE);
      }
    },
  );

  testWith('exiftool')('orientation is applied to pixels and size', async () => {
    const file = throughCommand(await plain('jpeg'), 'a.jpg', 'exiftool', (path) => [
      '-overwrite_original',
      '-n',
      '-Orientation=6',
      path,
    ]);
    const { width, height } = await client.run('image.inspect', { bytes: own(file) });
    const pixels = await client.run('image.pixels', { bytes: own(file) });
    expect([width, height, pixels.width, pixels.height]).toEqual([30, 40, 30, 40]);
  });
});

describe('image.pixels', () => {
  for (const format of ['jpeg', 'png', 'webp', 'tiff', 'gif'] as const) {
    test(`${format} in true colours, and shrunk`, async () => {
      const pixels = await client.run('image.pixels', { bytes: own(await plain(format)) });
      expect([pixels.width, pixels.height]).toEqual([40, 30]);
      const [red = 0, green = 0, blue = 0, alpha] = pixels.data.subarray(0, 4);
      expect(Math.abs(red - 0xc0) + Math.abs(green - 0x30) + Math.abs(blue - 0x20)).toBeLessThan(12);
      expect(alpha).toBe(255);
      const small = await client.run('image.pixels', { bytes: own(await plain(format)), maxSide: 20 });
      expect([small.width, small.height]).toEqual([20, 15]);
    });
  }

  test('grey and 16-bit pictures become RGBA', async () => {
    const grey = await sharp({ create: { width: 5, height: 4, channels: 3, background: '#808080' } })
      .greyscale()
      .toColourspace('grey16')
      .png()
      .toBuffer();
    const pixels = await client.run('image.pixels', { bytes: own(grey) });
    expect(pixels.data.length).toBe(5 * 4 * 4);
    expect(Math.abs((pixels.data[0] ?? 0) - 128)).toBeLessThan(3);
  });

  test('other formats that libvips could load are refused', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    );
    const avif = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
      .avif()
      .toBuffer();
    // Control: without the block this library does read them.
    expect((await sharp(svg).metadata()).format).toBe('svg');
    expect((await sharp(avif).metadata()).format).toBe('heif');
    for (const file of [svg, avif])
      await expect(client.run('image.pixels', { bytes: own(file) })).rejects.toMatchObject({
        code: 'parser.unsupported',
      });
  });

  test('a picture of a thousand million pixels in a few bytes is refused before it is drawn', async () => {
    const head = Buffer.alloc(13);
    head.writeUInt32BE(40_000, 0);
    head.writeUInt32BE(30_000, 4);
    head.set([8, 2, 0, 0, 0], 8);
    const crcTable = Array.from({ length: 256 }, (_, n) => {
      let c = n;
      for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
      return c >>> 0;
    });
    const real = (type: string, data: Buffer): Buffer => {
      const body = Buffer.concat([Buffer.from(type), data]);
      let crc = 0xffffffff;
      for (const byte of body) crc = ((crcTable[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8)) >>> 0;
      const out = Buffer.alloc(data.length + 12);
      out.writeUInt32BE(data.length, 0);
      body.copy(out, 4);
      out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, data.length + 8);
      return out;
    };
    const bomb = Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      real('IHDR', head),
      real('IDAT', deflateSync(Buffer.alloc(1_000_000))),
      real('IEND', Buffer.alloc(0)),
    ]);
    for (const job of ['image.pixels', 'image.inspect', 'image.decode'] as const) {
      await expect(client.run(job, { bytes: own(bomb) })).rejects.toMatchObject({ code: 'parser.tooLarge' });
    }
  });

  test('damaged pictures are refused, not half drawn', async () => {
    const file = await sharp({
      create: {
        width: 300,
        height: 300,
        channels: 3,
        background: '#c03020',
        noise: { type: 'gaussian', mean: 100, sigma: 50 },
      },
    })
      .jpeg()
      .toBuffer();
    await expect(
      client.run('image.pixels', { bytes: own(file.subarray(0, file.length / 2)) }),
    ).rejects.toMatchObject({ code: 'parser.damagedFile' });
  });
});

describe('heic.pixels', () => {
  testWith('heif-enc')('reads a HEIC made by heif-enc, whole and shrunk', async () => {
    const half = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#2040c0' } })
      .composite([
        {
          input: { create: { width: 32, height: 48, channels: 3, background: '#e0c010' } },
          left: 32,
          top: 0,
        },
      ])
      .png()
      .toBuffer();
    const file = throughCommand(
      half,
      'a.png',
      'heif-enc',
      (path) => [path, '-o', `${path}.heic`],
      (path) => `${path}.heic`,
    );
    expect((await client.run('file.type', { head: own(file.subarray(0, 4_100)) })).mime).toBe('image/heic');
    const pixels = await client.run('heic.pixels', { bytes: own(file) });
    expect([pixels.width, pixels.height]).toEqual([64, 48]);
    expect(pixels.data[2] ?? 0).toBeGreaterThan(150);
    expect(pixels.data[(64 - 2) * 4] ?? 0).toBeGreaterThan(180);
    const small = await client.run('heic.pixels', { bytes: own(file), maxSide: 16 });
    expect([small.width, small.height]).toEqual([16, 12]);
    await expect(
      client.run('heic.pixels', { bytes: own(file.subarray(0, file.length - 200)) }),
    ).rejects.toMatchObject({ code: 'parser.damagedFile' });
    await expect(client.run('heic.pixels', { bytes: own(half) })).rejects.toMatchObject({
      code: 'parser.unsupported',
    });
  });
});
