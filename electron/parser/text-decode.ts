import type { ParserAnswer, ParserParams } from '#shared/parser/jobs.ts';
import { wellFormed } from './parts.ts';
import { Refusal } from './refusal.ts';

/**
 * 0x80 to 0x9f of Windows-1252, because some builds of Node decode the label `windows-1252` as Latin-1.
 * The five bytes without a character become the control character of the same number (WHATWG Encoding).
 */
const HIGH = [
  0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,
  0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
  0x0153, 0x9d, 0x017e, 0x0178,
];

const decodeWindows = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (character) =>
      String.fromCharCode(HIGH[character.charCodeAt(0) - 0x80] ?? 0xfffd),
    );

const swapped = (bytes: Uint8Array): Buffer => Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();

/** Share of zero bytes at even and odd places among the first bytes: tells UTF-16 without a mark. */
const zeroShares = (bytes: Uint8Array): readonly [number, number] => {
  const head = bytes.subarray(0, 4_096);
  const zeros = [0, 0];
  for (const [index, byte] of head.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const half = Math.max(1, head.length / 2);
  return [(zeros[0] ?? 0) / half, (zeros[1] ?? 0) / half];
};

/** Decodes bytes that may be text. Gives null where they are clearly none (binary). */
export const decodeBytes = (bytes: Uint8Array): { text: string; encoding: string } | null => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return { text: Buffer.from(bytes.subarray(2)).toString('utf16le'), encoding: 'utf-16le' };
  }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return { text: swapped(bytes.subarray(2)).toString('utf16le'), encoding: 'utf-16be' };
  }
  const [even, odd] = zeroShares(bytes);
  if (bytes.length >= 4 && odd > 0.6 && even < 0.1)
    return { text: Buffer.from(bytes).toString('utf16le'), encoding: 'utf-16le' };
  if (bytes.length >= 4 && even > 0.6 && odd < 0.1)
    return { text: swapped(bytes).toString('utf16le'), encoding: 'utf-16be' };
  if (even > 0 || odd > 0) return null;
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    let controls = 0;
    for (const byte of bytes)
      if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) controls += 1;
    if (controls > bytes.length / 100) return null;
    return { text: decodeWindows(bytes), encoding: 'windows-1252' };
  }
};

/** Text of a plain-text file; refuses what is none (`parser.unsupported`). */
export const textDecode = (params: ParserParams<'text.decode'>): ParserAnswer<'text.decode'> => {
  // Four bytes a character at most, so no more than that needs decoding.
  const wanted = params.maxChars * 4 + 4;
  let head = params.bytes.subarray(0, wanted);
  // A cut through a UTF-8 character would make the whole look like another encoding.
  if (head.length < params.bytes.length) {
    let end = head.length;
    while (end > 0 && ((params.bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    head = head.subarray(0, end % 2 === 0 || (params.bytes[end] ?? 0) >= 0x80 ? end : end - 1);
  }
  const decoded = decodeBytes(head);
  if (decoded === null) throw new Refusal('parser.unsupported');
  const text = wellFormed(decoded.text.slice(0, params.maxChars));
  return {
    text,
    encoding: decoded.encoding,
    truncated: text.length < decoded.text.length || head.length < params.bytes.length,
  };
};
