import { suffixList } from './suffix-list.ts';
import { withoutEnd } from './trim-ends.ts';

const SUFFIX_OPTIONS = {
  allowPrivateDomains: true,
  extractHostname: false,
  validateHostname: false,
} as const;

const MAX_LABEL_CHARS = 63;
const MAX_KNOWN_LABELS = 20_000;

/** Top-level labels that are in the public suffix list, looked up once each. */
const knownTopLabels = new Map<string, boolean>();

/** Whether a last label (lower case) is in the public suffix list. */
export const isListedTop = (label: string): boolean => {
  if (label.length > MAX_LABEL_CHARS) return false;
  let known = knownTopLabels.get(label);
  if (known === undefined) {
    const found = suffixList().parse(`x.${label}`, SUFFIX_OPTIONS);
    known = found.isIcann === true || found.isPrivate === true;
    // Hosts come from devices: a file full of invented ones must not fill the memory.
    if (knownTopLabels.size >= MAX_KNOWN_LABELS) knownTopLabels.clear();
    knownTopLabels.set(label, known);
  }
  return known;
};

/** Registrable domain of a host under the public suffix list with its private part; a suffix stands for itself. */
export function registrableDomain(host: string): string | null {
  const found = suffixList().parse(host, SUFFIX_OPTIONS);
  if (found.isIcann !== true && found.isPrivate !== true) return null;
  return found.domain ?? found.publicSuffix;
}

export interface MvtUrl {
  /** Network location with user and port, lower case, leading run of `w` and `.` taken off. */
  readonly domain: string;
  /** Host alone, lower case, trailing dots taken off. */
  readonly host: string;
  /** Path part, for the one exception that the shorteners have. */
  readonly path: string;
}

const SCHEMES = ['//', 'http://', 'https://'] as const;
const BRACKETED = /^(?:[^@]*@)?\[([^\]]*)\](?::|$)/u;

/** Whether a bracketed host is an address, in the form that the reference accepts (version 6, or a future version). */
const isBracketAddress = (inside: string): boolean =>
  /^v[0-9a-f]+\..+$/iu.test(inside) || /^[0-9a-f:.]+(?:%.*)?$/iu.test(inside);

function splitLocation(url: string): { netloc: string; path: string } | null {
  let rest = url;
  const colon = rest.indexOf(':');
  if (!rest.startsWith('//')) {
    if (colon <= 0) return null;
    rest = rest.slice(colon + 1);
  }
  if (!rest.startsWith('//')) return null;
  let end = 2;
  while (end < rest.length) {
    const unit = rest.charCodeAt(end);
    if (unit === 47 || unit === 63 || unit === 35) break;
    end += 1;
  }
  return { netloc: rest.slice(2, end), path: rest.slice(end) };
}

const isAscii = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return false;
  return true;
};

/** Full-width and compatibility forms of URL delimiters are refused, as they would move the border of the host. */
function hidesDelimiter(netloc: string): boolean {
  if (isAscii(netloc)) return false;
  const bare = netloc.replaceAll(/[@:#?]/gu, '');
  const folded = bare.normalize('NFKC');
  return folded !== bare && /[/?#@:]/u.test(folded);
}

/**
 * Reads a URL the way the reference reads it, oddities included, so that answers agree. Gives null where the
 * reference cannot read it: no host, an address, an unlisted top-level domain, another scheme.
 */
export function readMvtUrl(given: string): MvtUrl | null {
  const fixed = SCHEMES.some((scheme) => given.startsWith(scheme)) ? given : `https://${given}`;
  const url = fixed.replaceAll(/[\t\r\n]/gu, '');
  const split = splitLocation(url);
  if (split === null) return null;
  const { netloc, path } = split;
  if (netloc.includes('[') !== netloc.includes(']')) return null;
  if (netloc.includes('[')) {
    const inside = BRACKETED.exec(netloc)?.[1];
    if (inside === undefined || !isBracketAddress(inside)) return null;
  }
  if (hidesDelimiter(netloc)) return null;
  const afterUser = netloc.slice(netloc.lastIndexOf('@') + 1);
  const colon = afterUser.indexOf(':');
  const host = withoutEnd((colon === -1 ? afterUser : afterUser.slice(0, colon)).toLowerCase(), '.');
  if (host === '') return null;
  const lastDot = host.lastIndexOf('.');
  if (!isListedTop(host.slice(lastDot + 1))) return null;
  return { domain: netloc.toLowerCase().replace(/^[w.]+/u, ''), host, path };
}
