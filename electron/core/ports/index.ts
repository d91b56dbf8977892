import type { Clock } from './clock.ts';
import type { Crypto } from './crypto.ts';
import type { Disk } from './disk.ts';
import type { LoadFonts } from './fonts.ts';
import type { Logger } from './logger.ts';
import type { ParserLauncher } from './parser.ts';
import type { Platform } from './platform.ts';
import type { Random } from './random.ts';

export type { Clock } from './clock.ts';
export type { Crypto, HashStream, KeyPair } from './crypto.ts';
export type { Disk, DiskFile, DiskStat, OpenMode } from './disk.ts';
export type { FilingFonts, LoadFonts } from './fonts.ts';
export type { LogEntry, Logger } from './logger.ts';
export type { ParserChannel, ParserKind, ParserLauncher } from './parser.ts';
export type { Platform } from './platform.ts';
export type { Random } from './random.ts';

/** Everything that the core gets from outside. */
export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly disk: Disk;
  readonly logger: Logger;
  readonly parsers: ParserLauncher;
  readonly platform: Platform;
  /** Faces of the filings, new buffers at each call. */
  readonly loadFonts: LoadFonts;
}
