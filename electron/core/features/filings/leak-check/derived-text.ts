/**
 * Other readings of a text or of bytes: what a person would see after undoing entities, escapes, base64 and
 * the like. Readings are made of readings, a few levels deep, because formats nest (a base64 data URL inside
 * an XML attribute inside JSON).
 */
export interface Reading {
  /** The way from the original to this text, such as `entities > base64 > utf-16le`. Empty: as it stands. */
  readonly encoding: string;
  readonly text: string;
}

const MAX_DEPTH = 4;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00A0',
  shy: '\u00AD',
  aacute: 'á',
  eacute: 'é',
  iacute: 'í',
  oacute: 'ó',
  uacute: 'ú',
  ntilde: 'ñ',
  uuml: 'ü',
  ccedil: 'ç',
  ordf: 'ª',
  ordm: 'º',
  iexcl: '¡',
  iquest: '¿',
  laquo: '«',
  raquo: '»',
  ndash: '–',
  mdash: '—',
  hyphen: '‐',
  num: '#',
  commat: '@',
  period: '.',
  comma: ',',
  sol: '/',
  plus: '+',
  lowbar: '_',
  Tab: '\t',
  NewLine: '\n',
  colon: ':',
  agrave: 'à',
  egrave: 'è',
  igrave: 'ì',
  ograve: 'ò',
  ugrave: 'ù',
  auml: 'ä',
  euml: 'ë',
  iuml: 'ï',
  ouml: 'ö',
};

const utf8 = new TextDecoder('utf-8');
const utf16le = new TextDecoder('utf-16le');
const utf16be = new TextDecoder('utf-16be');
const windows1252 = new TextDecoder('windows-1252');
const macintosh = new TextDecoder('macintosh');

/** Readings of bytes as text. Single-byte tables only where there are bytes beyond ASCII; UTF-16 where there are zeros. */
export const readBytes = (bytes: Uint8Array): Reading[] => {
  let high = 0;
  let zeros = 0;
  for (const byte of bytes) {
    if (byte >= 128) high += 1;
    else if (byte === 0) zeros += 1;
  }
  const readings: Reading[] = [{ encoding: 'utf-8', text: utf8.decode(bytes) }];
  if (high > 0) {
    readings.push({ encoding: 'windows-1252', text: windows1252.decode(bytes) });
    readings.push({ encoding: 'macintosh', text: macintosh.decode(bytes) });
  }
  // Short stretches may be letters of another script, which have no zeros in UTF-16.
  if (zeros > 2 || bytes.length <= 4_096) {
    for (const from of [0, 1]) {
      const even = bytes.subarray(from, from + Math.floor((bytes.length - from) / 2) * 2);
      readings.push({ encoding: 'utf-16le', text: utf16le.decode(even) });
      readings.push({ encoding: 'utf-16be', text: utf16be.decode(even) });
    }
  }
  return readings;
};

/**
 * Whether bytes can be text in any of the tables: mostly printable, or every other byte a zero. Font programs
 * and pixels are not; they are searched by the byte scanner and for their strings.
 */
export const looksLikeText = (bytes: Uint8Array): boolean => {
  let printable = 0;
  let zeros = 0;
  for (const byte of bytes) {
    if (byte === 0) zeros += 1;
    else if ((byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13) || byte >= 128) printable += 1;
  }
  const high = bytes.length - zeros;
  if (zeros > bytes.length * 0.35 && zeros < bytes.length * 0.65) return printable >= high * 0.9;
  return zeros < bytes.length * 0.02 && printable >= bytes.length * 0.95 && asciiShare(bytes) >= 0.5;
};

const asciiShare = (bytes: Uint8Array): number => {
  let ascii = 0;
  for (const byte of bytes) if ((byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13)) ascii += 1;
  return ascii / bytes.length;
};

const codePoint = (code: number): string =>
  code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '';
/** Halves of surrogate pairs stand apart in JSON; together they are a letter again. */
const codeUnit = (code: number): string => (code > 0 ? String.fromCharCode(code) : '');

const entities = (text: string): string =>
  text.includes('&')
    ? text.replace(
        /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));?/g,
        (whole, dec: string | undefined, hex: string | undefined, name: string | undefined) =>
          dec !== undefined
            ? codePoint(Number(dec))
            : hex !== undefined
              ? codePoint(parseInt(hex, 16))
              : (NAMED[name ?? ''] ?? NAMED[(name ?? '').toLowerCase()] ?? whole),
      )
    : text;

const bytesOfHexPairs = (pairs: string): Uint8Array => Uint8Array.from(Buffer.from(pairs, 'hex'));

