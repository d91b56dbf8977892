import type { ParserAnswer, ParserParams } from '#shared/parser/jobs.ts';
import { PartList } from './parts.ts';
import { Refusal } from './refusal.ts';

const SECOND_DECODER = 'unpdf 1.8.1 (pdf.js)';
const MAX_PAGES = 20_000;

const stringsOf = (value: unknown, into: string[], depth = 0): void => {
  if (typeof value === 'string') into.push(value);
  else if (depth < 32 && value instanceof Map)
    for (const [key, inner] of value) stringsOf([key, inner], into, depth + 1);
  else if (depth < 32 && typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) into.push(key);
      stringsOf(inner, into, depth + 1);
    }
  }
};

/**
 * The text and descriptions of a PDF by an engine that shares no code with the one that made it. Fonts are
 * not loaded and scripts are off; nothing is fetched.
 */
export const pdfDecodeSecond = async (
  params: ParserParams<'pdf.decodeSecond'>,
): Promise<ParserAnswer<'pdf.decodeSecond'>> => {
  const head = Buffer.from(params.bytes.subarray(0, 4_096));
  if (!head.includes('%PDF-')) throw new Refusal('parser.unsupported');
  const parts = new PartList();
  const answer = { parts: parts.parts, undecoded: parts.undecoded, decoder: SECOND_DECODER };
  const { getDocumentProxy } = await import('unpdf');
  let pdf;
  try {
    pdf = await getDocumentProxy(new Uint8Array(params.bytes), {
      useSystemFonts: false,
      disableFontFace: true,
      stopAtErrors: true,
      verbosity: 0,
    });
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'PasswordException') {
      parts.fail('file', 'protected with a password');
      return answer;
    }
    throw new Refusal('parser.damagedFile');
  }
  if (pdf.numPages > MAX_PAGES) throw new Refusal('parser.tooLarge');
  const describe = async (where: string, read: () => Promise<unknown>): Promise<void> => {
    try {
      const strings: string[] = [];
      stringsOf(await read(), strings);
      parts.text(where, strings.join('\n'), 'metadata');
    } catch (thrown) {
      if (thrown instanceof Refusal) throw thrown;
      parts.fail(where, 'cannot be read');
    }
  };
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const where = `page ${number}`;
    try {
      const page = await pdf.getPage(number);
      const content = await page.getTextContent({ includeMarkedContent: false, disableNormalization: false });
      let text = '';
      for (const item of content.items) {
        if ('str' in item) text += item.str + (item.hasEOL ? '\n' : '');
      }
      parts.text(where, text);
      await describe(`${where} annotations`, () => page.getAnnotations());
      await describe(`${where} structure`, () => page.getStructTree());
      page.cleanup();
    } catch (thrown) {
      if (thrown instanceof Refusal) throw thrown;
      parts.fail(where, 'cannot be read');
    }
  }
  await describe('metadata', async () => {
    const { info, metadata } = await pdf.getMetadata();
    return [info, metadata === null ? null : metadata.getRaw()] as unknown[];
  });
  await describe('bookmarks', () => pdf.getOutline());
  await describe('scripts', () => pdf.getJSActions());
  await describe('form fields', () => pdf.getFieldObjects());
  await describe('destinations', () => pdf.getDestinations());
  await describe('page labels', () => pdf.getPageLabels());
  const attachments = ((await pdf.getAttachments()) ?? {}) as Record<
    string,
    { filename: string; content: Uint8Array }
  >;
  for (const { filename, content } of Object.values(attachments)) {
    parts.text('attachment', filename, 'name');
    parts.bytes('attachment', new Uint8Array(content));
  }
  return answer;
};
