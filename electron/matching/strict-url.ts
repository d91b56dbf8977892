import { domainToASCII } from 'node:url';
import { addressText, readHostAddress } from './addresses.ts';
import { normalTail } from './link-path.ts';
import { withoutEnd } from './trim-ends.ts';

/** A link or host as an examiner reads it. */
export interface StrictUrl {
  /** ASCII host, lower case, no trailing dot; of an address its usual notation, without brackets. */
  readonly host: string;
  /** Host, path and query in one form for comparing whole links: no scheme, user, default port or fragment. */
  readonly normal: string;
}

const DEFANGED: readonly (readonly [RegExp, string])[] = [
  [/^(\s*)h(?:xx|\*\*|__)p/giu, '$1http'],
  [/\[(?:\.|dot)\]|\((?:\.|dot)\)|\{(?:\.|dot)\}/giu, '.'],
  [/\[:\]/gu, ':'],
  [/\[:\/\/\]|\[\/\/\]/gu, '://'],
  [/\[\/\]/gu, '/'],
  [/\[(?:@|at)\]/giu, '@'],
];

/** What stands around a link without being seen: spaces, control characters, and signs that only direct the text. */
const UNSEEN = /^[\s\p{Cc}\p{Cf}]$/u;

function withoutUnseenEnds(text: string): string {
  let from = 0;
  let end = text.length;
  while (from < end && UNSEEN.test(text[from] ?? '')) from += 1;
  while (end > from && UNSEEN.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(from, end);
}

/** Turns the usual ways of making a link harmless back into the link, for comparing only. */
export function refang(text: string): string {
  let plain = withoutUnseenEnds(text);
  if (/[[({]|h(?:xx|\*\*|__)p/iu.test(plain))
    for (const [form, back] of DEFANGED) plain = plain.replaceAll(form, back);
  return plain;
}

/** Folder names of WebKit's storage, `https_host_0`. */
const STORAGE_FOLDER = /^(https?)_([^/]+?)_(\d+)(?:\.localstorage)?$/iu;
const SCHEME = /^([a-z][a-z0-9+.-]*):/iu;
/** Schemes behind which browsers read a host whatever slashes there are, in either direction. */
const SPECIAL: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss', 'ftp']);
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', ws: '80', https: '443', wss: '443' };
const PLAIN_HOST = /^[A-Za-z\d_.-]+$/u;
const MAX_DECODINGS = 3;

const decodePercent = (text: string): string => {
  let plain = text;
  for (let turn = 0; turn < MAX_DECODINGS && plain.includes('%'); turn += 1) {
    const next = plain.replaceAll(/(?:%[0-9a-f]{2})+/giu, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return run;
      }
    });
    if (next === plain) break;
    plain = next;
  }
  return plain;
};

/** Every full stop that IDNA reads as a border between labels. */
const LABEL_BORDER = /[.\u3002\uFF0E\uFF61]/u;

/** Units of a host that IDNA reads in one piece, and of one label: no name has labels of more than 63 signs. */
const MAX_IDNA_CHARS = 128;
/** Units of a longer host that are read, from its end: no name is longer than 253 octets. */
const MAX_HOST_CHARS = 1_000;
/** Signs that IDNA leaves out, so that any number of them may stand in a name. */
const LEFT_OUT =
  /\u00AD|\u034F|[\u180B-\u180D]|\u180F|\u200B|\u2060|\u2064|[\uFE00-\uFE0F]|\uFEFF|[\u{1BCA0}-\u{1BCA3}]|[\u{E0100}-\u{E01EF}]/gu;

const asciiLabel = (label: string): string =>
  (label.length > MAX_IDNA_CHARS ? '' : domainToASCII(label)) || label.toLowerCase();

const labelsToASCII = (host: string): string => host.split(LABEL_BORDER).map(asciiLabel).join('.');

/**
 * ASCII form of a host by IDNA. One label that IDNA refuses (`xn--a`) must not hide the others: whoever holds a
 * domain may put any label before it, and name servers and phones follow such links. So where the whole is refused
 * each label is read on its own, and a refused one stays as it was written.
 */
function asciiHost(host: string): string {
  if (host.length > MAX_IDNA_CHARS) return longHost(host);
  return domainToASCII(host) || labelsToASCII(host);
}

/**
 * The same of a host that may be as long as a text: IDNA takes the square of the length of a label. Of more than any
 * name has, its end is read, behind an empty label that stands for what lies before.
 */
function longHost(host: string): string {
  const shown = host.replaceAll(LEFT_OUT, '');
  if (shown.length <= MAX_HOST_CHARS) return labelsToASCII(shown);
  const near = shown.slice(-MAX_HOST_CHARS);
  const border = near.search(LABEL_BORDER);
  return border === -1 ? shown.toLowerCase() : `.${labelsToASCII(near.slice(border + 1))}`;
}

/** ASCII form of a host after percent-decoding and IDNA, or null where it is none. */
export function normalHost(raw: string): string | null {
  // Nearly every host: nothing to decode, and nothing that IDNA would change.
  if (PLAIN_HOST.test(raw) && !raw.includes('--')) {
    const host = withoutEnd(raw.toLowerCase(), '.');
    return host === '' ? null : host;
  }
  const decoded = decodePercent(raw).trim();
  const bare = decoded.startsWith('[')
    ? decoded.slice(1, decoded.indexOf(']') === -1 ? undefined : decoded.indexOf(']'))
    : decoded;
  if (bare === '' || /[\s/?#@\\]/u.test(bare)) return null;
  if (bare.includes(':')) return bare.toLowerCase();
  // Plain ASCII hosts need no IDNA; underscores in them are not valid there but occur.
  const plain = /^[\x21-\x7e]+$/u.test(bare) && !/xn--/iu.test(bare) ? bare.toLowerCase() : asciiHost(bare);
  const host = withoutEnd(plain, '.');
  return host === '' ? null : host;
}

/** A host with its port as the form of a whole link has it: nothing, or a colon and digits. */
export interface Server {
  readonly host: string;
  readonly port: string;
}

/**
 * Reads what stands between the slashes and the path of a link, without its user; null where that is no host.
 *
 * @param named whether the text says that it is a link. A number alone is an address only in one that does.
 */
export function readServer(server: string, scheme: string, named: boolean): Server | null {
  // Within the brackets of an address, closed or cut off, there is no port.
  const inBrackets = server.startsWith('[') && !/\]:\d*$/u.test(server);
  const portAt = server.includes(':') && !inBrackets ? /:(\d*)$/u.exec(server) : null;
  const isBareV6 = portAt !== null && !server.startsWith('[') && server.indexOf(':') !== portAt.index;
  const port = portAt === null || isBareV6 ? '' : (portAt[1] ?? '');
  const host = normalHost(portAt === null || isBareV6 ? server : server.slice(0, portAt.index));
  if (host === null) return null;
  const address = named || host.includes(':') ? readHostAddress(host) : null;
  return {
    host: address === null ? host : addressText(address),
    port: port === '' || port === DEFAULT_PORTS[scheme] ? '' : `:${port}`,
  };
}

/** A link as it stands, and where its host and what comes behind it begin. */
export interface LinkText {
  readonly text: string;
  /** In small letters; a link without one is taken for `https`. */
  readonly scheme: string;
  /** Whether the text says that it is a link, by a scheme or two slashes. */
  readonly named: boolean;
  /** Beginning of the user or host, and its end; -1 where the scheme has no host behind it. */
  readonly from: number;
  readonly end: number;
}

const SLASH = 47;
const BACKSLASH = 92;
const isSlash = (unit: number): boolean => unit === SLASH || unit === BACKSLASH;

/** Behind all slashes at a place, in either direction. */
export function behindSlashes(text: string, from: number): number {
  let at = from;
  while (isSlash(text.charCodeAt(at))) at += 1;
  return at;
}

/** Takes a text apart as browsers do, without judging whether its host is one. */
export function takeApart(observed: string): LinkText {
  const plain = refang(observed);
  const folder = plain.startsWith('_', 4) || plain.startsWith('_', 5) ? STORAGE_FOLDER.exec(plain) : null;
  const text = folder === null ? withoutLineEnds(plain) : `${folder[1] ?? ''}://${folder[2] ?? ''}/`;
  const found = SCHEME.exec(text);
  const scheme = found?.[1]?.toLowerCase() ?? '';
  const behind = found?.[0].length ?? 0;
  if (SPECIAL.has(scheme)) return linkAt(text, scheme, true, behindSlashes(text, behind));
  if (found !== null && text.startsWith('//', behind)) return linkAt(text, scheme, true, behind + 2);
  // A host with a port looks like a scheme; one with a dot may have left its port out. What only begins with a digit
  // is no port: `mailto:123@` has a user there.
  if (found !== null && !startsWithPort(text, behind) && !isHostWithColon(text, scheme, behind))
    return { text, scheme, named: false, from: -1, end: -1 };
  return text.startsWith('//') ? linkAt(text, 'https', true, 2) : linkAt(text, 'https', false, 0);
}

const PORT = /\d+(?=[/?#\\]|$)/uy;

const startsWithPort = (text: string, from: number): boolean => {
  PORT.lastIndex = from;
  return PORT.test(text);
};

const isHostWithColon = (text: string, scheme: string, behind: number): boolean =>
  scheme.includes('.') && (behind === text.length || '/?#\\'.includes(text[behind] ?? ''));

function linkAt(text: string, scheme: string, named: boolean, from: number): LinkText {
  const length = text.slice(from).search(/[/?#\\]/u);
  return { text, scheme, named, from, end: length === -1 ? text.length : from + length };
}

/** Reads a link; gives null where no host can be made out. */
export function readStrictUrl(observed: string): StrictUrl | null {
  const { text, scheme, named, from, end } = takeApart(observed);
  if (from === -1) return null;
  const location = text.slice(from, end);
  const server = readServer(location.slice(location.lastIndexOf('@') + 1), scheme, named);
  if (server === null) return null;
  return { host: server.host, normal: `${server.host}${server.port}${normalTail(text.slice(end))}` };
}

const withoutLineEnds = (text: string): string =>
  /[\t\r\n]/u.test(text) ? text.replaceAll(/[\t\r\n]/gu, '') : text;