/** Replaces stretches of escaped bytes by their text, read in whatever way gives whole characters. */
const decodeStretch = (bytes: Uint8Array): string => {
  const asUtf8 = utf8.decode(bytes);
  return asUtf8.includes('\uFFFD') ? windows1252.decode(bytes) : asUtf8;
};

const percent = (text: string): string =>
  text.includes('%')
    ? text
        .replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => decodeStretch(bytesOfHexPairs(run.replace(/%/g, ''))))
        .replace(/%u([0-9a-fA-F]{4})/g, (_, hex: string) => codePoint(parseInt(hex, 16)))
    : text;

const plusAsSpace = (text: string): string =>
  /[A-Za-z0-9]\+[A-Za-z0-9%]/.test(text) ? text.replace(/\+/g, ' ') : text;

const quotedPrintable = (text: string): string =>
  /=(?:[0-9a-fA-F]{2}|\r?\n)/.test(text)
    ? text
        .replace(/=[ \t]*\r?\n/g, '')
        .replace(/(?:=[0-9a-fA-F]{2})+/g, (run) => decodeStretch(bytesOfHexPairs(run.replace(/=/g, ''))))
    : text;

const escapes = (text: string): string => {
  if (!text.includes('\\')) return text;
  return text
    .replace(/\\\r?\n/g, '')
    .replace(
      /\\u\{([0-9a-fA-F]{1,6})\}|\\[uU]([0-9a-fA-F]{4})/g,
      (_, braced: string | undefined, four: string | undefined) =>
        braced === undefined ? codeUnit(parseInt(four ?? '0', 16)) : codePoint(parseInt(braced, 16)),
    )
    .replace(/(?:\\x[0-9a-fA-F]{2})+/g, (run) => decodeStretch(bytesOfHexPairs(run.replace(/\\x/g, ''))))
    .replace(/(?:\\'[0-9a-fA-F]{2})+/g, (run) => decodeStretch(bytesOfHexPairs(run.replace(/\\'/g, ''))))
    .replace(/(?:\\[0-3]?[0-7]{2,3})+/g, (run) =>
      decodeStretch(Uint8Array.from(run.split('\\').slice(1), (octal) => parseInt(octal, 8) & 0xff)),
    )
    .replace(/\\([nrtbf])/g, ' ')
    .replace(/\\(.)/g, '$1');
};

const utf7 = (text: string): string =>
  text.includes('+')
    ? text.replace(/\+([A-Za-z0-9+/]{2,})-?/g, (whole, run: string) => {
        const bytes = Buffer.from(run, 'base64');
        if (bytes.length < 2) return whole;
        return utf16be.decode(bytes.subarray(0, bytes.length - (bytes.length % 2)));
      })
    : text;

const withoutTags =
  (between: string) =>
  (text: string): string =>
    /<[A-Za-z/!?]/.test(text) ? text.replace(/<[^<>]{0,4000}>/g, between) : text;

