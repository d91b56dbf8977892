import { domainToASCII } from 'node:url';
import { withoutEnd } from './trim-ends.ts';

/** A link or host as an examiner reads it. */
export interface StrictUrl {
  /** ASCII host, lower case, no trailing dot; for an address its text without brackets. */
  readonly host: string;
  /** Host, path and query in one form for comparing whole links: no scheme, user, default port or fragment. */
  readonly normal: string;
  /** Links that stand inside this one's path, query or fragment. */
  readonly nested: readonly string[];
}

const DEFANGED: readonly (readonly [RegExp, string])[] = [
  [/^(\s*)h(?:xx|\*\*|__)p/giu, '$1http'],
  [/\[(?:\.|dot)\]|\((?:\.|dot)\)|\{(?:\.|dot)\}/giu, '.'],
  [/\[:\]/gu, ':'],
  [/\[:\/\/\]|\[\/\/\]/gu, '://'],
  [/\[\/\]/gu, '/'],
  [/\[(?:@|at)\]/giu, '@'],
];

/** Turns the usual ways of making a link harmless back into the link, for comparing only. */
export function refang(text: string): string {
  let plain = text.trim();
  if (/[[({]|h(?:xx|\*\*|__)p/iu.test(plain))
    for (const [form, back] of DEFANGED) plain = plain.replaceAll(form, back);
  return plain;
}

/** Folder names of WebKit's storage, `https_host_0`. */
const STORAGE_FOLDER = /^(https?)_([^/]+?)_(\d+)(?:\.localstorage)?$/iu;
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//iu;
const NESTED = /https?(?::\/\/|%3a%2f%2f|%253a%252f%252f)[^\s"'<>]+/giu;
const MAX_DECODINGS = 3;
const MAX_NESTED = 16;

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

/** ASCII form of a host after percent-decoding and IDNA, or null where it is none. */
export function normalHost(raw: string): string | null {
  const decoded = decodePercent(raw).trim();
  const bare = decoded.startsWith('[')
    ? decoded.slice(1, decoded.indexOf(']') === -1 ? undefined : decoded.indexOf(']'))
    : decoded;
  if (bare === '' || /[\s/?#@\\]/u.test(bare)) return null;
  if (bare.includes(':')) return bare.toLowerCase();
  // Plain ASCII hosts need no IDNA; underscores in them are not valid there but occur.
  const plain =
    /^[\x21-\x7e]+$/u.test(bare) && !/xn--/iu.test(bare) ? bare.toLowerCase() : domainToASCII(bare);
  const host = withoutEnd(plain, '.');
  return host === '' ? null : host;
}

const isDefaultPort = (scheme: string, port: string): boolean =>
  port === '' || (scheme === 'http' && port === '80') || (scheme === 'https' && port === '443');

/** Reads a link; gives null where no host can be made out. */
export function readStrictUrl(observed: string): StrictUrl | null {
  const plain = refang(observed);
  const folder = STORAGE_FOLDER.exec(plain);
  const text =
    folder === null ? plain.replaceAll(/[\t\r\n]/gu, '') : `${folder[1] ?? ''}://${folder[2] ?? ''}/`;
  const scheme = SCHEME.exec(text);
  if (scheme === null && /^[a-z][a-z0-9+.-]*:(?!\d)/iu.test(text)) return null;
  const rest = scheme === null ? text.replace(/^\/\//u, '') : text.slice(scheme[0].length);
  const end = rest.search(/[/?#\\]/u);
  const location = end === -1 ? rest : rest.slice(0, end);
  const tail = end === -1 ? '' : rest.slice(end).replaceAll('\\', '/');
  const server = location.slice(location.lastIndexOf('@') + 1);
  const portAt = /:(\d*)$/u.exec(server);
  const isBareV6 = server.split(':').length > 2 && !server.startsWith('[');
  const port = portAt === null || isBareV6 ? '' : (portAt[1] ?? '');
  const rawHost = portAt === null || isBareV6 ? server : server.slice(0, portAt.index);
  const host = normalHost(rawHost);
  if (host === null) return null;
  const schemeName = (scheme?.[0] ?? 'https://').slice(0, -3).toLowerCase();
  const shownPort = isDefaultPort(schemeName, port) ? '' : `:${port}`;
  const hash = tail.indexOf('#');
  const path = hash === -1 ? tail : tail.slice(0, hash);
  return {
    host,
    normal: `${host}${shownPort}${path === '' ? '/' : path}`,
    nested: [...tail.matchAll(NESTED)].slice(0, MAX_NESTED).map((match) => decodePercent(match[0])),
  };
}
