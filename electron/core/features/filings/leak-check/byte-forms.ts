import { compactKey } from '#shared/rules/text-folding.ts';
import type { KnownPoint, SearchForm } from '../redaction/index.ts';
import { SHORTEST_PATTERN } from './byte-scanner.ts';
import type { BytePattern } from './byte-scanner.ts';

/** A byte string that stands for a value in one encoding. */
export interface ByteForm extends BytePattern {
  readonly encoding: string;
  /** Index into the searched values (forms, points or ids, see `ByteTarget`). */
  readonly target: ByteTarget;
}
export type ByteTarget =
  | { readonly kind: 'form'; readonly form: SearchForm }
  | { readonly kind: 'point'; readonly point: KnownPoint }
  | { readonly kind: 'id'; readonly hex: string };

const MAC_ROMAN: ReadonlyMap<string, number> = new Map(
  Array.from(
    new TextDecoder('macintosh').decode(Uint8Array.from({ length: 128 }, (_, at) => at + 128)),
    (letter, at) => [letter, at + 128],
  ),
);
const CP1252: ReadonlyMap<string, number> = new Map(
  Array.from(
    new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 128 }, (_, at) => at + 128)),
    (letter, at) => [letter, at + 128],
  ),
);

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const singleByte = (text: string, table: ReadonlyMap<string, number>): Uint8Array | null => {
  const bytes: number[] = [];
  for (const letter of text.normalize('NFC')) {
    const code = letter.codePointAt(0) ?? 0;
    const byte = code < 128 ? code : table.get(letter);
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
};

/**
 * The part of a base64 text that depends on `bytes` alone when they stand at `offset` (0, 1, 2) of a group of
 * three: the naive encoding is found at one offset in three only.
 */
export const base64Core = (bytes: Uint8Array, offset: number): string => {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const first = Math.ceil((offset * 8) / 6);
  const bits = (offset + bytes.length) * 8;
  return text.slice(first, Math.floor(bits / 6));
};

const title = (text: string): string =>
  text.replace(/(^|[\s_-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

/** Spellings of one form that raw bytes may hold. Text parts are searched folded; this is for what no decoder opened. */
const spellings = (form: SearchForm): string[] => {
  const base = form.text.trim();
  const plain = base.normalize('NFD').replace(/\p{M}/gu, '');
  const written = new Set([
    base,
    plain,
    base.toUpperCase(),
    base.toLowerCase(),
    plain.toUpperCase(),
    plain.toLowerCase(),
    title(plain.toLowerCase()),
    base.normalize('NFD'),
  ]);
  if (form.kind === 'phone') {
    const d = compactKey(base);
    if (d.length === 10) {
      for (const sep of [' ', '-', '.']) {
        written.add([d.slice(0, 3), d.slice(3, 6), d.slice(6)].join(sep));
        written.add([d.slice(0, 2), d.slice(2, 6), d.slice(6)].join(sep));
        written.add([d.slice(0, 3), d.slice(3, 6), d.slice(6, 8), d.slice(8)].join(sep));
      }
    }
  }
  if (base.includes(' '))
    for (const text of [...written]) for (const sep of ['_', '-', '']) written.add(text.replace(/\s+/g, sep));
  return [...written];
};

const escaped = (text: string, one: (code: number) => string): string =>
  Array.from(text, (letter) => one(letter.codePointAt(0) ?? 0)).join('');
const hex2 = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Every encoding of the list for one spelling; `cased` ones depend on the case of the letters. */
const encodings = (
  text: string,
  plainOnly: boolean,
): [encoding: string, bytes: Uint8Array | null, anyCase: boolean][] => {
  const utf8 = Uint8Array.from(Buffer.from(text, 'utf8'));
  const wide = Uint8Array.from(Buffer.from(text, 'utf16le'));
  const wideBe = Uint8Array.from(utf16be(text));
  const cp1252 = singleByte(text, CP1252);
  const mac = singleByte(text, MAC_ROMAN);
  const out: [string, Uint8Array | null, boolean][] = [
    ['utf-8', utf8, true],
    ['utf-16le', wide, true],
    ['utf-16be', wideBe, true],
    ['windows-1252', cp1252, true],
    ['macintosh', mac, true],
  ];
  if (plainOnly) return out;
  out.push(
    ['hex', ascii(Array.from(utf8, hex2).join('')), true],
    ['hex spaced', ascii(Array.from(utf8, hex2).join(' ')), true],
    ['percent', ascii(Array.from(utf8, (byte) => `%${hex2(byte)}`).join('')), true],
    ['percent', ascii(encodeURIComponent(text)), true],
    [
      'quoted-printable',
      ascii(
        Array.from(utf8, (byte) =>
          byte >= 33 && byte <= 126 && byte !== 61
            ? String.fromCharCode(byte)
            : `=${hex2(byte).toUpperCase()}`,
        ).join(''),
      ),
      true,
    ],
    ['quoted-printable', ascii(Array.from(utf8, (byte) => `=${hex2(byte)}`).join('')), true],
    ['entities', ascii(escaped(text, (code) => `&#${String(code)};`)), true],
    ['entities', ascii(escaped(text, (code) => `&#x${code.toString(16)};`)), true],
    ['json escapes', ascii(escaped(text, (code) => `\\u${code.toString(16).padStart(4, '0')}`)), true],
    ['js escapes', ascii(Array.from(utf8, (byte) => `\\x${hex2(byte)}`).join('')), true],
    [
      'octal',
      ascii(Array.from(cp1252 ?? utf8, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')),
      true,
    ],
    ['hex utf-16be', ascii(Array.from(wideBe, hex2).join('')), true],
  );
  for (const [name, bytes] of [
    ['base64', utf8],
    ['base64 utf-16le', wide],
    ['utf-7', wideBe],
  ] as const) {
    for (let offset = 0; offset < 3; offset += 1) {
      const core = base64Core(bytes, offset);
      out.push([name, ascii(core), false]);
      if (/[+/]/.test(core)) out.push([name, ascii(core.replace(/\+/g, '-').replace(/\//g, '_')), false]);
    }
  }
  return out;
};

/** Byte strings for strong values, in every encoding that is searched. */
export const byteForms = (
  forms: readonly SearchForm[],
  points: readonly KnownPoint[],
  ids: readonly string[],
): ByteForm[] => {
  const out = new Map<string, ByteForm>();
  const add = (encoding: string, bytes: Uint8Array | null, anyCase: boolean, target: ByteTarget): void => {
    if (bytes === null || bytes.length < SHORTEST_PATTERN) return;
    const key = `${anyCase ? Buffer.from(bytes).toString('latin1').toLowerCase() : Buffer.from(bytes).toString('latin1')}|${String(anyCase)}`;
    if (!out.has(key)) out.set(key, { encoding, bytes, anyCase, target });
  };
  for (const form of forms) {
    if (form.strength !== 'strong') continue;
    const target: ByteTarget = { kind: 'form', form };
    // Parts in another order are searched in text; in raw bytes in the plain encodings only.
    for (const text of spellings(form)) {
      for (const [encoding, bytes, anyCase] of encodings(text, form.relation === 'order')) {
        add(encoding, bytes, anyCase, target);
      }
    }
    if (form.kind === 'hash' && /^[0-9a-f]{64}$/.test(form.key)) {
      const bytes = Uint8Array.from(Buffer.from(form.key, 'hex'));
      add('bytes', bytes, false, target);
      for (let offset = 0; offset < 3; offset += 1)
        add('base64', ascii(base64Core(bytes, offset)), false, target);
    }
  }
  for (const point of points) {
    for (const value of [Math.abs(point.latitude), Math.abs(point.longitude)]) {
      const cut = (Math.floor(value * 1000) / 1000).toFixed(3);
      for (const digits of new Set([cut, value.toFixed(3)])) {
        add('utf-8', ascii(digits), true, { kind: 'point', point });
        add('utf-16le', Uint8Array.from(Buffer.from(digits, 'utf16le')), true, { kind: 'point', point });
      }
      // EXIF and MP4 atoms hold doubles and rationals; the double is searched as it stands.
      const double = Buffer.alloc(8);
      double.writeDoubleBE(value);
      add('double', Uint8Array.from(double), false, { kind: 'point', point });
      double.writeDoubleLE(value);
      add('double', Uint8Array.from(double), false, { kind: 'point', point });
    }
  }
  for (const id of ids) {
    const hex = id.replace(/-/g, '').toLowerCase();
    if (!/^[0-9a-f]{32}$/.test(hex)) continue;
    const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
    const target: ByteTarget = { kind: 'id', hex };
    add('bytes', bytes, false, target);
    add('hex', ascii(hex.slice(0, 12)), true, target);
    add('hex', ascii(`${hex.slice(0, 8)}-${hex.slice(8, 12)}`), true, target);
    for (let offset = 0; offset < 3; offset += 1) {
      const core = base64Core(bytes, offset);
      add('base64', ascii(core), false, target);
      add('base64', ascii(core.replace(/\+/g, '-').replace(/\//g, '_')), false, target);
    }
  }
  return [...out.values()];
};
