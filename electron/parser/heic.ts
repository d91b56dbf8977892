import { MAX_PIXELS } from '#shared/parser/jobs.ts';
import type { ParserAnswer, ParserParams } from '#shared/parser/jobs.ts';
import { Refusal } from './refusal.ts';

/** What `heic-decode` gives; the package has no types of its own. */
interface HeicPicture {
  readonly width: number;
  readonly height: number;
  decode(): Promise<{ width: number; height: number; data: Uint8ClampedArray }>;
}
interface HeicModule {
  default: { all(input: { buffer: Uint8Array }): Promise<readonly HeicPicture[]> };
}

/** Mean of the pixels that each target pixel covers. */
const shrink = (
  source: Uint8ClampedArray,
  width: number,
  height: number,
  maxSide: number,
): { width: number; height: number; data: Uint8Array<ArrayBuffer> } => {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const data = new Uint8Array(w * h * 4);
  for (let y = 0; y < h; y += 1) {
    const [top, bottom] = [
      Math.floor((y * height) / h),
      Math.max(Math.floor(((y + 1) * height) / h), Math.floor((y * height) / h) + 1),
    ];
    for (let x = 0; x < w; x += 1) {
      const left = Math.floor((x * width) / w);
      const right = Math.max(Math.floor(((x + 1) * width) / w), left + 1);
      const sum = [0, 0, 0, 0];
      for (let sy = top; sy < bottom; sy += 1) {
        for (let sx = left, at = (sy * width + left) * 4; sx < right; sx += 1) {
          for (let channel = 0; channel < 4; channel += 1)
            sum[channel] = (sum[channel] ?? 0) + (source[at++] ?? 0);
        }
      }
      const count = (bottom - top) * (right - left);
      const to = (y * w + x) * 4;
      for (let channel = 0; channel < 4; channel += 1)
        data[to + channel] = Math.round((sum[channel] ?? 0) / count);
    }
  }
  return { width: w, height: h, data };
};

/** Pixels of the first picture of a HEIC file, turned as it says (libheif applies its own rotation). */
export const heicPixels = async (
  params: ParserParams<'heic.pixels'>,
): Promise<ParserAnswer<'heic.pixels'>> => {
  if (Buffer.from(params.bytes.subarray(4, 8)).toString('latin1') !== 'ftyp')
    throw new Refusal('parser.unsupported');
  // @ts-expect-error -- the package has no declarations; its shape is the interface above
  const heic = (await import('heic-decode')) as HeicModule;
  const pictures = await heic.default.all({ buffer: params.bytes }).catch((thrown: unknown) => {
    if (thrown instanceof TypeError) throw new Refusal('parser.unsupported');
    throw thrown;
  });
  const [first] = pictures;
  if (first === undefined) throw new Refusal('parser.damagedFile');
  if (!(first.width * first.height <= MAX_PIXELS)) throw new Refusal('parser.tooLarge');
  const { width, height, data } = await first.decode();
  return shrink(data, width, height, params.maxSide ?? Math.max(width, height));
};
