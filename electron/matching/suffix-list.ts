import { createRequire } from 'node:module';
import type * as Tldts from 'tldts';

const here = createRequire(import.meta.url);
let loaded: typeof Tldts | null = null;

/**
 * The public suffix list. Loaded by the first link that may match something: the engine, which seldom compares, does
 * without its ten megabytes; a process that reads results asks for it while it starts.
 */
export const suffixList = (): typeof Tldts => (loaded ??= here('tldts') as typeof Tldts);
