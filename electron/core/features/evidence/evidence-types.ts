import type { EVIDENCE_KINDS } from '#shared/model/vocabularies.ts';

type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** How the inside of a file is read, by the type that its content has. Names and endings never count. */
export type Reading = 'image' | 'heic' | 'pdf' | 'text' | 'office' | 'none';

const IMAGES = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/tiff', 'image/gif', 'image/apng']);
const HEIC = new Set(['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence']);
const TEXTS = new Set(['application/json', 'message/rfc822', 'application/x-ndjson']);
const OFFICE =
  /^application\/(?:vnd\.openxmlformats-officedocument\.|vnd\.oasis\.opendocument\.|vnd\.ms-(?:word|excel|powerpoint))/u;

export const readingOf = (mime: string): Reading => {
  if (IMAGES.has(mime)) return 'image';
  if (HEIC.has(mime)) return 'heic';
  if (mime === 'application/pdf') return 'pdf';
  if (OFFICE.test(mime)) return 'office';
  // Markup and vector pictures are text here: they are never drawn.
  if (mime.startsWith('text/') || TEXTS.has(mime) || mime.endsWith('+xml') || mime === 'application/xml')
    return 'text';
  return 'none';
};

/** First guess at what an item is; people correct it. */
export const kindOf = (mime: string): EvidenceKind => {
  if (mime.startsWith('image/')) return 'photograph';
  if (mime.startsWith('video/')) return 'video';
  if (mime.startsWith('audio/')) return 'audio';
  if (mime === 'message/rfc822' || mime === 'application/vnd.ms-outlook') return 'email';
  if (/spreadsheet|ms-excel|text\/csv/u.test(mime)) return 'spreadsheet';
  if (mime === 'text/html') return 'webCapture';
  if (readingOf(mime) !== 'none') return 'document';
  return 'other';
};

/** A type that a parser named, or `application/octet-stream` where it is not a plain type name. */
export const plainMime = (mime: string): string => {
  const plain = mime.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return /^[a-z0-9][a-z0-9.+-]{0,60}\/[a-z0-9][a-z0-9.+-]{0,100}$/u.test(plain)
    ? plain
    : 'application/octet-stream';
};
