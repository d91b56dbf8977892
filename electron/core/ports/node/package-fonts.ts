import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { LoadFonts } from '../fonts.ts';

const here = createRequire(import.meta.url);

/** Reads the faces that come with the application (Source Sans 3 and DejaVu Sans, both free) anew at each call. */
export const loadPackageFonts: LoadFonts = () => {
  const read = (file: string): Uint8Array => readFileSync(here.resolve(file));
  return {
    regular: read('source-sans/TTF/SourceSans3-Regular.ttf'),
    semibold: read('source-sans/TTF/SourceSans3-Semibold.ttf'),
    italic: read('source-sans/TTF/SourceSans3-It.ttf'),
    fallback: read('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
    fallbackBold: read('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
  };
};
