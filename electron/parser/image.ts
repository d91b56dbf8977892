import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { MAX_PIXELS } from '#shared/parser/jobs.ts';
import type { ParserAnswer, ParserParams } from '#shared/parser/jobs.ts';
import { BlockReader, imageFormat } from './image-blocks.ts';
import { PartList } from './parts.ts';
import { Refusal, refusalFrom } from './refusal.ts';

/** libvips has loaders for dozens of formats; each one is attack surface. Five are let in. */
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadTiffBuffer',
    'VipsForeignLoadNsgifBuffer',
  ],
});
sharp.cache(false);
sharp.concurrency(1);

const open = (bytes: Uint8Array, autoOrient = false): Sharp => {
  if (imageFormat(bytes) === null) throw new Refusal('parser.unsupported');
  return sharp(bytes, {
    limitInputPixels: MAX_PIXELS,
    failOn: 'error',
    sequentialRead: true,
    pages: 1,
    autoOrient,
  });
};

const checkedSize = (width: number, height: number): { width: number; height: number } => {
  if (width * height > MAX_PIXELS || width > 100_000 || height > 100_000)
    throw new Refusal('parser.tooLarge');
  return { width, height };
};

/** Size as shown (orientation applied), format, and what the file says besides its pixels. */
export const imageInspect = async (
  params: ParserParams<'image.inspect'>,
): Promise<ParserAnswer<'image.inspect'>> => {
  const meta = await open(params.bytes).metadata();
  const parts = new PartList();
  const reader = new BlockReader(parts);
  reader.read(params.bytes);
  const turned = (meta.orientation ?? 1) >= 5;
  const size = checkedSize(turned ? meta.height : meta.width, turned ? meta.width : meta.height);
  return { ...size, format: meta.format, facts: reader.facts };
};

/** Pixels as RGBA in sRGB, first frame only. */
export const imagePixels = async (
  params: ParserParams<'image.pixels'>,
): Promise<ParserAnswer<'image.pixels'>> => {
  const meta = await open(params.bytes).metadata();
  checkedSize(meta.width, meta.height);
  let picture = open(params.bytes, true);
  if (params.maxSide !== undefined) {
    picture = picture.resize({
      width: params.maxSide,
      height: params.maxSide,
      fit: 'inside',
      withoutEnlargement: true,
    });
  }
  const { data, info } = await picture
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
};

/** Encodes RGBA. JPEG has no transparency: white goes underneath. No metadata is written. */
export const imageEncode = async (
  params: ParserParams<'image.encode'>,
): Promise<ParserAnswer<'image.encode'>> => {
  const { width, height, data } = params.pixels;
  const picture = sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: MAX_PIXELS });
  const encoded =
    params.format === 'png'
      ? picture.png({ compressionLevel: 9, adaptiveFiltering: false })
      : picture.flatten({ background: '#ffffff' }).jpeg({ quality: 90, chromaSubsampling: '4:4:4' });
  return { bytes: await encoded.toBuffer() };
};

/** Every block outside the pixel data, and what sharp itself makes of the metadata. */
export const imageDecode = async (
  params: ParserParams<'image.decode'>,
): Promise<ParserAnswer<'image.decode'>> => {
  const parts = new PartList();
  new BlockReader(parts).read(params.bytes);
  try {
    const meta = await open(params.bytes).metadata();
    checkedSize(meta.width, meta.height);
    for (const key of ['exif', 'icc', 'iptc', 'xmp', 'tifftagPhotoshop'] as const) {
      const block = meta[key];
      if (block !== undefined) parts.bytes(`sharp ${key}`, new Uint8Array(block));
    }
    for (const comment of meta.comments ?? [])
      parts.text(`sharp ${comment.keyword}`, comment.text, 'metadata');
    // The pixels must decode as well: a file that only looks like a picture is not examined by its blocks.
    await open(params.bytes).stats();
  } catch (thrown) {
    const refusal = refusalFrom(thrown);
    if (refusal.code === 'parser.tooLarge') throw refusal;
    parts.fail('picture', 'the pixels cannot be decoded');
  }
  return {
    parts: parts.parts,
    undecoded: parts.undecoded,
    decoder: `sharp ${sharp.versions.sharp ?? ''}, blocks 1`,
  };
};
