import { imageDecode, imageEncode, imageInspect, imagePixels } from './image.ts';
import type { JobHandlers } from './serve.ts';

/** Jobs of the kind that loads `sharp` and nothing else native. */
export const IMAGE_JOBS: JobHandlers = {
  'image.inspect': imageInspect,
  'image.pixels': imagePixels,
  'image.encode': imageEncode,
  'image.decode': imageDecode,
};
