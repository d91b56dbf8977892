import { join, relative, sep } from 'node:path';
import { AppError } from '#shared/errors.ts';
import type { Disk } from '../ports/disk.ts';

const MAX_NAME_BYTES = 200;
const SHOWN_CHARS = 255;
/** Separators of any system, the colon of Windows streams and drives, wildcards, control characters, half pairs. */
const FORBIDDEN = /[/\\:*?"<>|\p{Cc}\p{Cs}]/u;
/** Names that Windows gives to devices, whatever follows the dot. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/iu;

/** True for a name that means one file in one folder on every system that we run on. */
export const isSafeName = (name: string): boolean =>
  name.length > 0 &&
  Buffer.byteLength(name) <= MAX_NAME_BYTES &&
  !FORBIDDEN.test(name) &&
  name !== '.' &&
  name !== '..' &&
  // Windows drops these at the end, so `x.` and `x` would be one file.
  !/[. ]$/u.test(name) &&
  !name.startsWith(' ') &&
  !DEVICE.test(name);

/** Path of `names` below `folder`, one name a level. Throws `disk.unsafeName`. */
export const childPath = (folder: string, ...names: readonly string[]): string => {
  if (names.length === 0 || !names.every(isSafeName)) throw new AppError('disk.unsafeName');
  return join(folder, ...names);
};

/**
 * Makes sure that nothing on the way from `root` down to `path` is a link: someone with access to the folder
 * could otherwise lead our writes and deletions out of it. What does not exist yet is fine.
 * Throws `disk.unsafeName`.
 */
export const assertNoLinks = async (disk: Disk, root: string, path: string): Promise<void> => {
  const below = relative(root, path);
  const names = below.split(sep);
  if (below === '' || names.includes('..') || below.startsWith(sep) || /^[A-Za-z]:/u.test(below)) {
    throw new AppError('disk.unsafeName');
  }
  let at = root;
  for (const name of names) {
    at = join(at, name);
    const stat = await disk.stat(at);
    if (stat === null) return;
    if (stat.kind === 'link') throw new AppError('disk.unsafeName');
  }
};

/**
 * Marks that turn text around or cannot be seen: with them `cv_gpj.exe` reads as `cv_exe.jpg`.
 * Joiners that letters need stay.
 */
const HIDDEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff\p{Cs}]/gu;

/** Splits `acta.pdf` into `acta` and `.pdf`; an ending longer than 12 characters is none. */
const splitExtension = (name: string): { readonly stem: string; readonly extension: string } => {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : '';
  return { stem: extension === '' ? name : name.slice(0, dot), extension };
};

/** Shortens the stem by whole characters until the name fits; the ending stays, since people go by it. */
const shortened = (name: string, fits: (name: string) => boolean): string => {
  const { stem, extension } = splitExtension(name);
  let kept = [...stem].slice(0, SHOWN_CHARS);
  while (kept.length > 0 && !fits(kept.join('') + extension)) kept = kept.slice(0, -1);
  return kept.join('') + extension;
};

/**
 * A foreign file name as it is kept and shown: the last part of a path, marks that deceive made visible as
 * U+FFFD, NFC, at most 255 characters. Never empty. It is a label, never used to open anything.
 */
export const shownName = (foreign: string): string => {
  const parts = foreign.split(/[/\\]/u).filter((part) => part !== '');
  const last = (parts.at(-1) ?? '').replace(HIDDEN, '\ufffd').normalize('NFC').trim();
  const shown = shortened(last, (name) => [...name].length <= SHOWN_CHARS).trim();
  return shown === '' || shown === '.' || shown === '..' ? '\ufffd' : shown;
};

/** A safe file name as near as possible to a foreign one, for a copy that leaves the vault. */
export const safeFileName = (foreign: string, fallback: string): string => {
  const cleaned = shownName(foreign)
    .replace(/\ufffd/gu, '_')
    .replace(new RegExp(FORBIDDEN.source, 'gu'), '_')
    .replace(/^[. ]+|[. ]+$/gu, '');
  // One byte is kept back for the underscore that a device name needs.
  const short = shortened(cleaned, (name) => Buffer.byteLength(name) < MAX_NAME_BYTES).replace(/[. ]+$/u, '');
  const name = DEVICE.test(short) ? `_${short}` : short;
  return isSafeName(name) && /[^_.]/u.test(name) ? name : fallback;
};
