import type { Language } from '../model/common.ts';

/** Key derivation takes its memory in mebibytes, powers of two: told in MB, 64 MiB would be 67.1. */
const MIB = 1_048_576;

/** So many mebibytes, in bytes. */
export const mebibytes = (count: number): number => count * MIB;

/** The memory of a key derivation as window and terminal tell it, such as `1,024 MiB`. */
export const memoryText = (bytes: number, language: Language): string =>
  `${new Intl.NumberFormat(language === 'en' ? 'en-GB' : 'es-MX', { maximumFractionDigits: 1 }).format(bytes / MIB)} MiB`;