/** Attribute values and other things inside tags, one a line. */
const insideTags = (text: string): string =>
  /<[A-Za-z]/.test(text)
    ? [...text.matchAll(/=\s*(?:"([^"]*)"|'([^']*)')/g)]
        .map((match) => match[1] ?? match[2] ?? '')
        .join('\n') || text
    : text;

/** Strings of PDF content (`[(Mari)-20(sela)] TJ`), joined in the order they are shown. */
const pdfStrings = (text: string): string => {
  if (!/T[Jj]\b/.test(text)) return text;
  return [...text.matchAll(/\(((?:\\[\s\S]|[^\\()])*)\)|<([0-9a-fA-F\s]{2,})>|(T[*dDmJj]|')/g)]
    .map((match) => {
      if (match[1] !== undefined) return match[1];
      if (match[2] === undefined) return match[3] === 'TJ' || match[3] === 'Tj' ? '' : '\n';
      const bytes = bytesOfHexPairs(match[2].replace(/\s/g, ''));
      return bytes.length > 1 && bytes[0] === 0
        ? utf16be.decode(bytes.subarray(0, bytes.length - (bytes.length % 2)))
        : windows1252.decode(bytes);
    })
    .join('');
};

const TEXT_LAYERS: readonly (readonly [string, (text: string) => string])[] = [
  ['entities', entities],
  ['percent', percent],
  ['form', plusAsSpace],
  ['quoted-printable', quotedPrintable],
  ['escapes', escapes],
  ['utf-7', utf7],
  ['tags joined', withoutTags('')],
  ['tags apart', withoutTags(' ')],
  ['attributes', insideTags],
  ['pdf strings', pdfStrings],
];

const HEX_RUN = /(?:[0-9a-fA-F]{2}[\s:,.-]{0,2}){5,}[0-9a-fA-F]{2}|(?:0x[0-9a-fA-F]{2}[\s,;]*){6,}/g;
const BASE64_RUN =
  /(?:(?:[A-Za-z0-9+/_-]{12,}[ \t]*\r?\n[ \t]*)+[A-Za-z0-9+/_-]+|[A-Za-z0-9+/_-]{8,})={0,2}/g;

const readable = (bytes: Uint8Array): boolean => {
  let good = 0;
  for (const byte of bytes)
    if ((byte >= 32 && byte < 127) || byte >= 128 || byte === 0 || byte === 10) good += 1;
  return good >= bytes.length * 0.85;
};

/** Bytes behind the base64 stretches of a text, each tried at four beginnings. */
export const base64Runs = (text: string): Uint8Array[] =>
  [...text.matchAll(BASE64_RUN)].flatMap((match) => {
    const run = match[0].replace(/\s/g, '').replace(/-/g, '+').replace(/_/g, '/');
    return [0, 1, 2, 3].map((skip) => Uint8Array.from(Buffer.from(run.slice(skip), 'base64')));
  });

const byteRuns = (text: string): [string, Uint8Array][] => {
  const runs: [string, Uint8Array][] = [];
  for (const match of text.matchAll(HEX_RUN)) {
    const pairs = match[0].replace(/0x/g, '').replace(/[^0-9a-fA-F]/g, '');
    runs.push(['hex', bytesOfHexPairs(pairs.length % 2 === 0 ? pairs : pairs.slice(0, -1))]);
  }
  for (const match of text.matchAll(BASE64_RUN)) {
    const run = match[0].replace(/\s/g, '').replace(/-/g, '+').replace(/_/g, '/');
    // The run may begin with letters of something else; a short one is tried at each of four beginnings.
    for (let skip = 0; skip < (run.length < 4_096 ? 4 : 1); skip += 1) {
      const bytes = Uint8Array.from(Buffer.from(run.slice(skip), 'base64'));
      if (bytes.length >= 5 && (run.length >= 16 || readable(bytes))) runs.push(['base64', bytes]);
    }
  }
  return runs;
};

/**
 * All readings of a text: itself first, then what undoing each layer gives, up to four layers deep. Equal
 * readings are given once. The total is bounded by `maxChars`; `truncated` says that the bound was reached.
 */
export const readText = (original: string, maxChars: number): { readings: Reading[]; truncated: boolean } => {
  const readings: Reading[] = [{ encoding: '', text: original }];
  const seen = new Set<string>([original]);
  let used = original.length;
  let truncated = false;
  const queue: { reading: Reading; depth: number }[] = [
    { reading: { encoding: '', text: original }, depth: 0 },
  ];
  const add = (from: Reading, layer: string, text: string, depth: number): void => {
    if (text.length < 2 || seen.has(text)) return;
    if (used + text.length > maxChars) {
      truncated = true;
      return;
    }
    used += text.length;
    seen.add(text);
    const reading = { encoding: from.encoding === '' ? layer : `${from.encoding} > ${layer}`, text };
    readings.push(reading);
    if (depth < MAX_DEPTH) queue.push({ reading, depth });
  };
  for (let head = 0; head < queue.length; head += 1) {
    const item = queue[head];
    if (item === undefined) break;
    const { reading, depth } = item;
    for (const [layer, undo] of TEXT_LAYERS) {
      const text = undo(reading.text);
      if (text !== reading.text) add(reading, layer, text, depth + 1);
    }
    // Small runs are joined into one reading per kind and table, so that a page of words costs little.
    const joined = new Map<string, string[]>();
    for (const [layer, bytes] of byteRuns(reading.text)) {
      for (const read of readBytes(bytes)) {
        const name = `${layer} > ${read.encoding}`;
        const list = joined.get(name) ?? [];
        list.push(read.text);
        joined.set(name, list);
      }
    }
    for (const [layer, texts] of joined) add(reading, layer, texts.join('\n'), depth + 1);
  }
  return { readings, truncated };
};

const PRINTABLE = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9 ? 1 : 0,
);
const SHORTEST_STRING = 12;

/** Stretches of twelve or more printable ASCII bytes: what a large binary says in letters. */
export const asciiStrings = (bytes: Uint8Array, emit: (text: string) => void): void => {
  let at = 0;
  while (at + SHORTEST_STRING <= bytes.length) {
    // Looking at the end of the window first: in a binary most windows fall with one look.
    let back = SHORTEST_STRING - 1;
    while (back >= 0 && PRINTABLE[bytes[at + back] as number] === 1) back -= 1;
    if (back >= 0) {
      at += back + 1;
      continue;
    }
    let end = at + SHORTEST_STRING;
    while (end < bytes.length && PRINTABLE[bytes[end] as number] === 1) end += 1;
    emit(Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('latin1'));
    at = end;
  }
};
