import type { ParserAnswer, ParserParams } from '#shared/parser/jobs.ts';
import { decodeBytes } from './text-decode.ts';

/** Type by content. Text has no magic number: JSON, and else plain text, are told by decoding. */
export const fileType = async (params: ParserParams<'file.type'>): Promise<ParserAnswer<'file.type'>> => {
  const { fileTypeFromBuffer } = await import('file-type');
  const found = await fileTypeFromBuffer(params.head).catch(() => undefined);
  if (found !== undefined) return { mime: found.mime.slice(0, 200), extension: found.ext.slice(0, 20) };
  const head = params.head.subarray(0, Math.max(0, params.head.length - 3));
  const text = params.head.length === 0 ? null : (decodeBytes(params.head) ?? decodeBytes(head));
  if (text === null) return { mime: 'application/octet-stream', extension: 'bin' };
  if (/^\s*[[{]/.test(text.text)) return { mime: 'application/json', extension: 'json' };
  if (/^\s*<!doctype html|^\s*<html/i.test(text.text)) return { mime: 'text/html', extension: 'html' };
  return { mime: 'text/plain', extension: 'txt' };
};
