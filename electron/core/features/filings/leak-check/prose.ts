import type { DecodedPart } from '#shared/parser/jobs.ts';
import type { FinishedFormat } from './allow-lists.ts';

/** Formats whose parts may be XML or markup of their own. */
const ELEMENTS: ReadonlySet<FinishedFormat> = new Set(['docx', 'zip', 'pdf']);
/** Names of objects, fonts and XML elements are no words of the filing. */
const MACHINERY =
  /^(?:object|trailer|form|forms|bytes|bookmark|page \d+ (?:structure|annotations?|link)|metadata|destinations|format)/;
const OFFICE_TEXT =
  /(?:document|header\d*|footer\d*|footnotes|endnotes|comments|content|sharedStrings|core)\.xml$/;

/** Field codes that the renderer writes, whole; any other word in the place of a code is somebody's. */
const FIELD_CODES: ReadonlySet<string> = new Set(['PAGE', 'NUMPAGES']);
/** Languages that the renderer writes into the core properties, whole. */
const LANGUAGES: ReadonlySet<string> = new Set(['es-MX', 'en-GB']);

/** Exactly what the format asks for in its own places becomes nothing, or the day that it says; all else stays. */
const officeProse = (xml: string): string =>
  xml
    .replace(/<w:instrText\b[^>]*>([^<]*)<\/w:instrText>/g, (whole, code: string) =>
      FIELD_CODES.has(code.trim()) ? ' ' : whole,
    )
    .replace(/<dc:language>([^<]*)<\/dc:language>/g, (whole, tag: string) =>
      LANGUAGES.has(tag) ? ' ' : whole,
    )
    .replace(
      /<(dcterms:(?:created|modified))\b[^>]*>(\d{4}-\d{2}-\d{2})T00:00:00Z<\/\1>/g,
      (_whole, _name: string, day: string) => `\n${day}\n`,
    )
    .replace(/<\/?w:(?:p|tc|tr|br)\b[^>]*>/g, '\n')
    .replace(/<[^<>]*>/g, '');

/** A date of a PDF's Info at midnight, as the day that it is. */
const infoProse = (text: string): string => text.replace(/^D:(\d{4})(\d{2})(\d{2})000000Z$/, '$1-$2-$3');

/** Instants of a bundle at midnight, as the days that they are. */
const stixProse = (text: string): string => text.replace(/"(\d{4}-\d{2}-\d{2})T00:00:00\.000Z"/g, '"$1"');

/**
 * What of a decoded part a reader of the file reads; null for the machinery of its format. What a format itself writes
 * into the same places (field codes, language tags, midnights) is told by exact lists, so that a name that somebody puts
 * there is still read out.
 */
export const proseOf = (part: DecodedPart, format: FinishedFormat): string | null => {
  if (part.text === undefined || part.kind === 'bytes') return null;
  if (part.kind === 'metadata')
    return /^info:(?!format|encryption)/.test(part.where) ? infoProse(part.text) : null;
  if (part.kind === 'ocr' || part.kind === 'name') return part.kind === 'ocr' ? part.text : null;
  // Only these formats are made of elements; in a table or a plain text what looks like one is somebody's words.
  if (ELEMENTS.has(format) && /<\/?[A-Za-z][\w:.-]*[\s/>]/.test(part.text))
    return OFFICE_TEXT.test(part.where) ? officeProse(part.text) : null;
  if (MACHINERY.test(part.where) || (/\.(?:xml|rels)/.test(part.where) && !OFFICE_TEXT.test(part.where)))
    return null;
  return format === 'stix' ? stixProse(part.text) : part.text;
};
